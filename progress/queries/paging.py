"""Pages of a long list by where the last one ended, so that page 3.000 costs what page 1 costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

PER_PAGE = 50
COUNTED_TO = 1000


@dataclass(frozen=True, slots=True)
class Slice:
    """One page: its rows, and the cursors of the pages before and after it ("" where there is none)."""

    rows: list
    before: str
    after: str
    count: int  # COUNTED_TO + 1 means "more than that"

    @property
    def count_is_capped(self) -> bool:
        return self.count > COUNTED_TO


def slice_of(
    found: QuerySet, *, fields: Sequence[str], make: Callable, sort: str, after: str = "", before: str = ""
) -> Slice:
    """Return one page of items sorted by "due", "-due" or "-id", each made of its `fields`; two queries.

    What `make` returns has `pk` and `due_in_force`. An unreadable cursor begins at the beginning.
    """
    start = _read(before or after)
    backwards = bool(before and start)
    descending = sort.startswith("-") != backwards
    keys = ("id",) if sort.endswith("id") else ("due_in_force", "id")
    if start:
        found_from = found.filter(_beyond(keys, start, descending=descending))
    else:
        found_from = found
    sign = "-" if descending else ""
    rows = [
        make(*row) for row in found_from.order_by(*(sign + key for key in keys)).values_list(*fields)[: PER_PAGE + 1]
    ]
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if backwards:
        rows.reverse()
    has_before, has_after = (more, True) if backwards else (bool(start), more)
    return Slice(
        rows=rows,
        before=_cursor(rows[0]) if rows and has_before else "",
        after=_cursor(rows[-1]) if rows and has_after else "",
        count=found.order_by()[: COUNTED_TO + 1].count(),
    )


def _beyond(keys, start: tuple[date, int], *, descending: bool) -> Q:
    step = "lt" if descending else "gt"
    day, pk = start
    if keys == ("id",):
        return Q(**{f"id__{step}": pk})
    # The first condition alone bounds the index; the second breaks ties of one day.
    return Q(**{f"due_in_force__{step}e": day}) & (Q(**{f"due_in_force__{step}": day}) | Q(**{f"id__{step}": pk}))


def _cursor(row) -> str:
    return f"{row.due_in_force:%Y%m%d}-{row.pk}"


def _read(cursor: str) -> tuple[date, int] | None:
    day, _, pk = cursor.partition("-")
    try:
        return date.fromisoformat(day), int(pk[:18])
    except ValueError:
        return None
