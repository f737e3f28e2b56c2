"""The closing room: what has come in of a tree's quarter, and what must be settled before its closing instant.

Every line is a set of rows: its number is their count, and the list it opens is those very rows.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from django.db.models import Q, QuerySet
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy

from completion import bulk
from completion.models import Correction, FrozenUnit, Revision
from completion.quarters import Quarter
from completion.tree import frozen_tree
from journal.awaiting import counted_together
from models_registry.lifecycle import ItemState
from models_registry.models import Obligation, WorkItem
from organizations.models import Unit
from organizations.paths import path_end
from progress.models import ChangeRequest
from progress.queries.checks import owing_check


@dataclass(frozen=True)
class Room:
    """One tree and quarter, as its lines are asked of."""

    root: Unit
    quarter: Quarter
    revision: Revision | None
    at: datetime

    @cached_property
    def waiting(self) -> set[int]:
        """Ended units whose works nobody has taken over; one query, two more where some still hold any."""
        ended = Unit.objects.filter(self.below(""), valid_to__lt=self.quarter.end_day)
        held = set(ended.filter(items__year=self.quarter.year).order_by().values_list("pk", flat=True))
        if not held:
            return held
        tree = frozen_tree(self.root.pk, self.quarter.end_day, self.at, named=False)
        return {unit for unit in held if unit in tree.homes and tree.waits(unit)}

    def below(self, column: str = "unit") -> Q:
        """Rows whose unit lies in the tree."""
        path, name = self.root.path, f"{column}__path" if column else "path"
        return Q(**{f"{name}__gte": path, f"{name}__lt": path_end(path)})

    @property
    def works(self) -> QuerySet:
        """Works of the year counted in the quarter, in the tree, as they stand today."""
        counted = WorkItem.objects.filter(self.below(), year=self.quarter.year, approved_at__lt=self.quarter.ends_at)
        return counted.filter(excluded_at__isnull=True)

    @property
    def places(self) -> QuerySet:
        return FrozenUnit.objects.filter(revision=self.revision, own_owed__gt=0)


@dataclass(frozen=True, slots=True)
class Line:
    """`title` names what is counted; `hint` says who settles it and how; `rows` are what is counted."""

    title: str
    hint: str
    rows: Callable[[Room], QuerySet]
    # A line that must stand at 0 before the quarter is closed in good order.
    to_settle: bool = True


def _reported(room: Room) -> QuerySet:
    return room.works.filter(state=ItemState.REPORTED, completed_on__lt=room.quarter.end_day)


def _silent(room: Room) -> QuerySet:
    due = room.works.filter(state=ItemState.IN_PROGRESS, ongoing=False)
    return due.filter(due_in_force__gte=room.quarter.first_day, due_in_force__lt=room.quarter.end_day)


def _checks(room: Room) -> QuerySet:
    works = WorkItem.objects.filter(room.below())
    return owing_check(works, room.quarter.year, room.quarter.number).filter(verdict="")


def _asked(room: Room, extending: bool) -> QuerySet:
    asked = ChangeRequest.objects.undecided().filter(room.below("item__unit"), item__year=room.quarter.year)
    kind = Q(kind=ChangeRequest.Kind.EXTEND)
    return asked.filter(kind if extending else ~kind).select_related("item__unit")


def _waiting(room: Room) -> QuerySet:
    held = WorkItem.objects.filter(unit__in=bulk.these(room.waiting), year=room.quarter.year)
    return held.filter(approved_at__lt=room.quarter.ends_at)


def _unregistered(room: Room) -> QuerySet:
    owed = Obligation.objects.filter(room.below(), round__year=room.quarter.year, round__opened_at__lt=room.at)
    return owed.missing(localdate(room.at))


def _corrections(room: Room) -> QuerySet:
    period = Q(period__root=room.root, period__year=room.quarter.year, period__quarter=room.quarter.number)
    return Correction.objects.filter(period, state__in=["asked", "approved"])


LINES: dict[str, Line] = {
    "expected": Line(
        gettext_lazy("Phải báo cáo quý"), "", lambda room: room.places.filter(own_exempt=0), to_settle=False
    ),
    "received": Line(
        gettext_lazy("Đã báo cáo"), "", lambda room: room.places.filter(own_reported__gt=0), to_settle=False
    ),
    "late": Line(
        gettext_lazy("Báo cáo muộn"),
        "",
        lambda room: room.places.filter(own_reported__gt=0, own_in_time=0),
        to_settle=False,
    ),
    "exempt": Line(
        gettext_lazy("Được miễn báo cáo"), "", lambda room: room.places.filter(own_exempt__gt=0), to_settle=False
    ),
    "missing": Line(
        gettext_lazy("Chưa báo cáo quý"),
        gettext_lazy("Đơn vị gửi báo cáo, hoặc Ban cho miễn."),
        lambda room: room.places.filter(own_exempt=0, own_reported=0),
    ),
    "waiting": Line(
        gettext_lazy("Việc chưa bàn giao của đơn vị đã kết thúc"),
        gettext_lazy("Giao cho đơn vị tiếp nhận; nếu không, việc tính ở cấp trên gần nhất."),
        _waiting,
    ),
    "reported": Line(
        gettext_lazy("Báo cáo hoàn thành chờ xác nhận"),
        gettext_lazy("Chi ủy, cấp ủy cơ sở hoặc Ban xác nhận; xác nhận sau giờ chốt không vào quý này."),
        _reported,
    ),
    "silent": Line(
        gettext_lazy("Việc đến hạn trong quý chưa báo cáo hoàn thành"),
        gettext_lazy("Đơn vị báo cáo hoàn thành, hoặc việc được tính là chưa hoàn thành."),
        _silent,
    ),
    "checks": Line(
        gettext_lazy("Việc thường xuyên chưa kiểm tra quý này"),
        gettext_lazy("Người xác nhận ghi Đạt hoặc Chưa đạt; để trống là chưa đạt."),
        _checks,
    ),
    "extensions": Line(
        gettext_lazy("Đề nghị gia hạn chưa quyết định"),
        gettext_lazy("Ban quyết định trước khi hết hạn của việc."),
        lambda room: _asked(room, extending=True),
    ),
    "requests": Line(
        gettext_lazy("Đề nghị khác chưa quyết định"),
        gettext_lazy("Loại trừ, tạm dừng, dừng, chuyển tiếp: Ban quyết định."),
        lambda room: _asked(room, extending=False),
    ),
    "unregistered": Line(
        gettext_lazy("Nghĩa vụ đăng ký chưa có hồ sơ gửi"),
        gettext_lazy("Đơn vị gửi bản đăng ký hoặc mô hình, hoặc Ban cho miễn."),
        _unregistered,
    ),
    "corrections": Line(
        gettext_lazy("Đính chính chưa vào bản chốt"),
        gettext_lazy("Cấp trên duyệt, rồi chốt thành bản mới."),
        _corrections,
    ),
}


def counts_of(room: Room) -> dict[str, int]:
    """Return how many rows each line has, in the order of LINES; one query, however large the tree."""
    rows = {key: line.rows(room) for key, line in LINES.items()}
    return counted_together(Unit.objects.filter(pk=room.root.pk), **rows)


def listed_rows(room: Room, key: str) -> QuerySet:
    """Return the rows behind one number, units in the order of the tree, with what their page prints."""
    rows = LINES[key].rows(room)
    if rows.model is FrozenUnit:
        return rows.order_by("path")
    if rows.model is WorkItem:
        return rows.select_related("unit", "measure", "dossier__round").order_by("unit__path", "due_in_force", "pk")
    if rows.model is ChangeRequest:
        related = ("item__unit", "item__measure", "item__dossier__round")
        return rows.select_related(*related).order_by("asked_at", "pk")
    return rows.select_related("unit").order_by("unit__path", "pk")
