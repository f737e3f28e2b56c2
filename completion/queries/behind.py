"""The items behind a number: exactly those counted in n, N or X of a rate, each with why it counts or does not."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property, reduce
from operator import or_

from django.db.models import BooleanField, Exists, ExpressionWrapper, F, OuterRef, Q, Subquery, Value
from django.db.models.functions import Coalesce
from django.db.models.lookups import Exact

from completion import bulk, rates
from completion.computing import Registered, checks_of, states_of
from completion.lines import WAITS
from completion.models import FrozenUnit, Revision
from completion.quarters import Quarter
from completion.queries.corrected import corrected_in
from completion.queries.figures import revisions_of
from completion.queries.reasons import why_counted
from completion.rates import Check, Frame, Judgement, Known, base_of, judge
from completion.tree import Tree, frozen_tree
from models_registry.models import WorkItem
from organizations.models import Unit
from organizations.paths import path_end
from progress.models import Fact, QuarterlyCheck

PARTS = ("n", "N", "X", "rest")  # rest: in N and not in n
_OF_FACT = ("kind", "at", "on", "due_on", "exclusion", "unit_id")  # in the order of rates.Fact


@dataclass(frozen=True, slots=True)
class Reasoned:
    """One item on a list behind a number, where it stands, and one sentence on why."""

    item: WorkItem
    state: Known
    judgement: Judgement
    reason: str
    unit_name: str  # of the unit that counts it, as the frozen tree names it


@dataclass(frozen=True)
class Reading:
    """One unit in one revision, as the lists behind its numbers are read."""

    revision: Revision
    unit: Unit
    frame: Frame
    path: str  # of the unit in the frozen tree
    any_ended: bool  # some unit that did not stand at E still holds items of the year
    corrected: dict[int, str] = field(default_factory=dict)  # by item: what a later revision put right
    sealed: list[Revision] = field(default_factory=list)  # all of the quarter, newest first

    @property
    def is_root(self) -> bool:
        return self.unit.pk == self.revision.period.root_id

    def units(self) -> list:
        """Return the unit and all that hung below it, as subqueries of ids; no query but where units had ended."""
        here = FrozenUnit.objects.filter(revision=self.revision, path__gte=self.path, path__lt=path_end(self.path))
        found = [here.order_by().values("unit")]
        if self.any_ended:
            ended = ((unit, home) for unit, home in self.tree.homes.items() if home not in (unit, None))
            found.append(bulk.these(unit for unit, home in ended if self.unit.pk in self.tree.line(home)))
        return found

    def waiting_units(self) -> list:
        """Return the ended units whose works wait in this one's bucket, as one subquery of ids."""
        here = (unit for unit, home in self.tree.homes.items() if home == self.unit.pk and self.tree.waits(unit))
        return [bulk.these(here)]

    @cached_property
    def tree(self) -> Tree:
        """The whole tree as it stood for the revision; read once."""
        return frozen_tree(self.revision.period.root_id, self.frame.end_day, self.frame.known_until)


def frame_of(revision: Revision) -> Frame:
    """Return what one of `Revision.objects.with_frames` is judged by; of a corrected one the facts are the first's."""
    return Frame.of(
        revision.period.as_quarter,
        known_until=revision.first_as_of if revision.number > 1 else revision.as_of,
        before_closes_at=revision.before_closes_at,
        ongoing=revision.period.ongoing_due,
    )


def reading_of(unit: Unit, quarter: Quarter, number: int | None = None) -> Reading | None:
    """Return a revision as read at the unit: the newest sealed one, else the provisional, or the numbered; one query.

    Of a corrected one the facts are those of the first, and one more query asks for the corrections.
    """
    end_day = quarter.end_day
    ended = Unit.objects.filter(Q(valid_to__lt=end_day) | Q(valid_from__gte=end_day))
    holding = ended.filter(Exists(WorkItem.objects.filter(unit=OuterRef("pk"), year=quarter.year)))
    found = revisions_of(unit, quarter).with_frames().annotate(path=F("units__path"), any_ended=Exists(holding))
    editions = list(found.newest_first())
    revision = next((one for one in editions if number in (None, one.number)), None)
    if revision is None:
        return None
    corrected = corrected_in(revision) if revision.number > 1 else {}
    sealed = [one for one in editions if one.sealed]
    return Reading(revision, unit, frame_of(revision), revision.path, revision.any_ended, corrected, sealed)


