"""Rates for machines: the rows of the `completion_rates` command."""

from datetime import datetime

from django.utils.timezone import localtime

from completion.computing import Computed, compute
from completion.models import FrozenUnit, Period, Revision
from completion.quarters import Quarter
from completion.queries.figures import ALL, rows_of
from completion.rates import COUNTERS, NOTHING, RULE_VERSION, base_of
from completion.roots import roots_on
from completion.shares import percent_text
from organizations.models import Unit
from organizations.paths import path_end

# What the interface for machines promises (docs/rates.md, 8), and nothing beyond.
PROMISED = ("r1", "r2", "r3", "r4", "r5")


class UnknownUnit(LookupError):
    """No frozen tree of the quarter holds a unit of this code."""


def exported_rates(
    quarter: Quarter,
    *,
    unit: str | None = None,
    subtree: bool = False,
    kind: str = ALL,
    revision: int | None = None,
    at: datetime,
) -> list[dict]:
    """Return one dict per unit of the quarter's frozen trees, in tree order: unit (code), kind, revision, sealed,
    as_of, rule_version, r1 … r5 as {n, N, X, text}.

    Of each tree the newest sealed revision, else 0, or the one asked for. Where no provisional one was written yet it
    is computed now and not kept. `unit` leaves one unit, with `subtree` everything below it; UnknownUnit if none.
    """
    rows = []
    for root in roots_on(quarter.end_day):
        rows += _rows_of_tree(root, quarter, kind=kind, number=revision, at=at)
    if unit is None:
        return [row for _path, row in rows]
    top = next((path for path, row in rows if row["unit"] == unit), None)
    if top is None:
        if rows or not Unit.objects.filter(code=unit).exists():
            raise UnknownUnit(unit)
        return []
    end = path_end(top) if subtree else top + "!"
    return [row for path, row in rows if top <= path < end]


def _rows_of_tree(root: Unit, quarter: Quarter, *, kind: str, number: int | None, at: datetime) -> list[tuple]:
    revisions = Revision.objects.filter(period__root=root, period__year=quarter.year, period__quarter=quarter.number)
    if number is not None:
        revisions = revisions.filter(number=number)
    kept = revisions.select_related("period").newest_first().first()
    if kept is not None:
        return _kept_rows(kept, kind)
    return [] if number else _computed_rows(root, quarter, kind, at)


def _kept_rows(revision: Revision, kind: str) -> list[tuple]:
    head = _head(kind, revision.number, revision.sealed, revision.as_of, revision.rule_version)
    places = FrozenUnit.objects.filter(revision=revision)
    rows = sorted(rows_of(places, kind=kind, period=revision.period), key=lambda row: row.path)
    return [(row.path, _row(row.code, head, row.total, row.thresholds)) for row in rows]


def _computed_rows(root: Unit, quarter: Quarter, kind: str, at: datetime) -> list[tuple]:
    period = Period.objects.of(quarter).filter(root=root).first() or Period(
        root=root, year=quarter.year, quarter=quarter.number, ends_at=quarter.ends_at, closes_at=quarter.closes_at()
    )
    known_until = min(at, period.closes_at)
    computed: Computed = compute(period, known_until, lines=False)
    head = _head(kind, 0, False, known_until, RULE_VERSION)
    rows = []
    for place in sorted(computed.tree.places.values(), key=lambda place: place.path):
        kinds = computed.totals.get(place.unit, {})
        counts = [c for name, c in kinds.items() if kind in (ALL, name)]
        total = [sum(column) for column in zip(*counts, strict=True)] or NOTHING
        rows.append((place.path, _row(place.code, head, total, period.thresholds)))
    return rows


def _head(kind: str, number: int, sealed: bool, as_of: datetime, rule_version: str) -> dict:
    return {
        "kind": kind,
        "revision": number,
        "sealed": sealed,
        "as_of": localtime(as_of).isoformat(),
        "rule_version": rule_version,
    }


def _row(code: str, head: dict, counts, thresholds) -> dict:
    row = {"unit": code, **head}
    for rate in PROMISED:
        over = base_of(rate)
        n, base, x = (counts[COUNTERS.index(name)] for name in (f"{rate}_n", f"{over}_base", f"{over}_x"))
        row[rate] = {"n": n, "N": base, "X": x, "text": percent_text(n, base, thresholds=thresholds)}
    return row
