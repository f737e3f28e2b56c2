"""The days of the sample year, laid around today so that its current quarter is alive."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import get_current_timezone

from vietnamese.quarters import first_day, last_day


def instant(day: date, hour: int = 9, minute: int = 0) -> datetime:
    return datetime.combine(day, time(hour, minute), tzinfo=get_current_timezone())


@dataclass(frozen=True, slots=True)
class SampleYear:
    """A plan year of which at least 24 days have passed by `today`: January starts in the year before."""

    today: date

    @property
    def plan_year(self) -> int:
        return (self.today - timedelta(days=24)).year

    def past(self, share: float) -> date:
        """Return a day between the approvals of January (0) and the day before yesterday (1)."""
        first = date(self.plan_year, 1, 16)
        span = (self.today - timedelta(days=2) - first).days
        return first + timedelta(days=round(span * share))

    def check_days(self, *, present: bool) -> list[tuple[int, date]]:
        """Return (quarter, day of its check) of the year's quarters that have ended, and with `present` of this one."""
        ended = [n for n in (1, 2, 3, 4) if last_day(self.plan_year, n) < self.today]
        days = [(n, last_day(self.plan_year, n) - timedelta(days=3)) for n in ended]
        yesterday = self.today - timedelta(days=1)
        if present and len(ended) < 4 and first_day(self.plan_year, len(ended) + 1) <= yesterday:
            days.append((len(ended) + 1, yesterday))
        return days

    @property
    def quarter_end(self) -> date:
        """Return the last day of the current quarter, within the plan year."""
        if self.today.year > self.plan_year:
            return date(self.plan_year, 12, 31)
        month = (self.today.month + 2) // 3 * 3
        following = date(self.today.year + (month == 12), month % 12 + 1, 1)
        return following - timedelta(days=1)

    @property
    def year_end(self) -> date:
        return date(self.plan_year, 12, 31)
