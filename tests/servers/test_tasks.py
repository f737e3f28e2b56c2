import pytest
from celery import current_app
from django.conf import settings
from django.utils import timezone
from django_celery_beat.models import IntervalSchedule, PeriodicTask
from structlog.contextvars import bound_contextvars

from completion import services
from completion.models import Figure, Revision
from completion.quarters import Quarter
from completion.tasks import close_period
from journal.jobs import send_again, with_progress
from journal.models import Job, Notice
from journal.services import record
from models_registry.models import WorkItem
from organizations.models import Unit
from portal.scheduler import sync_schedule
from tests import factories
from tests.completion.archives import item, load
from tests.completion.happenings import happen
from tests.servers.processes import until

pytestmark = pytest.mark.servers


def state(job) -> str:
    job.refresh_from_db()
    return job.state


def is_done(job) -> bool:
    return state(job) == Job.State.DONE


def test_a_worker_does_a_job_and_keeps_how_far_it_came(worker, start):
    job = start("count", to=3)
    until(lambda: is_done(job))
    assert (job.done, job.total, job.attempts) == (3, 3, 1)


def test_a_job_a_sweep_sends_again_is_logged_under_the_request_that_asked_for_it(worker, start, now):
    with bound_contextvars(request_id="A1B2C-D3E4F"):
        job = start("count", to=1)
        until(lambda: is_done(job))
    forgotten = Job.objects.create(task=job.task, arguments={"to": 1}, created_at=now, request_id="F5G6H-J7K8L")
    send_again(at=timezone.now())
    until(lambda: is_done(forgotten))
    said = {f"job {one.pk} is done": one for one in (job, forgotten)}
    lines = {words: line for line in worker.log.read_text().splitlines() for words in said if words in line}
    assert [f"request_id={one.request_id}" in lines[words] for words, one in said.items()] == [True, True]
    assert all("task=tests.servers.work.count" in line for line in lines.values())


def test_twenty_jobs_are_each_done_once(worker, start, tmp_path):
    diary = tmp_path / "diary"
    jobs = [start("count", to=2, diary=str(diary)) for _ in range(20)]
    until(lambda: Job.objects.filter(state=Job.State.DONE).count() == 20, within=40)
    ended = sorted(int(line.split()[0]) for line in diary.read_text().splitlines() if "ended" in line)
    assert ended == [job.pk for job in jobs]


def test_work_in_one_transaction_shows_its_progress_before_it_commits(worker, start):
    job = start("count_in_one_transaction")
    seen = set()

    def watch():
        job.refresh_from_db()
        seen.add(with_progress(job).done)
        return job.is_over

    until(watch)
    assert len(seen) > 3


def test_the_file_a_worker_made_is_there_for_the_web_process(worker, start, tmp_path):
    job = start("write_file", folder=str(tmp_path))
    until(lambda: is_done(job))
    assert (job.result["filename"], job.file.read()) == ("Danh sách.csv", b"a,b")


def test_two_schedulers_send_each_task_once(worker, scheduler, transactional_db, tmp_path):
    diary = tmp_path / "ticks"
    every_second = IntervalSchedule.objects.create(every=1, period=IntervalSchedule.SECONDS)
    PeriodicTask.objects.create(name="tick", task="tests.servers.work.tick", interval=every_second, args=f'["{diary}"]')
    began = timezone.now()
    with scheduler(), scheduler():
        until(lambda: diary.exists() and diary.read_text().count("tick") >= 4)
    elapsed = (timezone.now() - began).total_seconds()
    assert diary.read_text().count("tick") <= elapsed + 1


def test_a_notice_reaches_its_recipient_by_itself(worker, scheduler, transactional_db, now):
    district = factories.district()
    sync_schedule()
    record(
        "dossier.approve", subject="dossier", subject_id=1, by=None, at=now, tell=[district.secretary], text="Đã duyệt"
    )
    with scheduler():
        until(lambda: Notice.objects.visible_to(district.secretary).unread().exists())


def test_long_work_on_every_process_delays_neither_folding_nor_closing(worker, scheduler, start, tmp_path):
    quarter, asked = Quarter.of(timezone.now()), tmp_path / "enough"
    year = quarter.year
    load(tmp_path, items=[item("A1", "31/12", year=year, approved="1/1")])
    root = Unit.objects.get(code="D")
    services.compute_provisional(root, quarter, at=timezone.now())
    past = services.period_of(root, Quarter(year - 1, 1))
    sync_schedule()
    jobs = [start("wait_for", path=str(asked)) for _ in range(2)]
    until(lambda: all(state(job) == Job.State.RUNNING for job in jobs))
    waits = start("count", to=1)
    began = timezone.now()
    close_period.delay(past.pk)
    until(lambda: past.revisions.filter(sealed=True).exists(), within=10)
    with scheduler():
        until(lambda: Revision.objects.get(number=0).computed_at > began)
        work, now = WorkItem.objects.get(), timezone.now()
        happen(work, "completed", now, on=now.date())
        happen(work, "confirmed", now)
        until(lambda: {*Figure.objects.values_list("r3_n", flat=True)} == {1}, within=10)
    assert ([state(job) for job in jobs], state(waits)) == ([Job.State.RUNNING] * 2, Job.State.WAITING)
    asked.touch()
    until(lambda: is_done(waits))


def test_what_is_sent_to_a_queue_of_its_own_is_a_task():
    current_app.loader.import_default_modules()
    assert settings.CELERY_TASK_ROUTES.keys() <= current_app.tasks.keys()
