import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from models_registry import gate
from organizations import services
from progress.models import CompletionReport
from progress.services import prepare_report, report_completion, tell_progress
from progress.services.reporting import Claim
from tests.progress import making
from tests.progress.making import instant

pytestmark = pytest.mark.django_db


def claim(result="Đã lắp 5 bóng", **fields):
    return Claim(completed_on=None, result=result, interim=True, **fields)


@pytest.mark.parametrize("who", ["secretary", "clerk"])
def test_how_far_an_item_is_is_told_without_ending_it(client, district, item, who):
    client.force_login(getattr(district, who))
    page = reverse("progress:tell_progress", args=[item.pk])
    typed = {"result": "Đã lắp 5 bóng ở ngõ 3", "value": "5", "measure": making.claim("2026-03-01").measure.pk}
    assert client.post(page, typed | {"files": making.file()}).status_code == 302
    told = CompletionReport.objects.get()
    assert (told.interim, told.value, told.evidence.count(), told.completed_on) == (True, 5, 1, None)
    item.refresh_from_db()
    assert (item.state, item.completed_on) == ("in_progress", None)


@pytest.mark.parametrize("who", ["secretary", "committee", "head", "leader"])
def test_the_item_shows_it_to_the_unit_and_those_above(client, district, item, who):
    tell_progress(item.pk, claim(files=[making.file()]), by=district.secretary, at=instant("2026-03-01"))
    client.force_login(getattr(district, who))
    shown = client.get(reverse("progress:item", args=[item.pk])).content.decode()
    assert shown.count("Đã lắp 5 bóng") == 2  # in its own section and among what happened
    assert "01/03/2026" in shown


def test_it_is_told_as_often_as_there_is_something_to_tell_and_is_no_completion(district, item):
    for day in ("2026-02-01", "2026-03-01"):
        tell_progress(item.pk, claim(), by=district.secretary, at=instant(day))
    assert CompletionReport.objects.sent().count() == 0
    report_completion(item.pk, making.claim("2026-03-10"), by=district.secretary, at=instant("2026-03-11"))
    assert CompletionReport.objects.sent().count() == 1
    with pytest.raises(gate.StepNotOpen):
        tell_progress(item.pk, claim(), by=district.secretary, at=instant("2026-03-12"))


def test_a_draft_of_it_stays_apart_from_the_draft_of_the_completion(district, item):
    prepare_report(item.pk, claim("Đang lắp"), by=district.secretary, at=instant("2026-03-01"))
    prepare_report(item.pk, making.claim("2026-03-02"), by=district.secretary, at=instant("2026-03-02"))
    tell_progress(item.pk, claim("Lắp xong nửa ngõ"), by=district.secretary, at=instant("2026-03-03"))
    assert [(one.interim, one.reported_at is None) for one in CompletionReport.objects.order_by("interim")] == [
        (False, True),
        (True, False),
    ]


def test_nobody_tells_of_another_units_item(district, item):
    with pytest.raises(PermissionDenied):
        tell_progress(item.pk, claim(), by=district.committee, at=instant("2026-03-01"))


def test_nothing_told_is_refused_and_a_percentage_is_asked_for_nowhere(client, district, item):
    client.force_login(district.secretary)
    page = reverse("progress:tell_progress", args=[item.pk])
    assert client.post(page, {"result": ""}).status_code == 422
    form = client.get(page).context["form"]
    assert [*form.fields] == ["result", "value", "measure", "files"]


def test_who_told_and_reported_stands_by_the_name_of_then(client, district, item):
    old = district.secretary.full_name
    tell_progress(item.pk, claim(), by=district.secretary, at=instant("2026-03-01"))
    prepare_report(item.pk, making.claim("2026-03-10"), by=district.clerk, at=instant("2026-03-10"))
    report_completion(item.pk, making.claim("2026-03-10"), by=district.secretary, at=instant("2026-03-11"))
    clerk = district.clerk.full_name
    for n, person in enumerate((district.secretary, district.clerk)):
        services.edit_person(
            person, username=person.username, full_name=f"Tên Mới {n}", phone="", email="",
            by=district.administrator, at=instant("2026-04-01"),
        )  # fmt: skip
    client.force_login(district.committee)
    shown = client.get(reverse("progress:item", args=[item.pk])).content.decode()
    assert f"{clerk} soạn thay {old}" in shown
    assert "Tên Mới" not in shown
