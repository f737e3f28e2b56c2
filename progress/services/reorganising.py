"""A decision on the organisation, carried out whole: units, people, dossiers and works in one transaction."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Post, Reorganisation, Unit
from organizations.services.reorganising import begin_reorganisation
from organizations.services.units import midnight
from progress.queries.branches import branches, marked
from progress.services.changes import CHANGES
from progress.services.depending import standing
from progress.services.foretelling import tell_of
from progress.services.leaving_behind import first_open_year
from progress.services.plans import Outcome, Plan

# How far ahead of its day a decision may be entered: further is a slip of the finger.
FURTHEST = timedelta(days=366)


class Moved(Exception):
    """What the plan would do is no longer what was seen; `outcome` says what it would do now."""

    def __init__(self, outcome: Outcome):
        self.outcome = outcome
        super().__init__("the plan does something else by now")


class _Rehearsed(Exception):
    pass


def is_ahead(plan: Plan, at: datetime) -> bool:
    """Whether the day of a decision is still to come."""
    return plan.decision.effective_on > localdate(at)


def rehearse(plan: Plan, *, by, at: datetime, first: Callable[[], None] = lambda: None) -> Outcome:
    """Return what a plan would do, on its day where that is to come, after what is done `first`: it is done, told, and
    taken back.

    Raises as `reorganise` does.
    """
    decision, outcome = plan.decision, Outcome()
    if decision.decided_on > localdate(at):
        raise ValidationError({"decided_on": _("Ngày này chưa đến.")})
    if decision.effective_on > localdate(at) + FURTHEST:
        raise ValidationError({"effective_on": _("Ngày có hiệu lực còn hơn một năm nữa. Hãy kiểm tra lại.")})
    then = max(at, midnight(decision.effective_on))
    with suppress(_Rehearsed), transaction.atomic():
        first()
        carry_out(plan, outcome, by=by, at=then)
        raise _Rehearsed
    _forget_taken_back(outcome)
    return outcome


def _forget_taken_back(outcome: Outcome) -> None:
    """Keep of whom it concerns those units and posts that are there, and not what other plans would have made first."""
    units = set(Unit.objects.filter(pk__in=[unit.pk for unit, _kind in outcome.concerned]).values_list("pk", flat=True))
    outcome.concerned = [one for one in outcome.concerned if one[0].pk in units]
    posts = set(Post.objects.filter(pk__in=[one[0].pk for one in outcome.ended]).values_list("pk", flat=True))
    outcome.ended = [one for one in outcome.ended if one[0].pk in posts]


@transaction.atomic
def reorganise(plan: Plan, *, by, at: datetime, seen: str | None = None) -> Outcome:
    """Carry out a decision on units, all of it or nothing, and record it; whoever it concerns is told.

    `seen` is the seal of the rehearsal that was confirmed. Raises PermissionDenied, ValidationError or Moved, and then
    changes nothing. So many queries for each unit and person named, none for a work.
    """
    outcome = Outcome()
    carry_out(plan, outcome, by=by, at=at)
    if seen is not None and seen != outcome.seal:
        raise Moved(outcome)
    tell_of(plan, outcome, by=by, at=at)
    return outcome


def carry_out(plan: Plan, outcome: Outcome, *, by, at: datetime) -> None:
    """Do what a plan asks for within the caller's transaction, and write into the outcome what was done."""
    plan = standing(plan)
    eve = max(plan.decision.effective_on - timedelta(days=1), date.min)
    outcome.before = branches(plan.named, eve)
    made, units = begin_reorganisation(plan.decision, plan.units, by=by, at=at)
    since = first_open_year(localdate(at))
    if made.effective_on < date(since, 1, 1):
        raise ValidationError({"effective_on": _("Ngày có hiệu lực thuộc năm đã chốt số liệu.")})
    outcome.made = made
    CHANGES[made.kind](plan, made, units, outcome, since=since, by=by, at=at)
    _draw(plan, made, outcome)
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


def _draw(plan: Plan, made: Reorganisation, outcome: Outcome) -> None:
    """Lay the tree as it is afterwards beside that of before, and mark in both what happens to whom; some five
    queries."""
    told = list(made.successions.select_related("predecessor", "successor"))
    around = {unit.pk: unit for unit in plan.named} | {one.predecessor_id: one.predecessor for one in told}
    around |= {one.successor_id: one.successor for one in told if one.successor}
    tops = [node["unit"] for node in outcome.before]
    outcome.after = branches(list(Unit.objects.filter(pk__in=around)), made.effective_on, also=tops)
    gone = {one.predecessor_id: _("kết thúc") for one in told if one.predecessor.valid_to}
    moved = {one.predecessor_id: _("chuyển") for one in told if one.kind == "move"}
    renamed = {one.predecessor_id: _("đổi tên") for one in told if one.kind == "rename"}
    founded = {one.successor_id: _("mới") for one in told if one.kind in ("merge", "split")}
    outcome.before = marked(outcome.before, moved | renamed | gone)
    outcome.after = marked(outcome.after, moved | renamed | founded)
