"""Whether a unit will finish in time what falls due in the quarter, judged by its own best. Plain Python, no queries.

No unit is measured by another's pace, and none is judged with few works or at the beginning of a quarter.
"""

from dataclasses import dataclass

FEW = 5  # with fewer works due in the quarter nothing is said of a unit
EARLY = 10  # nor before so many working days of the quarter have passed


@dataclass(frozen=True, slots=True)
class Pace:
    """What one unit's works of a quarter say; all are counts of works, or of working days.

    `due` fall due in the quarter and `done` of them are reported complete. `finished` were since the quarter began,
    whenever due, in `passed` days; `before`, in the last quarter's last `left` days, as many as are left of this one.
    """

    due: int
    done: int
    finished: int
    before: int
    passed: int
    left: int

    @property
    def open(self) -> int:
        return self.due - self.done

    @property
    def by_now(self) -> int:
        """How many it would finish in the days left at this quarter's pace, rounded up."""
        return -(-self.finished * self.left // self.passed) if self.passed else 0

    @property
    def more(self) -> int:
        """How many it can be expected to finish in the days left, by the better of its two paces."""
        return max(self.by_now, self.before)

    @property
    def short(self) -> int:
        """How many would be missing at the end of the quarter even so; 0 where nothing can be said."""
        if self.due < FEW or self.passed < EARLY:
            return 0
        return max(0, self.open - self.more)