def behind(reading: Reading, rate: str, part: str, *, kind: str = "ALL", waiting: bool = False):
    """Return the WorkItems counted in a part (n, N, X or rest) of R1…R5, R8 of a unit, nearest due first.

    With `waiting`, of those in its bucket alone. As many as the number says: judged from the facts known at the
    revision's K, over its frozen tree. One query before the list's own, and one more where units that had ended still
    hold items.
    """
    frame, units = reading.frame, reading.waiting_units() if waiting else reading.units()
    judged = judged_by_facts(frame, units, checked=rate == "r8")
    matched = [row.pk for row, state in judged if belongs(judge(state, frame), rate, part)]
    plain = Q(_within(units, "unit"), _plain_part(frame, rate, part), plain=True)
    if not matched:
        found = _approved(frame).filter(plain)
    elif reading.is_root:
        # Most of the year is in the list: walked by due day, its first page is found at once.
        found = _approved(frame).filter(plain | Q(pk__in=bulk.these(matched)))
    else:
        # An OR would walk the whole year for a cell's few works.
        also = WorkItem.objects.filter(pk__in=bulk.these(matched)).order_by().values("pk")
        found = _approved(frame).filter(pk__in=_approved(frame).filter(plain).values("pk").union(also, all=True))
    return (found if kind == "ALL" else found.filter(kind__in=kind.split("-"))).nearest_due_first()


def with_reasons(items: Iterable[WorkItem], reading: Reading, *, rate: str = "r1") -> list[Reasoned]:
    """Return a page of items with where each stood at the revision's K and why it counts; three queries a page."""
    frame, page = reading.frame, {item.pk: item for item in items}
    facts: dict[int, list[Fact]] = {pk: [] for pk in page}
    for fact in Fact.objects.of(list(page)):
        facts[fact.item_id].append(fact)
    told = {
        pk: [rates.Fact(*(getattr(fact, name) for name in _OF_FACT)) for fact in rows] for pk, rows in facts.items()
    }
    registered = (Registered(*(getattr(item, name) for name in Registered._fields)) for item in page.values())
    checks = checks_of(frame, [item.pk for item in page.values() if item.ongoing])
    stated = [(page[row.pk], state) for row, state in states_of(frame, registered, told, checks)]
    homes = _homes_of({state.owner for _item, state in stated}, reading)
    found = []
    for item, state in stated:
        name, came = homes.get(state.owner, (item.unit.name, ""))
        why = why_counted(state, frame, facts[item.pk], checks.get(item.pk, ()), rate=rate, came=came)
        found.append(Reasoned(item, state, judge(state, frame), why, name))
    return found


def names_of(units: Iterable[int], reading: Reading) -> dict[int, str]:
    """Return the names that units of the frozen tree had; one query."""
    places = FrozenUnit.objects.filter(revision=reading.revision, unit__in=bulk.these(set(units))).order_by()
    return dict(places.values_list("unit_id", "name"))


def _homes_of(owners: set[int], reading: Reading) -> dict[int, tuple[str, str]]:
    """Return {owner: (name of the unit that counts what it owns, WAITS where in a bucket)}; one query at most."""
    if not reading.any_ended:
        return {unit: (name, "") for unit, name in names_of(owners, reading).items()}
    tree = reading.tree
    homes = {unit: home for unit in owners if (home := tree.homes.get(unit)) is not None}
    return {unit: (tree.places[home].name, WAITS if tree.waits(unit) else "") for unit, home in homes.items()}


