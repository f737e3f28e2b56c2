from datetime import timedelta

import pytest

from journal.leases import give_back_lease, take_lease

pytestmark = pytest.mark.django_db
EVERY = timedelta(seconds=5)


def take(at):
    return take_lease("tell", at=at, due_since=lambda last: at - last >= EVERY)


def test_the_first_scheduler_to_ask_gets_the_lease_and_the_second_does_not(now):
    assert take(now) is True
    assert take(now + timedelta(seconds=1)) is False


def test_the_lease_can_be_taken_again_when_the_task_is_due_again(now):
    take(now)
    assert take(now + EVERY) is True


def test_leases_of_two_tasks_do_not_meet(now):
    take(now)
    assert take_lease("sweep", at=now, due_since=lambda last: True) is True


def test_a_lease_a_wrong_clock_took_a_day_ahead_keeps_nobody_waiting(now):
    assert take(now + timedelta(days=1)) is True
    assert (take(now), take(now)) == (True, False)


def test_a_lease_given_back_is_due_as_before(now):
    take(now - EVERY)
    assert take(now) is True
    give_back_lease("tell", taken=now, last=now - EVERY)
    assert take(now) is True
