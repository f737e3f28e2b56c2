"""When figures look like formalism enough to ask about: rules over plain rows, no queries and no verdicts.

Thresholds (`reviews.models.SignalThresholds`) are given by whoever asks.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from vietnamese.quarters import last_day, quarter_of

# A dossier is asked about beside so many others at most, those that share most.
MOST_OTHERS = 3
# Shared by so large a part it is asked about even where many units write the same.
MOSTLY = 50


def alike_enough(likenesses: Iterable, passages: int, *, least: int, percent: int) -> list:
    """Return the likenesses with the dossiers that hold enough of the own sentences; each own sentence counts once.

    What many units write counts only where more than half of the dossier stands in one other.
    """
    shared = defaultdict(list)
    for one in likenesses:
        shared[one.dossier].append(one)
    chosen = {}
    for dossier, found in shared.items():
        everything = len({one.mine for one in found})
        special = len({one.mine for one in found if not one.common})
        mostly = everything * 100 >= MOSTLY * passages
        if everything >= least and (mostly or (special >= least and special * 100 >= percent * passages)):
            chosen[dossier] = everything
    nearest = sorted(chosen, key=lambda pk: (-chosen[pk], pk))[:MOST_OTHERS]
    return [one for pk in nearest for one in shared[pk]]


@dataclass(frozen=True, slots=True)
class FileUse:
    """One place a file stands at: of a unit, as evidence of a work or with a dossier; `kin` are units that share it."""

    digest: str
    unit: int
    at: datetime
    name: str
    item: int | None = None
    source: int | None = None  # the work of the year before that this one continues
    dossier: int | None = None
    kin: frozenset[int] = frozenset()
    here: bool = True  # at the board that is to be asked


def reused(uses: Sequence[FileUse], *, days: int, units: int) -> Iterator[tuple[FileUse, list[FileUse]]]:
    """Yield each later use of one file with the earlier ones that make it a question.

    Another unit's, unless they work together; the own unit's for another work after so many days. A paper that more
    units hold is everybody's.
    """
    if len({use.unit for use in uses}) > units:
        return
    ordered = sorted(uses, key=lambda use: (use.at, use.item or 0, use.dossier or 0))
    for n, use in enumerate(ordered):
        if before := [one for one in ordered[:n] if _asks(one, use, days)]:
            yield use, before


def _asks(before: FileUse, use: FileUse, days: int) -> bool:
    if before.unit != use.unit:
        return before.unit not in use.kin and use.unit not in before.kin
    if use.item is None or before.item in (use.item, use.source):
        return False
    return use.at - before.at >= timedelta(days=days)


def bursts(times: Sequence[datetime], *, count: int, minutes: int) -> Iterator[tuple[int, int]]:
    """Yield (first, last) positions of each run in which every stretch of so many lies within so many minutes.

    `times` in their order; overlapping stretches are one run.
    """
    span, first, last = timedelta(minutes=minutes), None, -1
    for end in range(count - 1, len(times)):
        start = end - count + 1
        if times[end] - times[start] > span:
            continue
        if first is not None and start > last:
            yield first, last
            first = None
        first, last = start if first is None else first, end
    if first is not None:
        yield first, last


@dataclass(frozen=True, slots=True)
class Completion:
    """A work of a unit, the day it was completed by the unit's word, and the day that was in force."""

    item: int
    unit: int
    on: date
    due: date

    @property
    def on_last_day(self) -> bool:
        return self.on in (self.due, last_day(self.on.year, quarter_of(self.on)))


def all_on_last_day(done: Iterable[Completion], *, least: int, percent: int) -> Iterator[tuple[tuple, list, int]]:
    """Yield ((unit, year, quarter), works of the last day, works in all) where so large a part is of the last day."""
    by_quarter = defaultdict(list)
    for one in done:
        by_quarter[one.unit, one.on.year, quarter_of(one.on)].append(one)
    for key, works in by_quarter.items():
        late = [one for one in works if one.on_last_day]
        if len(works) >= least and len(late) * 100 >= percent * len(works):
            yield key, late, len(works)


@dataclass(frozen=True, slots=True)
class Asked:
    """An exclusion somebody asked for: of which work, on which day, before which due day."""

    item: int
    unit: int
    on: date
    due: date
    at: datetime


def just_before_due(asked: Iterable[Asked], *, least: int, days: int) -> Iterator[tuple[tuple, list[Asked]]]:
    """Yield ((unit, year, quarter of the due day), requests) of units that asked often within days before the due."""
    by_quarter = defaultdict(list)
    for one in asked:
        if timedelta(0) <= one.due - one.on <= timedelta(days=days):
            by_quarter[one.unit, one.due.year, quarter_of(one.due)].append(one)
    yield from ((key, found) for key, found in by_quarter.items() if len({one.item for one in found}) >= least)


def nearest_common(paths: Collection[str], *, step: int) -> str:
    """Return the path of the nearest unit that stands above all of these, or is the only one."""
    shortest, parts = min(map(len, paths)), []
    for end in range(step, shortest + 1, step):
        if len(Counter(path[end - step : end] for path in paths)) > 1:
            break
        parts.append(next(iter(paths))[end - step : end])
    return "".join(parts)
