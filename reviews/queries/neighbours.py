"""Which dossiers stand before and after one in a filtered queue."""

from typing import NamedTuple

from django.db.models import F, OrderBy, Q

from models_registry.models import Dossier
from reviews.queries.queue import ORDERS


class Neighbours(NamedTuple):
    before: int | None
    after: int | None


def neighbours(pk: int, dossiers, sort: str) -> Neighbours:
    """Return the ids of the dossiers next to one in an unsorted queue, whether or not it still passes the filters.

    So whoever has just taken or decided one goes on where it stood; one that lost its place (no due day any more) is
    followed by the first. Three queries, each of one row.
    """
    first, _key = ORDERS[sort.removeprefix("-")]
    place = Dossier.objects.filter(pk=pk).values_list(first, flat=True).get()
    backwards = sort.startswith("-")
    others = dossiers.exclude(pk=pk).annotate(place=first)
    if place is None:
        return Neighbours(None, _nearest(others.filter(place__isnull=False), first, backwards=backwards))
    up = Q(place__gt=place) | Q(place=place, pk__gt=pk)
    down = Q(place__lt=place) | Q(place=place, pk__lt=pk)
    above, below = _nearest(others.filter(down), first, backwards=True), _nearest(others.filter(up), first)
    return Neighbours(below, above) if backwards else Neighbours(above, below)


def _nearest(dossiers, first, *, backwards: bool = False) -> int | None:
    order = [OrderBy(term, descending=backwards) for term in (first, F("pk"))]
    return dossiers.order_by(*order).values_list("pk", flat=True).first()
