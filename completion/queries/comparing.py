"""Units compared fairly: ranks among siblings and peers, as stored with the seal or computed anew, and said which."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import NamedTuple

from django.db.models import Exists, F, OuterRef, Q, Sum
from django.db.models.functions import Coalesce

from completion.bulk import these
from completion.models import Comparison, FigurePart, FrozenUnit, Period, Revision, Standing
from completion.peers import BOUNDS, RANKED_RATE, Apart, Contender, Place, places_of
from completion.quarters import Quarter
from completion.queries.figures import ALL, OF_PAPERS, Passport, Rate, Row, passport_of, rows_of
from completion.queries.overview import revisions
from completion.rates import base_of
from completion.shares import rank
from journal.questions import Among, Blank, Gathered, Question
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
    """The order of units below one in a revision; those that are shown are asked for by `shown`, or whole by `rows`.

    `revisions` are all of the quarter, newest first.
    """

    passport: Passport
    order: Order
    period: Period
    rate: str
    kind: str
    revisions: Sequence[Revision]

    @property
    def sealed(self) -> list[Revision]:
        """The sealed revisions of the quarter, newest first."""
        return [revision for revision in self.revisions if revision.sealed]

    def shown(self, units: Iterable[int]) -> dict[int, "Shown"]:
        """Return {unit: what a list prints of it} of some of the units; one query."""
        asked = {"units": units, "revision": self.passport.revision_id}
        return {
            unit: Shown(unit, *words, Rate.of(self.rate, n, base, x, self.passport.thresholds))
            for unit, *words, n, base, x in figures_of(self.rate, self.kind, **asked)
        }

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


class Shown(NamedTuple):
    """One unit of an order as its frozen tree names it, with the rate it is compared by."""

    unit: int
    parent: int | None
    code: str
    name: str
    unit_kind: str
    rate: Rate


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
    of_year = revisions(unit=unit.pk, years=[quarter.year])
    known = [one for one in reversed(of_year) if one.period.as_quarter == quarter]
    revision = next((one for one in known if number in (None, one.number)), None)
    if revision is None:
        return None
    ordered = _ordered if revision.sealed else _ordered.__wrapped__
    order = ordered(revision, revision.input_hash, unit.pk, rate, kind, unit_kind, size)
    return Compared(passport_of(revision), order, revision.period, rate, kind, known)


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


@Question
def figures_of(rate: str, kind: str):
    """Some `units` in a `revision`, each with n, N and X of a rate."""
    found = FrozenUnit.objects.filter(Among("unit", "units"), revision=Blank("revision")).order_by()
    counts = _counts_and_x(rate, kind)
    return found.annotate(**counts).values_list("unit_id", "parent_id", "code", "name", "kind", *counts)


@Question
def figures_in_quarters(rate: str, kind: str):
    """Some `units` in the newest revision of each of some `quarters` (20261 is the first of 2026), with n, N and X."""
    of_quarters = Revision.objects.alias(quarter=F("period__year") * 10 + F("period__quarter")).order_by()
    here = Gathered("revision", of_quarters.filter(Among("quarter", "quarters")).values("pk"))
    found = FrozenUnit.objects.filter(Among("unit", "units"), here).order_by()
    newer = Revision.objects.filter(period=OuterRef("revision__period"), number__gt=OuterRef("revision__number"))
    of_period = (f"revision__period__{name}" for name in ("year", "quarter", "threshold_low", "threshold_high"))
    counts = _counts_and_x(rate, kind)
    found = found.filter(~Exists(newer)).annotate(**counts)
    return found.values_list("unit_id", "revision__sealed", *of_period, *counts)


def trends_of(units: Iterable[int], quarters: Sequence[Quarter], rate: str, *, kind: str = ALL) -> dict[int, list]:
    """Return {unit: (quarter, Rate, whether sealed) of these quarters it has figures of}; one query."""
    found: dict[int, dict] = {unit: {} for unit in units}
    asked = {"units": list(found), "quarters": [quarter.year * 10 + quarter.number for quarter in quarters]}
    for unit, sealed, year, number, low, high, n, base, x in figures_in_quarters(rate, kind, **asked):
        found[unit][Quarter(year, number)] = (Rate.of(rate, n, base, x, (low, high)), sealed)
    return {
        unit: [(quarter, *known[quarter]) for quarter in quarters if quarter in known] for unit, known in found.items()
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


def _counts_and_x(rate: str, kind: str) -> dict:
    """Return the same with X."""
    x = F(OF_PAPERS[rate][2]) if rate in OF_PAPERS else _total(f"{base_of(rate)}_x", kind)
    return _counts(rate, kind) | {"left": x}


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
