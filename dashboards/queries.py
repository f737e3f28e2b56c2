"""What a leader's page shows beyond the figures themselves."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import (
    CharField,
    DateField,
    DateTimeField,
    Exists,
    F,
    Func,
    IntegerField,
    Q,
    Subquery,
    Value,
)

from completion.models import FigurePart, FrozenUnit, PublishedFigure
from completion.quarters import Quarter
from completion.queries.figures import ALL, Row, Table, revision_of
from completion.shares import Ranking, rank
from journal.questions import Blank, Gathered, Question
from models_registry.models import Dossier, RegistrationRound, WorkItem
from organizations.models import Unit
from organizations.paths import path_end
from organizations.permissions import REACH, Reach
from progress.queries.items import SOON_DAYS, is_untold
from vietnamese.quarters import quarter_of

SHOWN_ENDS = 5  # how many of the most and of the least advanced
# Which units a list of choices.SILENT holds, by what is counted of each itself.
MISSING = {
    "registered": Q(own_obliged__gt=0, own_registered=0),
    "freed": Q(own_freed__gt=0),
    "members": Q(own_members__gt=F("own_members_exempt") + F("own_members_planned")),
    "members_exempt": Q(own_members_exempt__gt=0),
    "uncounted": Q(own_uncounted__gt=0),
    "reported": Q(own_owed__gt=0, own_exempt=0, own_reported=0),
    "not_in_time": Q(own_owed__gt=0, own_exempt=0, own_in_time=0),
    "exempt": Q(own_exempt__gt=0),
    "sent": Q(own_reported__gt=0),
    "sent_in_time": Q(own_in_time__gt=0),
    "owed": Q(own_owed__gt=0, own_exempt=0),
    "planned": Q(own_registered__gt=0),
    "obliged": Q(own_obliged__gt=0),
    "members_planned": Q(own_members_planned__gt=0),
    "members_owed": Q(own_members__gt=F("own_members_exempt")),
}
# Of lists about members: how many of each unit's the number counts.
MEMBERS_OF = {
    "members": F("own_members") - F("own_members_exempt") - F("own_members_planned"),
    "members_exempt": F("own_members_exempt"),
    "members_planned": F("own_members_planned"),
    "members_owed": F("own_members") - F("own_members_exempt"),
}


def start_unit(user) -> int | None:
    """Return the id of the unit whose figures a person opens first: what the own body serves, else the own unit."""
    post = user.post
    if post is None:
        return None
    if REACH[post.role] is Reach.SERVED and post.served_paths:
        return int(post.served_paths[0][-8:])
    return post.unit_id


def sorted_rows(rows: Sequence[Row], sort: str) -> list[Row]:
    """Return children by name as they come, or by the exact fraction of a rate; nothing due goes last."""
    key = sort.removeprefix("-")
    if key == "name":
        return list(reversed(rows)) if sort.startswith("-") else list(rows)
    known = [row for row in rows if row.rate(key).base]
    rest = [row for row in rows if not row.rate(key).base]
    known.sort(key=lambda row: row.rate(key).n / row.rate(key).base, reverse=sort.startswith("-"))
    return known + rest


@dataclass(frozen=True, slots=True)
class Ends:
    """The most and the least advanced among children of one kind, as (rank, row); the others are counted."""

    unit_kind: str
    label: str
    most: list[tuple[int, Row]]
    least: list[tuple[int, Row]]
    ranking: Ranking


def ends_of(table: Table, rate: str) -> list[Ends]:
    """Compare like with like: one entry for each kind of child with at least two that can be ranked. No query."""
    by_kind: dict[str, list[Row]] = defaultdict(list)
    for row in table.children:
        by_kind[row.unit_kind].append(row)
    found = []
    for unit_kind, rows in by_kind.items():
        ranking, by_unit = ranked(rows, rate, few=table.passport.few_items)
        if len(ranking.ranked) < 2:
            continue
        placed = [(place, by_unit[unit]) for place, unit in ranking.ranked]
        half = min(SHOWN_ENDS, len(placed) // 2)
        most = placed[:half]
        # Who shares a rank with those in front is not behind.
        least = [end for end in reversed(placed[-half:]) if end[0] > most[-1][0]]
        if least:
            found.append(Ends(unit_kind, Unit.Kind(unit_kind).label, most, least, ranking))
    return found


def ranked(rows: Sequence[Row], rate: str, *, few: int) -> tuple[Ranking, dict[int, Row]]:
    entries = [(row.unit, row.rate(rate).n, row.rate(rate).base, row.has_registered) for row in rows]
    return rank(entries, few=few), {row.unit: row for row in rows}


@dataclass(frozen=True, slots=True)
class Glance:
    """What a unit's page says beside its figures, and what else there is to ask for."""

    overdue: int  # works of the year below the unit still being done past their day
    shared: int  # `shared_works`
    has_rounds: bool  # whether any round of the year was opened
    has_printed: bool  # whether reports printed figures of the unit's year
    has_parts: bool  # whether a reorganisation left its mark on any figure of the revision
    untouched: int | None  # works below the unit due soon of which nothing was told; None but of the present quarter


