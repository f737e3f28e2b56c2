"""Units compared fairly: ranks among siblings and peers, as stored with the seal or computed anew, and said which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from completion.bulk import these
from completion.models import Comparison, FigurePart, FrozenUnit, Period, Revision, Standing
from completion.peers import BOUNDS, RANKED_RATE, Apart, Contender, Place, places_of
from completion.quarters import Quarter
from completion.queries.figures import ALL, OF_PAPERS, Passport, Row, passport_of, revisions_of, rows_of
from completion.rates import base_of
from completion.shares import rank
from organizations.models import Unit


@dataclass(frozen=True, slots=True)
class Order:
    """Units below one in their order, by id: `ranked` as (rank among those listed, unit), `apart` the others by why.

    `places` is where each stands among its siblings and peers, the unit itself too; `is_stored` says that they were
    sealed with the figures, else they are computed from these. `bounds` are the classes of size.
    """

    is_stored: bool
    bounds: Sequence[int]
    places: dict[int, Place]
    ranked: Sequence[tuple[int, int]]
    apart: dict[Apart, list[int]]


@dataclass(frozen=True, slots=True)
class Compared:
    """The order of units below one in a revision; the rows of those that are shown are asked for by `rows`."""

    passport: Passport
    order: Order
    period: Period
    kind: str

    def rows(self, units: Iterable[int]) -> dict[int, Row]:
        """Return {unit: its row} of some of the units, by name; two queries."""
        here = FrozenUnit.objects.filter(revision=self.passport.revision_id, unit__in=these(units))
        return {row.unit: row for row in rows_of(here, kind=self.kind, period=self.period)}

    def whole(self, unit: Unit) -> "Whole":
        """Return all of it with the rows of all units, for a paper or a file; two queries."""
        order, rows = self.order, self.rows(self.order.places)
        ranked = [(place, rows[pk]) for place, pk in order.ranked]
        apart = {why: [rows[pk] for pk in units] for why, units in order.apart.items()}
        return Whole(order.bounds, order.places, rows[unit.pk], ranked, apart)


@dataclass(frozen=True, slots=True)
class Whole:
    """An order with the row of every unit in it, and of the unit itself (`own`)."""

    bounds: Sequence[int]
    places: dict[int, Place]
    own: Row
    ranked: list[tuple[int, Row]]
    apart: dict[Apart, list[Row]]


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

    The ranks of a revision that stored none, or of another rate, are computed over its whole tree. Five queries at
    most; one for a sealed revision, which nothing changes, once a process has put the same units in order.
    """
    revision = revisions_of(unit, quarter, number).select_related("comparison").newest_first().first()
    if revision is None:
        return None
    ordered = _ordered if revision.sealed else _ordered.__wrapped__
    order = ordered(revision, revision.input_hash, unit.pk, rate, kind, unit_kind, size)
    return Compared(passport_of(revision), order, revision.period, kind)


@lru_cache(maxsize=8)
def _ordered(
    revision: Revision, _input_hash: str, unit: int, rate: str, kind: str, unit_kind: str | None, size: int | None
) -> Order:
    here = FrozenUnit.objects.filter(revision=revision)
    if unit_kind is None:
        listed = here.filter(Q(parent=unit) | Q(unit=unit))
    else:
        below = FrozenUnit.objects.below(here.get(unit=unit), include_self=False).filter(kind=unit_kind)
        listed = here.filter(Q(pk__in=below.order_by().values("pk")) | Q(unit=unit))
    bounds, known, is_stored = _places(revision, rate, kind, listed)
    counts = _counts(rate, kind)
    rows = list(listed.annotate(**counts).order_by("sort_key", "unit_id").values_list("unit_id", *counts))
    places = {pk: known[pk] for pk, *_counted in rows}
    chosen = [row for row in rows if row[0] != unit and size in (None, places[row[0]].size)]
    entries = ((*row, True) for row in chosen if not places[row[0]].apart)
    apart: dict[Apart, list[int]] = {}
    for pk, *_counted in chosen:
        if places[pk].apart:
            apart.setdefault(Apart(places[pk].apart), []).append(pk)
    return Order(is_stored, bounds, places, rank(entries, few=revision.period.few_items).ranked, apart)


def trends_of(units: Iterable[int], quarters: Sequence[Quarter], rate: str, *, kind: str = ALL) -> dict[int, list]:
    """Return {unit: (quarter, Rate, whether sealed) of these quarters it has figures of}; three queries."""
    wanted, units = list(quarters), list(units)
    periods = Q()
    for quarter in wanted:
        periods |= Q(period__year=quarter.year, period__quarter=quarter.number)
    # Of the trees the units stood in: the nation has a revision of each province beside every one.
    theirs = FrozenUnit.objects.filter(unit__in=these(units)).order_by().values("revision")
    revisions = Revision.objects.newest().filter(periods, pk__in=theirs).select_related("period").in_bulk()
    places = FrozenUnit.objects.filter(revision__in=revisions, unit__in=units)
    found: dict[int, dict] = {unit: {} for unit in units}
    for row in rows_of(places, kind=kind):
        revision = revisions[row.revision]
        row.thresholds = revision.period.thresholds
        found[row.unit][revision.period.as_quarter] = (row.rate(rate), revision.sealed)
    return {
        unit: [(quarter, *known[quarter]) for quarter in wanted if quarter in known] for unit, known in found.items()
    }


def _places(revision: Revision, rate: str, kind: str, listed):
    """Return (bounds, {unit: Place} of the listed FrozenUnits at least, whether stored)."""
    stored: Comparison | None = getattr(revision, "comparison", None)
    if stored and (rate, kind) == (stored.rate, ALL):
        rows = Standing.objects.filter(place__in=listed.order_by().values("pk")).values_list(
            "place__unit_id", "size", "apart", "sibling_rank", "siblings", "peer_rank", "peers"
        )
        return stored.limits, {unit: Place(*values) for unit, *values in rows}, True
    bounds = stored.limits if stored else BOUNDS
    found = places_of(_contenders(revision, rate, kind), few=revision.period.few_items, bounds=bounds)
    return bounds, found, False


def _counts(rate: str, kind: str) -> dict:
    """Return what n and N of a rate are, of FrozenUnits: sums of figures, or of their own papers."""
    if rate in OF_PAPERS:
        done, owed, exempt = OF_PAPERS[rate]
        return {"done": F(done), "of": F(owed) if owed == "obliged" else F(owed) - F(exempt)}
    return {"done": _total(f"{rate}_n", kind), "of": _total(f"{base_of(rate)}_base", kind)}


def _total(name: str, kind: str = ALL):
    counted = Q() if kind == ALL else Q(figures__kind__in=kind.split("-"))
    return Coalesce(Sum(f"figures__{name}", filter=counted), 0)


def _contenders(revision: Revision, rate: str, kind: str) -> Iterable[Contender]:
    """Return every unit of a revision's tree with n and N of a rate; one query."""
    inherited = FigurePart.objects.filter(place=OuterRef("pk"), part=FigurePart.Part.INHERITED)
    rows = FrozenUnit.objects.filter(revision=revision).annotate(
        **_counts(rate, kind), works=_total("r3_base", kind), left_out=_total("r3_x", kind), came=Exists(inherited)
    )
    names = ("unit_id", "parent_id", "kind", "done", "of", "works", "left_out", "came")
    for unit, parent, unit_kind, n, base, works, left_out, came in rows.order_by().values_list(*names):
        yield Contender(unit, parent, unit_kind, n, base, works, bool(works + left_out), came)
