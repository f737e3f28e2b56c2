"""What happened to the approved works of the samples: reports with evidence, confirmations, requests, conclusions."""

import struct
import zlib
from datetime import date, timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from models_registry.models import WorkItem
from organizations.models import Post
from portal.samples.calendar import instant
from portal.samples.people import People
from progress.lifecycle import Confirmer, ItemStep
from progress.queries.authority import authority_over
from progress.services import ask_change, decide_request, record_check, report_completion, take_item_step
from progress.services.reporting import Claim


class Doing:
    def __init__(self, people: People):
        self.people = people
        self.codes = {unit.pk: code for code, unit in people.units.items()}

    def report(self, item: WorkItem, on: date) -> None:
        """Report a work done on a day, with evidence, the day after."""
        item = self._fresh(item)
        claim = Claim(
            completed_on=on,
            result=f"Đã hoàn thành: {item.expected_result}",
            value=item.expected_value,
            measure=item.measure,
            files=[SimpleUploadedFile("minh-chung.png", picture(), "image/png")],
        )
        report_completion(item.pk, claim, by=self._secretary(item), at=instant(on + timedelta(days=1), 8))

    def complete(self, item: WorkItem, on: date) -> None:
        """Report a work and have it confirmed by whoever confirms it."""
        self.report(item, on)
        at = instant(on + timedelta(days=1), 15)
        take_item_step(item.pk, ItemStep.CONFIRM, by=self._confirmer(self._fresh(item), at), at=at)

    def check(self, item: WorkItem, quarter: int, on: date, *, passed: bool) -> None:
        """Record the check of one quarter of an ongoing work, by whoever confirms it."""
        at = instant(on, 10)
        verdict, remark = ("passed", "") if passed else ("failed", "Hai tháng liền chưa thấy làm, sổ ghi còn trống.")
        record_check(item.pk, quarter, verdict=verdict, remark=remark, by=self._confirmer(self._fresh(item), at), at=at)

    def change(self, item: WorkItem, kind: str, on: date, reason: str, **asked) -> None:
        """Ask for a change and have the board head grant it."""
        request = ask_change(item.pk, kind, by=self._secretary(item), at=instant(on, 8), reason=reason, **asked)
        head = self.people.acting("head", self.people.board_of(item.unit).code)
        decide_request(request.pk, grant=True, by=head, at=instant(on, 16))

    def conclude(self, item: WorkItem, step: str, on: date, reason: str, **more) -> None:
        """Conclude a work after its year as not completed."""
        at = instant(on, 9)
        superior = self._acting(authority_over(item, at).superior, item)
        take_item_step(item.pk, step, by=superior, at=at, reason=reason, **more)

    def _fresh(self, item: WorkItem) -> WorkItem:
        return WorkItem.objects.select_related("unit", "measure").get(pk=item.pk)

    def _secretary(self, item: WorkItem):
        return self.people.acting("secretary", self.codes[item.unit_id])

    def _confirmer(self, item: WorkItem, at):
        return self._acting(authority_over(item, at).confirmer, item)

    def _acting(self, confirmer: Confirmer, item: WorkItem):
        if confirmer is Confirmer.CELL:
            has_deputy = Post.objects.filter(role="deputy", unit=item.unit_id).exists()
            return self.people.acting("deputy" if has_deputy else "secretary", self.codes[item.unit_id])
        if confirmer is Confirmer.COMMITTEE:
            above = Post.objects.filter(role="committee", unit__in=item.unit.ancestor_ids).select_related("unit")
            return self.people.acting("committee", max(above, key=lambda post: len(post.unit.path)).unit.code)
        return self.people.acting("head", self.people.board_of(item.unit).code)


def picture(width: int = 320, height: int = 200) -> bytes:
    """Return a plain PNG: samples show that evidence is kept, not what it looks like."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    line = b"\0" + b"\x8b\x1a\x1a" * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(line * height))
        + chunk(b"IEND", b"")
    )
