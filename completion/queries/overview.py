"""All a unit's page of figures shows, read at once: the table of one quarter and the trend beside it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import FilteredRelation, Q

from completion.models import FrozenUnit, Revision
from completion.papers import PAPERS
from completion.quarters import Quarter
from completion.queries.figures import ALL, PLACE, Passport, Row, Table, added, passport_of
from completion.rates import COUNTERS
from journal.questions import Among, Blank, Gathered, Question
from models_registry.models import WorkItem
from organizations.models import Unit

REVISION = PLACE.index("revision_id")
NOWHERE = 0  # the id of no revision


@dataclass(frozen=True, slots=True)
class Overview:
    """`table` of the quarter (None where it has no figures); `trend` as `trend_of`. Their rows know no `own` counts.

    `sealed` are the sealed revisions of the quarter, newest first; `newest`, the newest of every quarter of the years.
    """

    table: Table | None
    trend: list[tuple[Quarter, Passport, Row] | None]
    sealed: list[Revision]
    newest: dict[Quarter, Revision]


@Question
def revisions():
    """Every revision of some `years` that holds a `unit`, the oldest of each quarter first."""
    # From the few trees the unit stood in: beside every one the nation has a revision of each province.
    theirs = Gathered("pk", FrozenUnit.objects.order_by().filter(unit=Blank("unit")).values("revision"))
    found = Revision.objects.filter(theirs, Among("period__year", "years"))
    return found.select_related("period").order_by("number", "pk")


@Question
def rows_together(kinds: tuple[str, ...]):
    """A `unit` in the revisions `first` to `last` and its children in the `chosen` one, by name: a line for each kind.

    Of no works one line, without a kind.
    """
    quarters = Q(unit=Blank("unit"), revision__gte=Blank("first"), revision__lte=Blank("last"))
    places = FrozenUnit.objects.filter(quarters | Q(parent=Blank("unit"), revision=Blank("chosen")))
    counted = FilteredRelation("figures", condition=Q(figures__kind__in=kinds))
    columns = [f"counted__{name}" for name in ("kind", *COUNTERS, "own_r3_base")]
    return places.annotate(counted=counted).order_by("sort_key", "unit_id").values_list(*PLACE, *PAPERS, *columns)


def overview_of(
    unit: Unit, quarter: Quarter, *, trend: Sequence[Quarter], kind: str = ALL, number: int | None = None
) -> Overview:
    """Return the figures of a unit, of its children and of its other quarters; two queries.

    Of every quarter the newest revision, of the quarter itself the one with the `number` given.
    """
    found = revisions(unit=unit.pk, years={known.year for known in (quarter, *trend)})
    here = [revision for revision in found if revision.period.as_quarter == quarter]
    newest = {revision.period.as_quarter: revision for revision in found}
    chosen = newest.get(quarter) if number is None else next((one for one in here if one.number == number), None)
    shown = {one.pk: one for one in [*(newest | {quarter: chosen}).values()] if one}
    own, children = {}, []
    for row in _rows(unit, shown, chosen, kind):
        if row.unit == unit.pk:
            revision = shown[row.revision]
            own[revision.period.as_quarter] = (revision.period.as_quarter, passport_of(revision), row)
        else:
            children.append(row)
    table = Table(passport_of(chosen), kind, own[quarter][2], children) if chosen else None
    return Overview(table, [own.get(known) for known in trend], [one for one in reversed(here) if one.sealed], newest)


def _rows(unit: Unit, shown: dict[int, Revision], chosen: Revision | None, kind: str) -> Iterable[Row]:
    """Return the rows of the unit in the revisions `shown`, and of its children in the `chosen` one; one query."""
    if not shown:
        return ()
    kinds = tuple(WorkItem.Kind.values if kind == ALL else kind.split("-"))
    rows: dict[int, Row] = {}
    lines = rows_together(
        kinds, unit=unit.pk, first=min(shown), last=max(shown), chosen=chosen.pk if chosen else NOWHERE
    )
    for line in lines:
        place, revision = line[0], shown.get(line[REVISION])
        if revision is None:
            continue  # computed between those shown, and put right since
        if place not in rows:
            papers = dict(zip(PAPERS, line[len(PLACE) :], strict=False))
            rows[place] = Row(*line[: len(PLACE)], revision.period.thresholds, papers, own_papers={}, own=())
        row, (kind_of_items, *counts, own_works) = rows[place], line[len(PLACE) + len(PAPERS) :]
        if kind_of_items:
            row.kinds[kind_of_items] = counts
            row.total = added(row.total, counts)
            row.own_works += own_works
    return rows.values()