def _approved(frame: Frame):
    approved = WorkItem.objects.filter(year=frame.quarter.year, approved_at__lt=frame.approved_before)
    return approved.order_by()


def _within(units: list, column: str) -> Q:
    return reduce(or_, (Q(**{f"{column}__in": some}) for some in units))


def judged_by_facts(frame: Frame, units: list, *, checked: bool) -> Iterable[tuple[Registered, Known]]:
    """Return (item, what was known) of the not plain items that these units owned just before E; one query.

    What their checks found is read only where it is asked for, in one more.

    One row a fact, so that items and facts come together, each saying whether the owner it names is of these units.
    """
    names = ("first_here", "next_here", *Registered._fields, *(f"facts__{name}" for name in _OF_FACT))
    rows = _approved(frame).filter(pk__in=_ever_owned(frame, units)).annotate(first=Coalesce("first_unit", "unit"))
    rows = rows.annotate(first_here=_says(_within(units, "first")), next_here=_says(_within(units, "facts__unit")))
    items, facts, here = {}, defaultdict(list), set()
    for first_here, next_here, *values in rows.order_by("facts__at", "facts__id").values_list(*names):
        row, fact = Registered(*values[: -len(_OF_FACT)]), rates.Fact(*values[-len(_OF_FACT) :])
        items[row.pk] = row
        here |= {row.first_unit_id or row.unit_id} if first_here else set()
        here |= {fact.unit} if next_here else set()
        if fact.kind is not None and fact.at < frame.known_until:
            facts[row.pk].append(fact)
    checks = checks_of(frame, bulk.these(items)) if checked else {}
    stated = states_of(frame, items.values(), facts, checks)
    return ((row, state) for row, state in stated if state.owner in here)


def _ever_owned(frame: Frame, units: list):
    """Return the ids of the not plain items these units registered or were ever handed, as a subquery."""
    asked = _approved(frame).filter(plain=False)
    kept = asked.filter(_within(units, "unit"), first_unit=None).values("pk")
    handed_on = asked.filter(_within(units, "first_unit")).values("pk")
    received = Fact.objects.filter(_within(units, "unit"), kind=Fact.Kind.TRANSFERRED).order_by().values("item")
    return kept.union(handed_on, received)


def _says(condition: Q) -> ExpressionWrapper:
    return ExpressionWrapper(condition, output_field=BooleanField())


def belongs(judged: Judgement, rate: str, part: str) -> bool:
    """Whether an item so judged is counted in a part (n, N, X or rest) of a rate."""
    over = {
        "r1": judged.due_in_quarter,
        "r2": judged.due_to_date,
        "r3": True,
        "r5": judged.backlog,
        "r8": judged.check is not Check.NONE,
    }[base_of(rate)]
    if not over or judged.excluded != (part == "X"):
        return False
    done = {"r4": judged.on_time, "r8": judged.check is Check.PASSED}.get(rate, judged.completed)
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
        "r8": _owes_check(frame),
    }[base_of(rate)]
    if part == "N":
        return over
    done = _passed(frame) if rate == "r8" else _done(frame.known_until, quarter.end_day)
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


def _owes_check(frame: Frame) -> Q:
    stopped = Fact.objects.filter(item=OuterRef("pk"), kind=Fact.Kind.TERMINATED)
    stopped = stopped.filter(at__lt=frame.known_until, on__lt=frame.end_day)
    return Q(ongoing=True) & ~_done(frame.known_until, frame.first_day) & ~Exists(stopped)


def _passed(frame: Frame) -> Q:
    checks = QuarterlyCheck.objects.filter(item=OuterRef("pk"), quarter=frame.quarter.number)
    last = checks.filter(recorded_at__lt=frame.known_until).order_by("-recorded_at", "-id").values("verdict")[:1]
    return Q(Exact(Coalesce(Subquery(last), Value("")), "passed"))
