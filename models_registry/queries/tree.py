"""A round's counts by unit and up the tree: of a unit, of each unit right below it, and of the rounds of a year."""

from dataclasses import dataclass, field
from datetime import date

from django.db.models import Count
from django.db.models.functions import Substr

from models_registry.models import MemberObligation, Obligation, RegistrationRound
from models_registry.queries.members import NOBODY, Members, members_by
from organizations.models import Unit
from organizations.paths import STEP

NOTHING = {"owed": 0} | {value: 0 for value, _ in Obligation.Status.choices}

OF_ROUND = ["id", "name", "opens_on", "members_required"]  # of a round, beside its counts


@dataclass(slots=True)
class Branch:
    """A unit and all below it in one round: `units` as `ObligationQuerySet.counts`, and its members."""

    unit: Unit
    units: dict[str, int] = field(default_factory=lambda: dict(NOTHING))
    members: Members = NOBODY
    alone: bool = False  # the unit by itself, without what stands below


def branches_of(registration_round: RegistrationRound, top: Unit, day: date) -> list[Branch]:
    """Return a unit with all below it, then itself alone (where it owes), then each unit right below, in tree order.

    All after the first add up to the first. Three queries, whatever stands below.
    """
    short = Substr("unit__path", 1, len(top.path) + STEP)
    owed = registration_round.obligations.below(top).annotate(short=short)
    cells = registration_round.member_obligations.below(top).annotate(short=short)
    counts = {path: counts for (path,), counts in _counts_by(owed, day, "short").items()}
    members = members_by(cells, day, "short")
    names = {unit.path: unit for unit in Unit.objects.filter(path__in=sorted({*counts, *members}))}
    parts = [
        Branch(names[path], counts.get(path, dict(NOTHING)), members.get(path, NOBODY), alone=path == top.path)
        for path in sorted({*counts, *members})
    ]
    return [_together(top, parts), *parts]


def _together(top: Unit, parts: list[Branch]) -> Branch:
    total = Branch(top)
    for part in parts:
        total.units = {name: count + part.units[name] for name, count in total.units.items()}
        total.members += part.members
    return total


@dataclass(frozen=True, slots=True)
class OfRound:
    """What a unit and all below it owe in one round."""

    round: RegistrationRound
    units: dict[str, int]
    members: Members


def registrations_of(unit: Unit, year: int, day: date) -> list[OfRound]:
    """Return what a unit and all below it owe in each opened round of a year, the newest first; two queries.

    Of a round only what OF_ROUND names is read. One more query where only members owe.
    """
    owed = Obligation.objects.below(unit).filter(round__year=year, round__opened_at__isnull=False)
    cells = MemberObligation.objects.below(unit).filter(round__year=year, round__opened_at__isnull=False)
    named = [f"round__{name}" for name in OF_ROUND]
    counts = {
        RegistrationRound.from_db(owed.db, OF_ROUND, key): row for key, row in _counts_by(owed, day, *named).items()
    }
    members = members_by(cells, day, "round")
    strangers = RegistrationRound.objects.filter(pk__in=members.keys() - {row.pk for row in counts})
    rounds = sorted([*counts, *strangers], key=lambda row: (row.opens_on, row.pk), reverse=True)
    return [OfRound(row, counts.get(row, NOTHING), members.get(row.pk, NOBODY)) for row in rounds]


def _counts_by(obligations, day: date, *columns: str) -> dict[tuple, dict]:
    """Return {values of the columns: counts as `ObligationQuerySet.counts`}; one query."""
    found: dict = {}
    rows = obligations.order_by().with_status(day).values_list(*columns, "status").annotate(n=Count("pk"))
    for *key, status, count in rows:
        counts = found.setdefault(tuple(key), dict(NOTHING))
        counts[status] += count
        counts["owed"] += count
    return found
