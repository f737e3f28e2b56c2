from datetime import timedelta
from unittest.mock import Mock

import pytest
import time_machine
from celery import current_app
from django.db import OperationalError
from django.urls import reverse
from django.utils import timezone
from kombu.exceptions import OperationalError as BrokerAway

from journal import jobs
from journal.jobs import JobRefused, job_task, send_again, start_job
from journal.models import Job, Notice

pytestmark = pytest.mark.django_db
ROUNDS = []


@job_task
def count_up(run):
    ROUNDS.append(run.job.pk)
    for number in range(run.arguments["to"]):
        run.advance(number + 1, run.arguments["to"])
    return {"url": "/there/"}


@job_task
def write_file(run):
    path = run.arguments["path"]
    run.keep("Danh sách.csv", path)


@job_task
def refuse(run):
    raise JobRefused("Tệp không có dòng nào.")


@job_task
def break_down(run):
    raise ZeroDivisionError


@job_task(patient=True)
def break_down_at_first(run):
    ROUNDS.append(run.job.pk)
    if len(ROUNDS) <= run.arguments["times"]:
        raise ZeroDivisionError


@job_task
def lose_the_database(run):
    raise OperationalError("database is away")


@pytest.fixture(autouse=True)
def nothing_done_yet():
    ROUNDS.clear()


@pytest.fixture
def started(district, now):
    """Return a function that starts a job of this module for the secretary."""

    def start(work, **arguments) -> Job:
        name = f"tests.journal.test_jobs.{work}"
        return start_job(name, title="Đếm", arguments=arguments, owner=district.secretary, at=now)

    return start


def test_a_job_that_is_done_keeps_its_progress_and_result(started, run_jobs):
    started("count_up", to=3)
    [job] = run_jobs()
    assert (job.state, job.done, job.total, job.result) == (Job.State.DONE, 3, 3, {"url": "/there/"})
    assert job.ended_at is not None


def test_a_second_delivery_does_nothing(started, run_jobs):
    job = started("count_up", to=1)
    run_jobs()
    count_up(job.pk)
    assert [job.pk] == ROUNDS


def test_a_delivery_while_another_worker_is_alive_does_nothing(started, now):
    job = started("count_up", to=1)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1, seen_alive_at=now)
    count_up(job.pk)
    assert ROUNDS == []


def test_a_job_whose_worker_fell_silent_is_begun_anew(started, now):
    job = started("count_up", to=1)
    silent = now - jobs.SILENCE - timedelta(seconds=1)
    Job.objects.filter(pk=job.pk).update(state=Job.State.RUNNING, attempts=1, seen_alive_at=silent)
    count_up(job.pk)
    job.refresh_from_db()
    assert (job.state, job.attempts) == (Job.State.DONE, 2)


def test_an_attempt_that_was_taken_over_ends_nothing(started, now):
    job = started("count_up", to=1)
    first = jobs._claim(job.pk, at=now - timedelta(minutes=5))
    second = jobs._claim(job.pk, at=now)
    with jobs.Run(first):
        pass
    job.refresh_from_db()
    assert (job.state, second.attempts) == (Job.State.RUNNING, 2)


def test_a_title_longer_than_its_column_is_cut(now):
    long = start_job(count_up.name, title="Chốt Quý I/2026 của " + "Đ" * 300, arguments={}, owner=None, at=now)
    assert (len(long.title), long.title[-2:]) == (300, "Đ…")


def test_a_job_is_sent_only_after_the_commit(started, django_capture_on_commit_callbacks):
    current_app.control.purge()
    with django_capture_on_commit_callbacks(execute=True):
        job = started("count_up", to=1)
        assert current_app.control.purge() == 0
    job.refresh_from_db()
    assert (current_app.control.purge(), job.sent_at is not None) == (1, True)


def test_a_job_waits_when_the_broker_is_away(started, now, monkeypatch):
    job = started("count_up", to=1)
    monkeypatch.setattr(current_app, "send_task", Mock(side_effect=BrokerAway))
    assert jobs.send(job, at=now) is False
    job.refresh_from_db()
    assert (job.state, job.sent_at) == (Job.State.WAITING, None)


def test_a_refusal_is_told_in_its_own_words(started, run_jobs):
    started("refuse")
    [job] = run_jobs()
    assert (job.state, job.message) == (Job.State.FAILED, "Tệp không có dòng nào.")


def test_an_unexpected_error_is_told_without_its_details(started, run_jobs):
    started("break_down")
    [job] = run_jobs()
    assert job.state == Job.State.FAILED
    assert str(job.pk) in job.message and "ZeroDivision" not in job.message


