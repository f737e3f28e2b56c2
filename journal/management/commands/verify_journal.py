"""manage.py verify_journal: is the journal what was written?"""

import re

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone
from django.utils.translation import gettext as _

from journal.chain import Break, verify
from journal.management.progress_bar import ProgressBar
from journal.models import Link
from journal.services import chain_events, known_heads
from vietnamese.display import number_text

HEAD = re.compile(r"(\d{1,18}):([0-9a-f]{64})")


class Command(BaseCommand):
    help = (
        "Kiểm tra chuỗi băm của nhật ký, nêu dòng đầu tiên bị sửa, xóa, chèn hoặc đổi chỗ (mã thoát khác 0), "
        "rồi nối tiếp những sự kiện vừa ghi và in đầu nhật ký."
    )

    def add_arguments(self, parser):
        parser.add_argument(
            "--expect",
            action="append",
            default=[],
            metavar="POSITION:HASH",
            help="đầu nhật ký đã ghi lại lần trước; có thể nêu nhiều lần",
        )

    def handle(self, *args, **options):
        at = timezone.now()
        heads = known_heads(_head(text) for text in options["expect"])
        walk, broken = verify(at=at, heads=heads, progress=ProgressBar(self.stderr, _("Kiểm tra nhật ký")))
        if broken:
            raise CommandError(f"{_sentence(broken)}\n{_held(walk)}")
        linked = chain_events(at=at, everything=True)
        said = {"count": number_text(walk.position), "linked": number_text(linked), "heads": number_text(len(heads))}
        self.stdout.write(
            _("Nhật ký nguyên vẹn: %(count)s sự kiện đã nối, %(linked)s vừa nối thêm, khớp %(heads)s đầu đã ghi.")
            % said
        )
        self.stdout.write(_("Đầu nhật ký: %(head)s") % {"head": Link.objects.last() or "0"})


def _head(text: str) -> str:
    if not (found := HEAD.fullmatch(text.strip().lower())):
        raise CommandError(_("“%(text)s” không phải một đầu nhật ký: VỊ TRÍ:GIÁ TRỊ BĂM.") % {"text": text})
    return found[0]


def _sentence(broken: Break) -> str:
    if broken.event is None:
        return _("Dòng sai đầu tiên: vị trí %(position)s %(harm)s.") % {
            "position": broken.position,
            "harm": broken.harm.label,
        }
    if broken.position is None:
        return _("Dòng sai đầu tiên: sự kiện số %(event)s %(harm)s.") % {
            "event": broken.event,
            "harm": broken.harm.label,
        }
    return _("Dòng sai đầu tiên: vị trí %(position)s, sự kiện số %(event)s %(harm)s.") % {
        "position": broken.position,
        "event": broken.event,
        "harm": broken.harm.label,
    }


def _held(walk) -> str:
    return _("Còn nguyên vẹn đến %(head)s.") % {"head": f"{walk.position}:{walk.hash}"}
