"""A decision on the organisation, carried out whole: units, people, dossiers and works in one transaction."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.chain import digest
from journal.services import record
from models_registry.models import ItemChange, WorkItem
from models_registry.services.handing_over import hand_over_dossiers, hand_over_obligations
from organizations.models import HeadCount, Post, Reorganisation, Succession, Unit
from organizations.queries import appraising_body_of
from organizations.services import correct_unit, end_unit
from organizations.services.reorganising import (
    Decision,
    Founded,
    begin_reorganisation,
    merge_units,
    move_units,
    posts_to_settle,
    roles_after,
    split_unit,
)
from organizations.services.units import require_reach
from progress.models import Fact, QuarterDraft
from progress.queries.quarters import GRACE_DAYS
from vietnamese.display import number_text

Kind = Succession.Kind
BATCH = 1_000


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision and what it asks for: the units it founds (merge, split), where to (move), the name (rename), who
    takes over the works (dissolve), and {post id: role, "" for none} of who works in a merged unit."""

    decision: Decision
    units: Sequence[Unit]
    founds: Sequence[Founded] = ()
    to: Unit | None = None
    name: str = ""
    posts: Mapping[int, str] = field(default_factory=dict)


@dataclass(slots=True)
class Outcome:
    """What a plan did, or would do: lines under heads, and the posts with the role each holder has afterwards."""

    parts: list[tuple[str, list[str]]] = field(default_factory=list)
    posts: list[tuple[Post, str]] = field(default_factory=list)
    made: Reorganisation | None = None

    def tell(self, head: str, *lines: str) -> None:
        if lines:
            self.parts.append((head, list(lines)))

    @property
    def seal(self) -> str:
        """What one saw when confirming; another means that something moved meanwhile."""
        return digest({"parts": self.parts, "posts": sorted(post.pk for post, _role in self.posts)})


