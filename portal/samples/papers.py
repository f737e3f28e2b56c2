"""Quarterly reports and thematic meetings of the samples, most in time, some late, some missing."""

from datetime import date, timedelta

from portal.samples.calendar import SampleYear, instant
from portal.samples.people import People
from progress.services import record_meeting, send_quarterly_report
from vietnamese.quarters import first_day, last_day

RESULTS = "Các việc đã đăng ký được giao đúng người, có sổ theo dõi; việc chậm đã bàn cách tháo gỡ trong chi bộ."
TOPIC = "Học phong cách gần dân, nói đi đôi với làm của Bác"


def past_quarters(year: SampleYear) -> list[int]:
    """Return the quarters of the plan year that ended at least a week ago."""
    week = timedelta(days=7)
    return [number for number in (1, 2, 3, 4) if last_day(year.plan_year, number) + week <= year.today]


def write_papers(people: People, codes: list[str], year: SampleYear) -> None:
    """Let each cell hold its meetings and report its quarters, by a pattern that leaves gaps."""
    for number, code in enumerate(codes):
        for quarter in past_quarters(year):
            if (number + quarter) % 4 == 3:
                continue
            secretary, unit = people.acting("secretary", code), people.units[code]
            late = 6 if (number + quarter) % 5 == 0 else 3
            sent = last_day(year.plan_year, quarter) + timedelta(days=late)
            held = _meeting_day(year.plan_year, quarter)
            record_meeting(
                unit, year.plan_year, quarter, by=secretary, at=instant(sent, 8), held_on=held, topic=TOPIC,
                attended=12 + number % 5, invited=18,
            )  # fmt: skip
            send_quarterly_report(unit, year.plan_year, quarter, by=secretary, at=instant(sent, 9), results=RESULTS)


def _meeting_day(year: int, quarter: int) -> date:
    return first_day(year, quarter) + timedelta(days=50)
