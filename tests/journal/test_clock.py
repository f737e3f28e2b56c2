from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from journal import clock

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


@pytest.mark.parametrize(("ahead", "is_right"), [(DAY, False), (-DAY, False), (timedelta(minutes=2), True)])
def test_a_clock_that_is_not_the_databases_is_refused_and_logged(settings, caplog, ahead, is_right):
    settings.CLOCK_TOLERANCE = 300
    with time_machine.travel(timezone.now() + ahead):
        assert clock.is_right() is is_right
        assert ("wrong clock" in caplog.text) is not is_right
        if not is_right:
            with pytest.raises(clock.WrongClock) as wrong:
                clock.refuse_wrong_clock()
            assert ("nhanh 1440 phút" if ahead > timedelta() else "chậm 1440 phút") in wrong.value.said


def test_what_closes_by_the_clock_closes_by_the_databases(settings):
    settings.CLOCK_TOLERANCE = 300
    now = timezone.now()
    with time_machine.travel(now + timedelta(seconds=250)):
        assert abs(clock.instant() - now) < timedelta(seconds=100)


def test_nothing_is_compared_where_no_tolerance_is_set():
    with time_machine.travel(timezone.now() + DAY):
        assert clock.is_right()
