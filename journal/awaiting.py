"""What an app offers the home page: one line of somebody's work queue, derived by query, never stored."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce


@dataclass(frozen=True, slots=True)
class Awaited:
    """One line of "Việc cần làm": how many of what, where to do it, and how pressing it is."""

    text: str
    count: int
    url: str
    level: str = "info"  # info, warning (due soon) or danger (overdue)


def counted_together(holder: QuerySet, **rows: QuerySet) -> dict[str, int]:
    """Return how many rows each queryset has, in one query, none without any; `holder` is a queryset of one row."""
    return counts_together(holder, **rows).get() if rows else {}


def counts_together(holder: QuerySet, **rows: QuerySet) -> QuerySet:
    """Return what `counted_together` asks, for a question."""
    return holder.order_by().values(**{name: _count(found) for name, found in rows.items()})


def _count(rows: QuerySet) -> Coalesce:
    one = rows.order_by().annotate(one=Value(1)).values("one")
    return Coalesce(Subquery(one.annotate(n=Count("pk")).values("n"), output_field=IntegerField()), 0)