class Moved(Exception):
    """What the plan would do is no longer what was seen; `outcome` says what it would do now."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        super().__init__("the plan does something else by now")


class _Rehearsed(Exception):
    pass


def rehearse(plan: Plan, *, by, at: datetime) -> Outcome:
    """Return what a plan would do: it is done, told, and taken back. Raises as `reorganise` does."""
    outcome = Outcome()
    with suppress(_Rehearsed), transaction.atomic():
        _carry_out(plan, outcome, by=by, at=at)
        raise _Rehearsed
    return outcome


@transaction.atomic
def reorganise(plan: Plan, *, by, at: datetime, seen: str | None = None) -> Outcome:
    """Carry out a decision on units, all of it or nothing, and record it; those whose posts change are told.

    `seen` is the seal of the rehearsal that was confirmed. Raises PermissionDenied, ValidationError or Moved, and then
    changes nothing. So many queries for each unit and person named, none for a work.
    """
    outcome = Outcome()
    _carry_out(plan, outcome, by=by, at=at)
    if seen is not None and seen != outcome.seal:
        raise Moved(outcome)
    return outcome


@transaction.atomic
def hand_over_items(item_ids: Sequence[int], to: Unit, *, by, at: datetime) -> int:
    """Give works that ended units left behind to a unit that stands, from the day each was left; returns how many.

    Raises PermissionDenied, or ValidationError where one has been handed over meanwhile.
    """
    require_reach(by, to)
    if to.valid_to is not None:
        raise ValidationError({"to": _("%(unit)s đã kết thúc hoạt động.") % {"unit": to}})
    list(WorkItem.objects.select_for_update().filter(pk__in=item_ids).order_by("pk").values_list("pk"))
    left = left_behind(by, localdate(at)).filter(pk__in=item_ids)
    days: dict[date, list[int]] = {}
    for pk, day in left.values_list("pk", "unit__valid_to"):
        days.setdefault(max(day, to.valid_from), []).append(pk)
    if not days or sum(map(len, days.values())) != len(set(item_ids)):
        raise ValidationError(_("Có việc vừa được người khác bàn giao. Hãy tải lại trang rồi chọn lại."))
    moved = sum(
        transfer_items(WorkItem.objects.filter(pk__in=ids), to, on=day, reason="", by=by, at=at)
        for day, ids in days.items()
    )
    detail = {"count": moved}
    record("unit.items_handed_over", subject="unit", subject_id=to.pk, unit_id=to.pk, by=by, at=at, detail=detail)
    return moved


def left_behind(by, day: date):
    """Return the works of open years that ended units within reach of an administrator still hold."""
    ended = Unit.objects.visible_to(by).filter(valid_to__lte=day)
    return WorkItem.objects.counted().filter(unit__in=ended, year__gte=first_open_year(day), excluded_at=None)


def transfer_items(items, to: Unit, *, on: date, reason: str, by, at: datetime) -> int:
    """Let works belong to another unit from a day on, each by a fact of its own; returns how many.

    The caller has asked who may. Five queries, and one for each thousand works.
    """
    kept = list(items.counted().select_for_update(of=("self",)).order_by("pk").values_list("pk", "unit_id"))
    kept = [(pk, unit) for pk, unit in kept if unit != to.pk]
    Fact.objects.bulk_create(
        (
            Fact(item_id=pk, kind=Fact.Kind.TRANSFERRED, at=at, on=on, unit=to, reason=reason, by=by)
            for pk, _unit in kept
        ),
        batch_size=BATCH,
    )
    ids = [pk for pk, _unit in kept]
    for first in range(0, len(ids), BATCH):
        some = WorkItem.objects.filter(pk__in=ids[first : first + BATCH])
        some.update(first_unit=Coalesce("first_unit", F("unit")), unit=to, plain=False)
    changes = (ItemChange(item_id=pk, unit_id=unit, at=at) for pk, old in kept for unit in (old, to.pk))
    ItemChange.objects.bulk_create(changes, batch_size=BATCH)
    return len(kept)


def first_open_year(day: date) -> int:
    """Return the first year whose last quarter is not closed on a day."""
    return day.year - (day <= date(day.year, 1, GRACE_DAYS))


def _carry_out(plan: Plan, outcome: Outcome, *, by, at: datetime) -> None:
    made, units = begin_reorganisation(plan.decision, plan.units, by=by, at=at)
    since = first_open_year(localdate(at))
    if made.effective_on < date(since, 1, 1):
        raise ValidationError({"effective_on": _("Ngày có hiệu lực thuộc năm đã chốt số liệu.")})
    outcome.made = made
    _CARRY_OUT[made.kind](plan, made, units, outcome, since=since, by=by, at=at)
    record(
        "unit.reorganised",
        subject="unit",
        subject_id=units[0].pk,
        unit_id=units[0].pk,
        by=by,
        at=at,
        detail={
            "reorganisation": made.pk,
            "decision": made.number,
            "on": made.effective_on.isoformat(),
            "units": [unit.pk for unit in units],
        },
    )


def _merge(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    posts = posts_to_settle(units, made.effective_on)
    roles = roles_after(posts, plan.posts)
    successor, below = merge_units(made, units, plan.founds[0], plan.posts, by=by, at=at)
    outcome.posts = [(post, roles[post.pk]) for post in posts]
    outcome.tell(_("Đơn vị mới"), f"{successor.code} · {successor.name}")
    outcome.tell(_("Đơn vị kết thúc"), *(f"{unit.code} · {unit.name}" for unit in units))
    outcome.tell(_("Đơn vị về trực thuộc đơn vị mới"), *(unit.name for unit in below))
    body = appraising_body_of(successor, made.effective_on)
    outcome.tell(_("Cơ quan thẩm định"), body.name if body else _("Chưa có."))
    count = HeadCount.objects.in_force(made.effective_on, unit=successor).first()
    outcome.tell(_("Số đảng viên"), *([number_text(count.members)] if count else []))
    reason = _("Đã sáp nhập vào %(unit)s theo %(number)s.") % {"unit": successor.name, "number": made.number}
    _take_over(units, successor, outcome, made=made, since=since, reason=reason, open_only=False, by=by, at=at)


def _take_over(units, to: Unit, outcome: Outcome, *, made, since: int, reason: str, open_only: bool, by, at) -> None:
    """Let dossiers, obligations and works of open years go on at another unit, and tell how many."""
    items = WorkItem.objects.filter(unit__in=units, year__gte=since)
    dossiers = hand_over_dossiers(units, to, since=since, at=at)
    owed = hand_over_obligations(units, to, since=since, reason=reason, by=by, at=at)
    counted = transfer_items(
        items.open() if open_only else items, to, on=made.effective_on, reason=reason, by=by, at=at
    )
    lines = [
        _("%(count)s việc (kể cả việc đã hoàn thành của năm chưa chốt)") % {"count": number_text(counted)}
        if not open_only
        else _("%(count)s việc đang thực hiện") % {"count": number_text(counted)},
        _("%(count)s hồ sơ, giữ nguyên tình trạng") % {"count": number_text(dossiers)},
        _("%(count)s nghĩa vụ đăng ký") % {"count": number_text(owed)},
    ]
    outcome.tell(_("Tiếp tục ở %(unit)s") % {"unit": to.name}, *lines)
    drafts = QuarterDraft.objects.filter(unit__in=units).count()
    if drafts:
        outcome.tell(
            _("Ở lại đơn vị cũ"), _("%(count)s bản nháp báo cáo quý chưa gửi") % {"count": number_text(drafts)}
        )


def _split(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    posts = posts_to_settle(units, made.effective_on)
    founded = split_unit(made, units[0], plan.founds, by=by, at=at)
    outcome.tell(_("Đơn vị kết thúc"), units[0].name)
    outcome.tell(_("Đơn vị mới"), *(f"{unit.code} · {unit.name}" for unit in founded))
    _tell_ended(posts, outcome)
    _tell_left(units, outcome, since)


def _move(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    if plan.to is None:
        raise ValidationError({"parent": _("Hãy điền mục này.")})
    move_units(made, units, plan.to, by=by, at=at)
    outcome.tell(_("Chuyển về %(unit)s") % {"unit": plan.to.name}, *(unit.name for unit in units))
    below = [Unit.objects.below(Unit.objects.get(pk=unit.pk), include_self=False).count() for unit in units]
    outcome.tell(_("Đi cùng"), _("%(count)s đơn vị cấp dưới") % {"count": number_text(sum(below))})
    body = appraising_body_of(Unit.objects.get(pk=units[0].pk), made.effective_on)
    outcome.tell(_("Cơ quan thẩm định"), body.name if body else _("Chưa có."))
    outcome.tell(_("Số liệu"), _("Cả quý có ngày hiệu lực tính cho đơn vị cấp trên mới; các quý đã chốt giữ nguyên."))


def _rename(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    unit, on = units[0], made.effective_on
    if plan.name.strip() == unit.name:
        raise ValidationError({"name": _("Tên mới giống tên đang dùng.")})
    renamed = {"name": plan.name, "code": unit.code, "kind": unit.kind}
    correct_unit(unit, **renamed, on=on, by=by, at=at, decision=made.number, reorganisation=made)
    outcome.tell(_("Đổi tên"), _("“%(old)s” thành “%(new)s”") % {"old": unit.name, "new": plan.name})
    outcome.tell(_("Giữ nguyên"), _("Mọi người, hồ sơ, việc và số liệu. Văn bản in tên có hiệu lực vào ngày của nó."))


def _dissolve(plan: Plan, made, units, outcome: Outcome, *, since: int, by, at) -> None:
    posts = posts_to_settle(units, made.effective_on)
    if plan.to is not None:
        require_reach(by, plan.to)
        if plan.to.valid_to is not None or plan.to in units:
            raise ValidationError({"to": _("Hãy chọn một đơn vị còn hoạt động.")})
    for unit in units:
        end_unit(unit, on=made.effective_on, by=by, at=at, decision=made.number, reorganisation=made)
    outcome.tell(_("Đơn vị kết thúc"), *(f"{unit.code} · {unit.name}" for unit in units))
    _tell_ended(posts, outcome)
    if plan.to is not None:
        reason = _("Đã giải thể theo %(number)s.") % {"number": made.number}
        _take_over(units, plan.to, outcome, made=made, since=since, reason=reason, open_only=True, by=by, at=at)
    _tell_left(units, outcome, since)


def _tell_ended(posts: Sequence[Post], outcome: Outcome) -> None:
    outcome.tell(_("Vai trò kết thúc"), *(f"{post.person.full_name} – {post.get_role_display()}" for post in posts))


def _tell_left(units, outcome: Outcome, since: int) -> None:
    left = WorkItem.objects.counted().filter(unit__in=units, year__gte=since).count()
    if left:
        outcome.tell(
            _("Chưa bàn giao"),
            _("%(count)s việc ở lại, tính cho đơn vị cấp trên gần nhất cho đến khi được bàn giao")
            % {"count": number_text(left)},
        )


_CARRY_OUT = {Kind.MERGE: _merge, Kind.SPLIT: _split, Kind.MOVE: _move, Kind.RENAME: _rename, Kind.DISSOLVE: _dissolve}


def page_of(made: Reorganisation) -> str:
    """Return where the works a decision left behind are handed over."""
    return reverse("progress:left_behind") if made.kind in (Kind.SPLIT, Kind.DISSOLVE) else ""
