import io

import openpyxl
import pytest
from django.core.files.base import ContentFile
from django.urls import reverse

from journal.models import Job
from journal.services import record, tell_about_new_events

pytestmark = pytest.mark.django_db


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return district.secretary


@pytest.fixture
def notices(secretary, district, now):
    """Return a function that tells the secretary of so many things."""

    def tell(count=1, link="/"):
        for number in range(count):
            record(
                "dossier.approve",
                subject="dossier",
                subject_id=number,
                by=district.head,
                at=now,
                tell=[secretary],
                text=f"Đã duyệt hồ sơ {number}",
                link=link,
            )
        tell_about_new_events(at=now)
        return list(secretary.notices.order_by("id"))

    return tell


@pytest.fixture
def job(secretary, now):
    return Job.objects.create(task="x", title="Xuất danh sách", owner=secretary, created_at=now)


def test_the_list_shows_what_was_told_and_by_whom(client, notices, district):
    notices()
    page = client.get(reverse("journal:notices")).content.decode()
    assert "Đã duyệt hồ sơ 0" in page and str(district.head) in page


def test_the_list_is_taken_as_a_workbook_of_the_own_notices_alone(client, notices, district, now):
    notices(2)
    told = {"tell": [district.leader], "text": "Của người khác"}
    record("x", subject="dossier", subject_id=9, by=district.head, at=now, **told)
    tell_about_new_events(at=now)
    file = client.post(reverse("journal:notices"), {"file": "xlsx"})
    rows = list(openpyxl.load_workbook(io.BytesIO(b"".join(file))).active.iter_rows(values_only=True))
    assert [(row[0], row[2], row[5]) for row in rows[3:]] == [
        ("Đã duyệt hồ sơ 1", str(district.head), None),
        ("Đã duyệt hồ sơ 0", str(district.head), None),
    ]


def test_an_empty_list_says_so(client, secretary):
    assert "Chưa có thông báo nào" in client.get(reverse("journal:notices")).content.decode()


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long(client, notices, rows, django_assert_max_num_queries):
    notices(rows)
    with django_assert_max_num_queries(12):
        client.get(reverse("journal:notices"))


def test_opening_a_notice_reads_it_and_goes_where_it_leads(client, notices):
    [notice] = notices(link="/registry/")
    answer = client.post(reverse("journal:open_notice", args=[notice.pk]))
    notice.refresh_from_db()
    assert (answer.url, notice.read_at is not None) == ("/registry/", True)


def test_a_notice_that_leads_nowhere_leads_back_to_the_list(client, notices):
    [notice] = notices(link="//elsewhere.example/")
    assert client.post(reverse("journal:open_notice", args=[notice.pk])).url == reverse("journal:notices")


def test_all_notices_are_read_at_once(client, notices, secretary):
    notices(3)
    client.post(reverse("journal:read_all"))
    assert secretary.notices.unread().count() == 0


def test_a_running_job_asks_again_and_a_finished_one_does_not(client, job):
    running = client.get(reverse("journal:job", args=[job.pk])).content.decode()
    Job.objects.filter(pk=job.pk).update(state=Job.State.DONE, result={"url": "/there/"})
    done = client.get(reverse("journal:job", args=[job.pk])).content.decode()
    assert ("hx-get" in running, "hx-get" in done, 'href="/there/"' in done) == (True, False, True)


def test_htmx_gets_the_changing_part_alone(client, job):
    part = client.get(reverse("journal:job", args=[job.pk]), headers={"HX-Request": "true"}).content.decode()
    assert "Xuất danh sách" in part and "<html" not in part


def test_the_owner_fetches_the_file_under_its_own_name(client, job):
    job.result = {"filename": "Danh sách.csv"}
    job.file.save("0a1b.csv", ContentFile(b"a,b"))
    answer = client.get(reverse("journal:job_file", args=[job.pk]))
    assert answer.getvalue() == b"a,b"
    assert "Danh%20s%C3%A1ch.csv" in answer["Content-Disposition"]


def test_a_file_asked_for_in_a_post_goes_with_the_post(client, district, job, now):
    post = district.secretary.posts.get()
    job.arguments = {"post": post.pk}
    job.file.save("0a1b.csv", ContentFile(b"a,b"))
    assert client.get(reverse("journal:job_file", args=[job.pk])).status_code == 200
    post.ends_at = now
    post.save()
    assert client.get(reverse("journal:job_file", args=[job.pk])).status_code == 404


def test_a_job_without_a_file_has_none_to_fetch(client, job):
    assert client.get(reverse("journal:job_file", args=[job.pk])).status_code == 404


def test_an_erased_file_is_not_there(client, job):
    job.file.save("0a1b.csv", ContentFile(b"a,b"))
    job.file.storage.delete(job.file.name)
    assert client.get(reverse("journal:job_file", args=[job.pk])).status_code == 404
