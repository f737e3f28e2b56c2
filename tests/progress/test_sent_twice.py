"""Reports, requests, quarterly papers pressed twice: each is written once, and the second is led on kindly."""

import pytest
import time_machine
from django.urls import reverse

from progress.models import ChangeRequest, CompletionReport, QuarterlyReport, ThematicMeeting
from tests.progress import making

pytestmark = pytest.mark.django_db
MEETING = {
    "paper": "meeting",
    "meeting-held_on": "20/02/2026",
    "meeting-topic": "Nêu gương",
    "meeting-invited": "20",
    "meeting-attended": "18",
}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(making.instant("2026-03-01"), tick=False):
        yield


@pytest.fixture
def twice(client, district):
    def send(address, data):
        client.force_login(district.secretary)
        answers = [client.post(address, {"once": "t1"} | (data() if callable(data) else data)) for _ in range(2)]
        assert [(answer.status_code, answer.url) for answer in answers] == [(302, answers[0].url)] * 2

    return send


def test_a_completed_work_is_reported_once(twice, item):

    def told():
        return {"completed_on": "20/02/2026", "result": "Đã lắp 40 bóng đèn", "files": making.file()}

    twice(reverse("progress:report", args=[item.pk]), told)
    assert (CompletionReport.objects.count(), item.facts.count()) == (1, 1)


def test_a_draft_of_a_report_keeps_its_file_once(twice, item):

    def told():
        return {"save": "draft", "result": "Đang lắp", "files": making.file()}

    twice(reverse("progress:report", args=[item.pk]), told)
    assert CompletionReport.objects.get().evidence.count() == 1


def test_a_request_is_asked_once(twice, item):
    asked = {"reason": "Chờ cấp ủy bố trí kinh phí", "due_on": "30/06/2026"}
    twice(reverse("progress:ask", args=[item.pk, "extend"]), asked)
    assert ChangeRequest.objects.count() == 1
    twice(reverse("progress:withdraw_request", args=[ChangeRequest.objects.get().pk]), {})


def test_a_quarters_papers_are_written_once(twice, item):
    address = reverse("progress:unit_quarter", args=[item.unit_id, 2026, 1])
    twice(address, MEETING)
    twice(address, {"paper": "report", "report-results": "Đã trồng 40 cây"})
    assert (ThematicMeeting.objects.count(), QuarterlyReport.objects.count()) == (1, 1)
