"""Pages of a long list by where the last one ended, so that page 3.000 costs what page 1 costs."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

PER_PAGE = 50
COUNTED_TO = 1000
# How many items of the list are looked through for words before the index of words is asked.
NEAR = 500


@dataclass(frozen=True, slots=True)
class Slice:
    """One page: its rows, and the cursors of the pages before and after it ("" where there is none).

    `count` is how many there are, `more_than` how many there are at least; both are None away from the first page.
    """

    rows: list
    before: str
    after: str
    count: int | None = None
    more_than: int | None = None


def slice_of(
    found: QuerySet,
    *,
    fields: Sequence[str],
    make: Callable,
    sort: str,
    words: Sequence[str] = (),
    after: str = "",
    before: str = "",
) -> Slice:
    """Return one page of the items that speak of all the words, sorted by "due", "-due" or "-id".

    Each row is made of its `fields`; what `make` returns has `pk` and `due_in_force`. An unreadable cursor begins at
    the beginning. Three queries at most.
    """
    start = _read(before or after)
    backwards = bool(before and start)
    descending = sort.startswith("-") != backwards
    keys = ("id",) if sort.endswith("id") else ("due_in_force", "id")
    ordered = found.order_by(*(("-" if descending else "") + key for key in keys))
    if start:
        ordered = ordered.filter(_beyond(keys, start, descending=descending))
    near = _near(ordered, words) if words else []
    whole = ordered.filter(pk__in=near) if near else ordered.speaking_of(words)
    rows = [make(*row) for row in whole.values_list(*fields)[: PER_PAGE + 1]]
    more, rows = len(rows) > PER_PAGE, rows[:PER_PAGE]
    if backwards:
        rows.reverse()
    has_before, has_after = (more, True) if backwards else (bool(start), more)
    counts = {} if start else _counts(found.speaking_of(words), len(rows), more=more, many=bool(near))
    return Slice(
        rows=rows,
        before=_cursor(rows[0]) if rows and has_before else "",
        after=_cursor(rows[-1]) if rows and has_after else "",
        **counts,
    )


def _near(ordered: QuerySet, words: Sequence[str]) -> list[int]:
    """Return the keys of a page and one more where the first items alone fill it, otherwise []; one query.

    The index of words serves words that are rare. Those that stand everywhere it would gather by the thousand, only for
    the first fifty to be shown.
    """
    nearest = ordered.values_list("pk", "folded")[:NEAR]
    keys = [pk for pk, folded in nearest if all(word in folded for word in words)][: PER_PAGE + 1]
    return keys if len(keys) > PER_PAGE else []


def _counts(found: QuerySet, shown: int, *, more: bool, many: bool) -> dict[str, int]:
    """Return what the first page says of the length of its list; a query only where the page does not show it all."""
    if not more:
        return {"count": shown}
    if many:
        return {"more_than": shown}
    count = found.order_by()[: COUNTED_TO + 1].count()
    return {"more_than": COUNTED_TO} if count > COUNTED_TO else {"count": count}


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