@Question
def beside(kinds: tuple[str, ...], is_present: bool):
    """What a Glance holds, of the `unit` with the `path` up to its `end`."""
    year, path = Blank("year", IntegerField()), Blank("path", CharField())
    below = {"path__gte": path, "path__lt": Blank("end", CharField())}
    here = Gathered("unit", Unit.objects.order_by().filter(**below).values("pk"))
    today = Blank("today", DateField())
    late, soon = Q(due_in_force__lt=today), Q(due_in_force__gte=today) & is_untold()
    there_is = (
        RegistrationRound.objects.opened().filter(year=year),
        PublishedFigure.objects.shown().filter(unit=Blank("unit"), year=year),
        FigurePart.objects.filter(place__revision=Blank("revision")),
    )
    # Counted together: of a province the units alone take as long to gather as their late works to count.
    found = WorkItem.objects.filter(here, year=year).overdue(Blank("until", DateField())).order_by()
    return found.values_list(
        _number(late),
        _count(_shared(kinds, below, year, Blank("ends_at", DateTimeField()))),
        *(Exists(rows.order_by()) for rows in there_is),
        _number(soon) if is_present else Value(None, output_field=IntegerField()),
    )


def glance_of(unit: Unit, quarter: Quarter, today: date, *, kind: str, revision: int | None) -> Glance:
    """Return what stands beside a unit's figures of one revision; derived anew, one query."""
    is_present = quarter == Quarter(today.year, quarter_of(today))
    soon = timedelta(days=SOON_DAYS + 1) if is_present else timedelta()
    (found,) = beside(
        _kinds(kind),
        is_present,
        unit=unit.pk,
        path=unit.path,
        end=path_end(unit.path),
        year=quarter.year,
        ends_at=quarter.ends_at,
        today=today,
        until=today + soon,
        revision=revision or 0,  # of none there are no parts
    )
    return Glance(*found)


def _number(condition: Q) -> Func:
    """Return how many of the rows asked for are so; there is one answer, and no groups."""
    return Func(condition, template="COUNT(*) FILTER (WHERE %(expressions)s)", output_field=IntegerField())


def _count(rows) -> Subquery:
    # Of rows, not of ids: an index that holds no id answers alone.
    counted = rows.order_by().annotate(counted=Func(template="COUNT(*)", output_field=IntegerField())).values("counted")
    return Subquery(counted, output_field=IntegerField())


def shared_works(unit: Unit, quarter: Quarter, *, kind: str = ALL):
    """Return the works of a quarter's year that others lead and that name the unit, or one below it, as a partner.

    Approved before the quarter's end and not excluded, each once, nearest due first. They count where they are led and
    in no rate here. An individual's work has no partner. Part of one query.
    """
    below = {"path__gte": unit.path, "path__lt": path_end(unit.path)}
    return _shared(_kinds(kind), below, quarter.year, quarter.ends_at).nearest_due_first()


def _shared(kinds: tuple[str, ...], below: dict, year, ends_at):
    of_unit = {f"unit__{name}": value for name, value in below.items()}
    partners = Dossier.co_units.through.objects.filter(**of_unit).values("dossier")
    # Reckoned, so that no index leads from the works of a whole year: few of them have a partner.
    found = WorkItem.objects.alias(in_year=F("year") + 0).filter(in_year=year, dossier__in=partners)
    found = found.filter(approved_at__lt=ends_at, excluded_at__isnull=True, kind__in=kinds)
    return found.exclude(kind=WorkItem.Kind.INDIVIDUAL).exclude(**of_unit)


def _kinds(kind: str) -> tuple[str, ...]:
    return tuple(WorkItem.Kind.values if kind == ALL else kind.split("-"))


def silent_units(unit: Unit, quarter: Quarter, what: str, *, number: int | None = None):
    """Return (FrozenUnits below that a list of MISSING holds, the revision they are of) or None."""
    revision = revision_of(unit, quarter, number)
    if revision is None:
        return None
    top = FrozenUnit.objects.get(revision=revision, unit=unit)
    found = FrozenUnit.objects.below(top).filter(MISSING[what]).order_by("path")
    found = found.annotate(counted=MEMBERS_OF.get(what, Value(1)))
    return found, revision
