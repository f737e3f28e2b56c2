"""Figures that reports printed, beside ours."""

from dataclasses import dataclass
from functools import lru_cache

from django.db.models import IntegerField, Sum

from completion.models import Figure, PublishedFigure, Revision
from completion.shares import percent_text, prints_otherwise
from journal.questions import Blank, Question
from organizations.models import Unit


@dataclass(frozen=True, slots=True)
class Beside:
    """One printed figure with what the sealed rows say of the same; `n` and `base` are None where there are none.

    `text` is our rate. `differs` says that the printed rate or its counts are not ours.
    """

    published: PublishedFigure
    n: int | None
    base: int | None
    text: str
    differs: bool


@Question
def printed_figures():
    """What reports printed of a `unit` and a `year`."""
    return PublishedFigure.objects.filter(unit=Blank("unit"), year=Blank("year", IntegerField()))


def published_beside_ours(unit: Unit, year: int, *, last: Revision | None) -> list[Beside]:
    """Return the printed figures of a unit's year, each beside R3 of the `last` quarter's revision; two queries."""
    printed = printed_figures(unit=unit.pk, year=year)
    own = own_by_unit_kind(last) if printed and last else {}
    rows = []
    for figure in printed:
        n, base = _sum(own, figure)
        text = percent_text(figure.n if n is None else n, figure.base if base is None else base)
        other = n is not None and (n, base) != (figure.n, figure.base)
        other = other or prints_otherwise(figure.printed_rate, figure.n, figure.base)
        rows.append(Beside(figure, n, base, text, other))
    return rows


def _sum(own: dict, figure: PublishedFigure) -> tuple[int | None, int | None]:
    of_kind = {unit_kind: counts for (unit_kind, kind), counts in own.items() if kind == figure.kind}
    sums = [counts for unit_kind, counts in of_kind.items() if figure.unit_kind in ("", unit_kind)]
    return tuple(map(sum, zip(*sums, strict=True))) if sums else (None, None)


def own_by_unit_kind(revision: Revision, rate: str = "r3") -> dict[tuple[str, str], tuple[int, int]]:
    """Return {(kind of unit, kind of item): (n, N)} of what units of each kind own themselves, over the whole tree.

    One query; of a sealed revision, which nothing changes, one a process.
    """
    summed = _own_by_unit_kind if revision.sealed else _own_by_unit_kind.__wrapped__
    return summed(revision.pk, revision.input_hash, rate)


@lru_cache(maxsize=64)
def _own_by_unit_kind(revision: int, _input_hash: str, rate: str) -> dict:
    sums = Figure.objects.filter(place__revision=revision).order_by().values_list("place__kind", "kind")
    found = sums.annotate(n=Sum(f"own_{rate}_n"), base=Sum(f"own_{rate}_base"))
    return {(unit_kind, kind): (n, base) for unit_kind, kind, n, base in found}
