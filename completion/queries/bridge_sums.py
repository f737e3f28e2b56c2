"""The sums of a bridge between two revisions of one unit, in flat memory: what a report tells of why a rate moved."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from zlib import crc32

from completion.bridges import Sides, Step, changes, counts
from completion.lines import read_lines
from completion.queries.behind import Reading
from completion.queries.bridge import approved_by
from completion.queries.sealed import texts_of
from completion.rates import Frame, Known

# Works held at a time; a tree of more is gone through several times, each time for another part of its works.
AT_A_TIME = 40_000


@dataclass(slots=True)
class Sums:
    """n and N in the one revision and in the other, and what each step adds to both: they add up exactly."""

    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)
    steps: dict[Step, tuple[int, int]] = field(default_factory=dict)
    works: dict[Step, int] = field(default_factory=dict)

    def told(self) -> list[tuple[Step, int, int, int]]:
        """Return (step, difference of n, of N, how many works) of the steps that occurred, in their order."""
        return [(step, *self.steps[step], self.works[step]) for step in Step if step in self.steps]


def bridge_sums(before: Reading, after: Reading, rate: str, *, works: int) -> Sums:
    """Return why n and N of R1…R4 moved between two sealed readings; `works` is about how many the larger one lists."""
    sides = Sides(rate, before.frame, after.frame, before.revision.sealed and after.revision.sealed)
    parts, sums = 1 + works // AT_A_TIME, Sums()
    for part in range(parts):
        was, now = (dict(_part_of(reading, part, parts)) for reading in (before, after))
        fresh = now.keys() - was.keys()
        elsewhere = approved_by(before.frame, fresh) if sides.one_year else set()
        for code in was.keys() | now.keys():
            _count(sums, was.get(code), now.get(code), sides, elsewhere=code in elsewhere)
    return sums


def _part_of(reading: Reading, part: int, parts: int) -> Iterator[tuple[str, str]]:
    """Yield (code, line as it is kept) of a part of the works; what they say is read one by one."""
    for _home, text in texts_of(reading):
        for line in text.splitlines():
            code = line.split("|", 1)[1].rsplit("|", 4)[0]
            if parts == 1 or crc32(code.encode()) % parts == part:
                yield code, line


def _count(sums: Sums, old: str | None, new: str | None, sides: Sides, *, elsewhere: bool) -> None:
    one, other = _known(old, sides.before), _known(new, sides.after)
    sums.start = _added(sums.start, counts(one, sides.before, sides.rate))
    sums.end = _added(sums.end, counts(other, sides.after, sides.rate))
    for step, n, base in changes(one, other, sides, elsewhere=elsewhere):
        sums.steps[step] = _added(sums.steps.get(step, (0, 0)), (n, base))
        sums.works[step] = sums.works.get(step, 0) + 1


def _known(line: str | None, frame: Frame) -> Known | None:
    return next(read_lines(line, frame))[2] if line else None


def _added(first: tuple[int, int], second: tuple[int, int]) -> tuple[int, int]:
    return first[0] + second[0], first[1] + second[1]
