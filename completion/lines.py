"""One line per item: what was known of it at K, as a sealed revision keeps it and its hash is made of. Plain Python.

    kind|code|due day|completed on|confirmed at|marks

Both days of completion are empty unless a confirmation stood at K. Marks: `x` excluded; `b` completed for the quarter
before although the days do not say so; `a` the opposite; `d` its check of the quarter was owed and passed, `k` owed and
not passed; `u` left behind by an ended unit and not handed over yet; `h` inherited: registered by a unit that merged
into this one, or was split into it.
`completion/rollup.py` writes the same text in SQL.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime

from completion.rates import Check, Frame, Known

# How an item came to where it counts.
WAITS, INHERITED = "u", "h"


def line_of(kind: str, code: str, state: Known, frame: Frame) -> str:
    """Return the line of one item."""
    days = ["", ""]
    if state.confirmed_at is not None:
        days = [state.completed_on.isoformat(), instant_text(state.confirmed_at)]
    marks = "x" if state.excluded else ""
    if state.completed_before != _says_completed_before(state.completed_on, state.confirmed_at, frame):
        marks += "b" if state.completed_before else "a"
    marks += state.check
    return "|".join([kind, code, state.due.isoformat(), *days, marks])


def read_lines(text: str, frame: Frame) -> Iterator[tuple[str, str, Known]]:
    """Return (kind, code, what was known) of every line; the owner is the unit whose list it is."""
    for line in text.splitlines():
        item, due, completed, confirmed, marks = line.rsplit("|", 4)
        kind, code = item.split("|", 1)
        completed_on = date.fromisoformat(completed) if completed else None
        confirmed_at = datetime.fromisoformat(confirmed) if confirmed else None
        before = _says_completed_before(completed_on, confirmed_at, frame)
        if "a" in marks or "b" in marks:
            before = "b" in marks
        check = next((check for check in (Check.PASSED, Check.MISSED) if check in marks), Check.NONE)
        yield kind, code, Known(date.fromisoformat(due), completed_on, confirmed_at, "x" in marks, before, check=check)


def instant_text(at: datetime) -> str:
    """Return the instant as PostgreSQL writes it in UTC, so that SQL and Python write one text."""
    text = str(at.astimezone(UTC).replace(tzinfo=None))
    return f"{text.rstrip('0') if '.' in text else text}+00"


def _says_completed_before(completed_on: date | None, confirmed_at: datetime | None, frame: Frame) -> bool:
    if confirmed_at is None:
        return False
    return confirmed_at < frame.before_known_until and completed_on < frame.before_end_day