@pytest.mark.parametrize(("times", "state", "told"), [(2, "done", 0), (9, "failed", 1)])
def test_patient_work_is_begun_again_later_and_at_last_told(started, district, run_jobs, times, state, told):
    job = started("break_down_at_first", times=times)
    moment = timezone.now()
    for wait in jobs.PATIENCE:
        with time_machine.travel(moment, tick=False):
            run_jobs()
        assert send_again(at=moment + wait) == 0  # not yet
        job.refresh_from_db()
        if job.is_over:
            break
        assert (job.state, job.message) == (Job.State.WAITING, "Chưa làm được; cổng sẽ tự thử lại.")
        moment += wait + timedelta(seconds=1)
        assert send_again(at=moment) == 1
    run_jobs()
    job.refresh_from_db()
    assert (job.state, len(ROUNDS)) == (state, min(times, len(jobs.PATIENCE)) + 1)
    found = Notice.objects.filter(recipient=district.secretary, event__verb="job.given_up")
    assert [one.link for one in found] == [reverse("journal:job", args=[job.pk])] * told


def test_a_job_that_lost_the_database_is_left_to_be_begun_anew(started):
    job = started("lose_the_database")
    with pytest.raises(OperationalError):
        lose_the_database(job.pk)
    job.refresh_from_db()
    assert (job.state, jobs.pulse(job)) == (Job.State.RUNNING, None)


def test_a_file_is_kept_under_a_name_nobody_can_guess(started, run_jobs, tmp_path):
    path = tmp_path / "made.csv"
    path.write_text("a,b")
    started("write_file", path=str(path))
    [job] = run_jobs()
    assert job.result == {"filename": "Danh sách.csv"}
    assert "Danh" not in job.file.name and job.file.name.endswith(".csv")
    assert job.file.read() == b"a,b"


def test_what_a_job_made_is_deleted_after_a_week_and_its_page_says_so(client, started, run_jobs, tmp_path):
    path = tmp_path / "made.csv"
    path.write_text("a,b")
    started("write_file", path=str(path))
    [job] = run_jobs()
    assert jobs.drop_files(at=job.ended_at + jobs.FILES_KEPT) == 0
    assert job.file.storage.exists(job.file.name)
    assert jobs.drop_files(at=job.ended_at + jobs.FILES_KEPT + timedelta(seconds=1)) == 1
    assert not job.file.storage.exists(job.file.name)
    client.force_login(job.owner)
    page = client.get(reverse("journal:job", args=[job.pk])).content.decode()
    assert ("quá 7 ngày" in page, reverse("journal:job_file", args=[job.pk]) in page) == (True, False)


class TestSweep:
    @pytest.fixture(autouse=True)
    def empty_queue(self):
        current_app.control.purge()

    def test_a_job_the_broker_never_got_is_sent(self, started, now):
        started("count_up", to=1)
        assert (send_again(at=now), current_app.control.purge()) == (1, 1)

    def test_a_job_sent_a_moment_ago_is_given_time(self, started, now):
        job = started("count_up", to=1)
        Job.objects.filter(pk=job.pk).update(sent_at=now)
        assert send_again(at=now) == 0
        assert send_again(at=now + jobs.RESEND + timedelta(seconds=1)) == 1

    def test_a_running_job_is_left_alone_while_it_gives_signs_of_life(self, started, now):
        job = started("count_up", to=1)
        with jobs.Run(jobs._claim(job.pk, at=now - timedelta(minutes=5))):
            assert send_again(at=now) == 0

    def test_a_silent_job_is_sent_again(self, started, now):
        job = started("count_up", to=1)
        jobs._claim(job.pk, at=now - timedelta(minutes=5))
        assert (send_again(at=now), current_app.control.purge()) == (1, 1)

    def test_a_job_killed_too_often_ends_with_a_sentence(self, started, now):
        job = started("count_up", to=1)
        Job.objects.filter(pk=job.pk).update(
            state=Job.State.RUNNING, attempts=jobs.ATTEMPTS, seen_alive_at=now - timedelta(minutes=5)
        )
        assert send_again(at=now) == 0
        job.refresh_from_db()
        assert (job.state, bool(job.message)) == (Job.State.FAILED, True)


def test_a_job_a_wrong_clock_sent_or_claimed_ahead_is_begun_anew(started, run_jobs, now):
    jobs_begun = [started("count_up", to=1) for _ in range(2)]
    Job.objects.filter(pk=jobs_begun[0].pk).update(sent_at=now + timedelta(days=1))
    ahead = {"state": Job.State.RUNNING, "attempts": 1, "seen_alive_at": now + timedelta(days=1)}
    Job.objects.filter(pk=jobs_begun[1].pk).update(**ahead)
    assert send_again(at=now) == 2
    count_up(jobs_begun[1].pk)
    jobs_begun[1].refresh_from_db()
    assert (jobs_begun[1].state, jobs_begun[1].attempts) == (Job.State.DONE, 2)
