"""The items behind a number: exactly those counted in n, N or X of a rate, each with why it counts or does not."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db.models import F, Q
from django.utils.translation import gettext as _

from completion import rollup
from completion.computing import frame_of, judged_items
from completion.models import FrozenUnit, Revision
from completion.rates import Frame, Judgement, Known, base_of, judge
from completion.tree import frozen_tree
from models_registry.models import WorkItem
from organizations.models import Unit
from progress.models import Fact
from vietnamese.display import day_text, instant_text

PARTS = ("n", "N", "X", "rest")  # rest: in N and not in n


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One item on a list behind a number, where it stands, and one sentence on why."""

    item: WorkItem
    state: Known
    judgement: Judgement
    reason: str


def behind(revision: Revision, unit: Unit, rate: str, part: str, *, kind: str = "ALL", own: bool = False):
    """Return the WorkItems counted in a part (n, N, X or rest) of R1…R5 of a unit in a revision, nearest due first.

    As many as the number says: judged from the facts known at the revision's K, over its frozen tree. `own` leaves
    out everything below the unit. Some four queries before the list's own.
    """
    frame = frame_of(revision.period, revision.as_of)
    units = _units_of(revision, unit, own=own)
    matched = [
        row.pk
        for row, state in judged_items(frame, rollup.not_plain_items(frame, units))
        if state.owner in units and _belongs(judge(state, frame), rate, part)
    ]
    plain = Q(unit__in=rollup.these(units), plain=True) & _plain_part(frame, rate, part)
    found = WorkItem.objects.filter(year=frame.quarter.year, approved_at__lt=frame.approved_before)
    found = found.filter(plain | Q(pk__in=rollup.these(matched)))
    return (found if kind == "ALL" else found.filter(kind=kind)).nearest_due_first()


def with_reasons(items: Iterable[WorkItem], revision: Revision) -> list[Reasoned]:
    """Return a page of items with where each stood at the revision's K and why; three queries a page."""
    frame = frame_of(revision.period, revision.as_of)
    page = list(items)
    states = {row.pk: state for row, state in judged_items(frame, [item.pk for item in page])}
    facts: dict[int, list[Fact]] = {}
    for fact in Fact.objects.of([item.pk for item in page]):
        facts.setdefault(fact.item_id, []).append(fact)
    return [
        Reasoned(item, state, judge(state, frame), reason_of(state, frame, facts.get(item.pk, [])))
        for item in page
        if (state := states.get(item.pk))
    ]


def reason_of(state: Known, frame: Frame, facts: Iterable[Fact]) -> str:
    """Return one sentence: why an item counts as completed or not, or why it is left out."""
    judged = judge(state, frame)
    if judged.excluded:
        out = [f for f in facts if f.kind == Fact.Kind.EXCLUDED and f.at < frame.known_until]
        reason = out[-1].get_exclusion_display() if out else ""
        return _("Được loại trừ: %(reason)s.") % {"reason": reason}
    if judged.completed:
        days = {"day": day_text(state.completed_on), "due": day_text(state.due), "at": instant_text(state.confirmed_at)}
        if judged.on_time:
            return _("Hoàn thành ngày %(day)s, đúng hạn %(due)s; xác nhận lúc %(at)s.") % days
        return _("Hoàn thành ngày %(day)s, sau hạn %(due)s; xác nhận lúc %(at)s.") % days
    return _why_not(state, frame, list(facts))


def _why_not(state: Known, frame: Frame, facts: list[Fact]) -> str:
    known = [f for f in facts if f.at < frame.known_until]
    words = [f for f in known if f.kind in (Fact.Kind.CONFIRMED, Fact.Kind.REVOKED)]
    if words and words[-1].kind == Fact.Kind.REVOKED:
        return _("Xác nhận đã bị hủy lúc %(at)s (tái phát hoặc xác nhận sai).") % {"at": instant_text(words[-1].at)}
    if state.confirmed_at is not None:
        return _("Hoàn thành ngày %(day)s, sau khi quý kết thúc.") % {"day": day_text(state.completed_on)}
    late = [f for f in facts if f.kind == Fact.Kind.CONFIRMED and f.at >= frame.known_until]
    if late:
        return _("Xác nhận muộn, lúc %(at)s: sau thời điểm chốt.") % {"at": instant_text(late[0].at)}
    if any(f.kind == Fact.Kind.COMPLETED for f in known):
        return _("Đã báo cáo hoàn thành, chưa được xác nhận.")
    return _("Chưa hoàn thành; hạn %(due)s.") % {"due": day_text(state.due)}


def _units_of(revision: Revision, unit: Unit, *, own: bool) -> set[int]:
    """Return the unit, or it and all that hung below it, units that had ended included."""
    if own:
        return {unit.pk}
    top = FrozenUnit.objects.get(revision=revision, unit=unit)
    units = set(FrozenUnit.objects.below(top).order_by().values_list("unit_id", flat=True))
    end_day = revision.period.as_quarter.end_day
    gone = Q(unit__valid_to__lt=end_day) | Q(unit__valid_from__gte=end_day)
    if WorkItem.objects.filter(gone, year=revision.period.year).exists():
        homes = frozen_tree(revision.period.root_id, end_day).homes
        units |= {unit for unit, home in homes.items() if home in units}
    return units


def _belongs(judged: Judgement, rate: str, part: str) -> bool:
    over = {"r1": judged.due_in_quarter, "r2": judged.due_to_date, "r3": True, "r5": judged.backlog}[base_of(rate)]
    if not over or judged.excluded != (part == "X"):
        return False
    done = judged.on_time if rate == "r4" else judged.completed
    return {"n": done, "rest": not done}.get(part, True)


def _plain_part(frame: Frame, rate: str, part: str) -> Q:
    """Return the condition on a plain item's own columns; it says what `rates.judge` says (a test holds them equal)."""
    if part == "X":
        return Q(pk__in=())
    quarter = frame.quarter
    over = {
        "r1": _due(frame, quarter.first_day, quarter.end_day),
        "r2": _due(frame, date.min, quarter.end_day),
        "r3": Q(),
        "r5": _due(frame, date.min, quarter.first_day) & ~_done(frame.before_known_until, quarter.before.end_day),
    }[base_of(rate)]
    if part == "N":
        return over
    done = _done(frame.known_until, quarter.end_day)
    if rate == "r4":
        done &= _on_time(frame)
    return over & (done if part == "n" else ~done)


def _due(frame: Frame, first: date, end: date) -> Q:
    dated = Q(ongoing=False, due_in_force__gte=first, due_in_force__lt=end)
    return dated | Q(ongoing=True) if first <= frame.ongoing_due < end else dated


def _done(known_until, end: date) -> Q:
    return Q(confirmed_at__isnull=False, completed_on__isnull=False, confirmed_at__lt=known_until, completed_on__lt=end)


def _on_time(frame: Frame) -> Q:
    return Q(ongoing=False, completed_on__lte=F("due_in_force")) | Q(ongoing=True, completed_on__lte=frame.ongoing_due)
