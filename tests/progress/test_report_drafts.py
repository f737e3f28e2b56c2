import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from journal.models import Notice
from models_registry.gate import StepNotOpen
from models_registry.models import WorkItem
from organizations import services as organizations
from progress.models import CompletionReport, Evidence
from progress.queries.authority import waiting_for
from progress.services import drop_evidence, prepare_report, report_completion, take_item_step
from progress.services.reporting import Claim
from tests.factories import AT
from tests.pictures import photo
from tests.progress.making import claim, file, instant

BY_SCRIPT = {"X-Upload": "1"}
PAPER = b"%PDF-1.4 %%EOF"
MARCH_19 = instant("2026-03-19")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MARCH_19, tick=False):
        yield


def page(item):
    return reverse("progress:report", args=[item.pk])


def test_a_clerk_prepares_and_the_secretary_sends_what_was_prepared(client, district, item):
    client.force_login(district.clerk)
    typed = {"completed_on": "18/03/2026", "result": "Đã lắp 12 bóng đèn.", "files": [file()]}
    assert client.post(page(item), typed).status_code == 403
    assert client.post(page(item), typed | {"save": "draft", "files": [file()]}).status_code == 302
    assert WorkItem.objects.get(pk=item.pk).state == "in_progress"
    assert list(Notice.objects.values_list("recipient", "link")) == [(district.secretary.pk, page(item))]
    client.force_login(district.secretary)
    shown = client.get(page(item)).content.decode()
    assert "Đã lắp 12 bóng đèn." in shown and "bien-ban.pdf" in shown
    assert client.post(page(item), {key: typed[key] for key in ("completed_on", "result")}).status_code == 302
    report = CompletionReport.objects.get()
    assert (report.prepared_by, report.reported_by, report.evidence.count()) == (district.clerk, district.secretary, 1)
    shown = client.get(reverse("progress:item", args=[item.pk])).content.decode()
    assert f"{district.clerk} soạn thay {district.secretary}" in shown


def test_good_files_survive_a_refused_form(client, district, item):
    client.force_login(district.secretary)
    refused = client.post(page(item), {"completed_on": "31/02/2026", "result": "Đã lắp", "files": [file()]})
    assert (refused.status_code, "bien-ban.pdf" in refused.content.decode()) == (422, True)
    sent = client.post(page(item), {"completed_on": "18/03/2026", "result": "Đã lắp"})
    assert (sent.status_code, Evidence.objects.count()) == (302, 1)


def test_a_draft_may_lack_anything_and_is_one_an_item(district, item):
    for text in ("Mới làm", "Gần xong"):
        prepare_report(item.pk, Claim(None, text), by=district.clerk, at=MARCH_19)
    assert CompletionReport.objects.get().result == "Gần xong"


def test_a_file_is_taken_out_of_a_draft_but_never_out_of_a_sent_report(
    district, item, settings, django_capture_on_commit_callbacks
):
    draft = prepare_report(
        item.pk, claim("2026-03-18", files=[file(), file("anh-2.pdf", PAPER)]), by=district.clerk, at=MARCH_19
    )
    first, second = draft.evidence.all()
    with django_capture_on_commit_callbacks(execute=True):
        drop_evidence(item.pk, first.pk, by=district.clerk)
    assert len(list(settings.MEDIA_ROOT.rglob("*.pdf"))) == 1
    report_completion(item.pk, claim("2026-03-18", files=[]), by=district.secretary, at=MARCH_19)
    with pytest.raises(StepNotOpen):
        drop_evidence(item.pk, second.pk, by=district.secretary)
    assert list(Evidence.objects.all()) == [second]


def test_a_photo_sent_by_script_joins_the_draft_once_and_leaves_what_was_written(client, district, item):
    prepare_report(item.pk, claim("2026-03-18"), by=district.clerk, at=MARCH_19)
    client.force_login(district.secretary)
    photo_twice = [client.post(page(item), {"files": file("anh.jpg", photo())}, headers=BY_SCRIPT) for _ in range(2)]
    assert [(answer.status_code, answer["X-Upload"]) for answer in photo_twice] == [(200, "kept")] * 2
    assert photo_twice[1].content.decode().count("anh.jpg") == 2, "its name, and once more for the button"
    report = CompletionReport.objects.get()
    assert (report.result, report.prepared_by) == ("Đã lắp 12 bóng đèn.", district.clerk)
    assert list(report.evidence.values_list("name", flat=True)) == ["bien-ban.pdf", "anh.jpg"]
    refused = client.post(page(item), {"files": file("anh.jpg", b"<svg/>")}, headers=BY_SCRIPT)
    assert (refused.status_code, refused["Content-Type"]) == (422, "text/plain; charset=utf-8")
    assert "không đúng với phần mở rộng" in refused.content.decode()
    report_completion(item.pk, claim("2026-03-18", files=[]), by=district.secretary, at=MARCH_19)
    late = client.post(page(item), {"files": file("anh-2.jpg", photo(64, 48))}, headers=BY_SCRIPT)
    assert late.status_code == 409
    assert Evidence.objects.count() == 2


def test_a_photo_sent_by_script_begins_a_draft_where_there_is_none(client, district, item):
    client.force_login(district.clerk)
    assert client.post(page(item), {"files": file("anh.jpg", photo())}, headers=BY_SCRIPT).status_code == 200
    draft = CompletionReport.objects.drafts().get()
    assert (draft.prepared_by, draft.result, draft.evidence.count()) == (district.clerk, "", 1)
    assert "anh.jpg" in client.get(page(item)).content.decode()


def test_a_draft_and_its_files_are_the_own_units_alone(client, district, item):
    draft = prepare_report(item.pk, claim("2026-03-18"), by=district.clerk, at=MARCH_19)
    address = reverse("progress:evidence", args=[draft.evidence.get().pk])
    for user, status in ((district.secretary, 200), (district.committee, 404), (district.head, 404)):
        client.force_login(user)
        assert client.get(address).status_code == status
        assert "Đã lắp 12 bóng đèn." not in client.get(reverse("progress:item", args=[item.pk])).content.decode()


@pytest.mark.parametrize("role", ["committee", "head", "leader"])
def test_a_superior_prepares_nothing(district, item, role):
    with pytest.raises(PermissionDenied):
        prepare_report(item.pk, claim("2026-03-18"), by=getattr(district, role), at=MARCH_19)


def test_nothing_is_prepared_where_nothing_may_be_reported(district, item):
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    with pytest.raises(StepNotOpen):
        prepare_report(item.pk, claim("2026-03-18"), by=district.clerk, at=MARCH_19)


def test_who_prepared_a_report_does_not_confirm_it_either(district, item):
    prepare_report(item.pk, claim("2026-03-18"), by=district.clerk, at=MARCH_19)
    report_completion(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    seat = organizations.give_post(
        district.clerk, unit=district.commune, role="committee", starts_at=AT, by=None, at=AT
    )
    district.clerk.acting_as(seat)
    assert not waiting_for(district.clerk, MARCH_19).exists()
    with pytest.raises(PermissionDenied):
        take_item_step(item.pk, "confirm", by=district.clerk, at=MARCH_19)
    assert dt.date(2026, 3, 18) == CompletionReport.objects.get().completed_on
