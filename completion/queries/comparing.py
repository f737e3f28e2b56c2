"""Units compared fairly: ranks among siblings and peers, as stored with the seal or computed anew, and said which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from completion.models import Comparison, FigurePart, FrozenUnit, Revision, Standing
from completion.peers import BOUNDS, RANKED_RATE, Apart, Contender, Place, places_of
from completion.quarters import Quarter
from completion.queries.figures import ALL, OF_PAPERS, Passport, Row, passport_of, revisions_of, rows_of
from completion.rates import base_of
from completion.shares import rank
from organizations.models import Unit


@dataclass(slots=True)
class Compared:
    """Units below one, ranked: `ranked` as (rank among those listed, row), `apart` the others by why, all as they came.

    `places` is where each stands among its siblings and peers, the unit itself too; `is_stored` says that they were
    sealed with the figures, else they are computed from these. `bounds` are the classes of size.
    """

    passport: Passport
    own: Row
    is_stored: bool
    bounds: Sequence[int]
    places: dict[int, Place]
    ranked: list[tuple[int, Row]] = field(default_factory=list)
    apart: dict[Apart, list[Row]] = field(default_factory=dict)


def compared_below(
    unit: Unit,
    quarter: Quarter,
    *,
    rate: str = RANKED_RATE,
    kind: str = ALL,
    unit_kind: str | None = None,
    size: int | None = None,
    number: int | None = None,
) -> Compared | None:
    """Return the children of a unit, or all units of one kind (and size) below it, ranked by the exact fraction.

    Five queries; the ranks of a revision that stored none, or of another rate, are computed over its whole tree.
    """
    revision = revisions_of(unit, quarter, number).select_related("comparison").newest_first().first()
    if revision is None:
        return None
    here = FrozenUnit.objects.filter(revision=revision)
    if unit_kind is None:
        listed = here.filter(Q(parent=unit) | Q(unit=unit))
    else:
        below = FrozenUnit.objects.below(here.get(unit=unit), include_self=False).filter(kind=unit_kind)
        listed = here.filter(Q(pk__in=below.order_by().values("pk")) | Q(unit=unit))
    rows = rows_of(listed, kind=kind, period=revision.period)
    own = next(row for row in rows if row.unit == unit.pk)
    bounds, known, is_stored = _places(revision, rate, kind, [row.place for row in rows])
    places = {row.unit: known[row.unit] for row in rows}
    found = Compared(passport_of(revision), own, is_stored, bounds, places)
    chosen = [row for row in rows if row is not own and size in (None, places[row.unit].size)]
    by_unit = {row.unit: row for row in chosen}
    entries = ((row.unit, *_counts(row, rate), True) for row in chosen if not places[row.unit].apart)
    found.ranked = [(place, by_unit[key]) for place, key in rank(entries, few=revision.period.few_items).ranked]
    for row in chosen:
        if places[row.unit].apart:
            found.apart.setdefault(Apart(places[row.unit].apart), []).append(row)
    return found


def trends_of(units: Iterable[int], quarters: Sequence[Quarter], rate: str, *, kind: str = ALL) -> dict[int, list]:
    """Return {unit: (quarter, Rate, whether sealed) of these quarters it has figures of}; three queries."""
    wanted, units = list(quarters), list(units)
    periods = Q()
    for quarter in wanted:
        periods |= Q(period__year=quarter.year, period__quarter=quarter.number)
    revisions = Revision.objects.newest().filter(periods).select_related("period").in_bulk()
    places = FrozenUnit.objects.filter(revision__in=revisions, unit__in=units)
    found: dict[int, dict] = {unit: {} for unit in units}
    for row in rows_of(places, kind=kind):
        revision = revisions[row.revision]
        row.thresholds = revision.period.thresholds
        found[row.unit][revision.period.as_quarter] = (row.rate(rate), revision.sealed)
    return {
        unit: [(quarter, *known[quarter]) for quarter in wanted if quarter in known] for unit, known in found.items()
    }


def _counts(row: Row, rate: str) -> tuple[int, int]:
    shown = row.rate(rate)
    return shown.n, shown.base


def _places(revision: Revision, rate: str, kind: str, places: list[int]):
    """Return (bounds, {unit: Place} of these places at least, whether stored)."""
    stored: Comparison | None = getattr(revision, "comparison", None)
    if stored and (rate, kind) == (stored.rate, ALL):
        rows = Standing.objects.filter(place__in=places).values_list(
            "place__unit_id", "size", "apart", "sibling_rank", "siblings", "peer_rank", "peers"
        )
        return stored.limits, {unit: Place(*values) for unit, *values in rows}, True
    bounds = stored.limits if stored else BOUNDS
    found = places_of(_contenders(revision, rate, kind), few=revision.period.few_items, bounds=bounds)
    return bounds, found, False


def _contenders(revision: Revision, rate: str, kind: str) -> Iterable[Contender]:
    """Return every unit of a revision's tree with n and N of a rate; one query."""
    counted = Q() if kind == ALL else Q(figures__kind__in=kind.split("-"))

    def total(name: str):
        return Coalesce(Sum(f"figures__{name}", filter=counted), 0)

    if rate in OF_PAPERS:
        done, owed, exempt = OF_PAPERS[rate]
        n, base = F(done), F(owed) if owed == "obliged" else F(owed) - F(exempt)
    else:
        n, base = total(f"{rate}_n"), total(f"{base_of(rate)}_base")
    inherited = FigurePart.objects.filter(place=OuterRef("pk"), part=FigurePart.Part.INHERITED)
    rows = FrozenUnit.objects.filter(revision=revision).annotate(
        done=n, of=base, works=total("r3_base"), left_out=total("r3_x"), came=Exists(inherited)
    )
    names = ("unit_id", "parent_id", "kind", "done", "of", "works", "left_out", "came")
    for unit, parent, unit_kind, n, base, works, left_out, came in rows.order_by().values_list(*names):
        yield Contender(unit, parent, unit_kind, n, base, works, bool(works + left_out), came)
