"""Quarters as the figures use them: half-open, local, each with its end E and its closing instant G. Plain Python."""

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from vietnamese import quarters

ZONE = ZoneInfo("Asia/Ho_Chi_Minh")
GRACE_DAYS = 10


def midnight(day: date) -> datetime:
    """Return the instant the local day begins."""
    return datetime.combine(day, time.min, ZONE)


def local_day(at: datetime) -> date:
    return at.astimezone(ZONE).date()


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter of one year; it ends just before `ends_at` (E), the first instant after it."""

    year: int
    number: int

    def __str__(self) -> str:
        return f"{self.year}-Q{self.number}"

    @classmethod
    def parse(cls, text: str) -> "Quarter":
        """Return the quarter written "2026-Q1"; raises ValueError for anything else."""
        found = re.fullmatch(r"(\d{4})-Q([1-4])", text.strip())
        if found is None or not 1900 <= int(found[1]) <= 9000:
            raise ValueError(text)
        return cls(int(found[1]), int(found[2]))

    @classmethod
    def of(cls, at: datetime) -> "Quarter":
        """Return the quarter an instant lies in, by the local day."""
        day = local_day(at)
        return cls(day.year, quarters.quarter_of(day))

    @property
    def first_day(self) -> date:
        return quarters.first_day(self.year, self.number)

    @property
    def end_day(self) -> date:
        """The first day that no longer belongs to the quarter."""
        return quarters.day_after(self.year, self.number)

    @property
    def starts_at(self) -> datetime:
        return midnight(self.first_day)

    @property
    def ends_at(self) -> datetime:
        """E: exclusive."""
        return midnight(self.end_day)

    def closes_at(self, grace_days: int = GRACE_DAYS) -> datetime:
        """G: exclusive, so many calendar days after E."""
        return midnight(self.end_day + timedelta(days=grace_days))

    @property
    def before(self) -> "Quarter":
        return Quarter(*quarters.quarter_before(self.year, self.number))

    @property
    def after(self) -> "Quarter":
        return Quarter(self.year + self.number // 4, self.number % 4 + 1)
