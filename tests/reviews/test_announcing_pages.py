"""Preparing, announcing, sending back and reopening, as heads and others meet them."""

import datetime as dt

import pytest
from django.urls import reverse

from journal.models import Job
from models_registry.models import Dossier
from reviews import services, tasks
from reviews.models import Announcement, Decision
from tests.reviews.pages import NOW, REASON, state_of, url
from tests.reviews.test_announcing import proposals

pytestmark = pytest.mark.usefixtures("the_day_after")


def prepare(client, head, dossier):
    dossier.refresh_from_db()
    client.force_login(head)
    return client.post(url("approve", dossier), {"edition": dossier.edition, "later": "1"})


def test_a_decision_is_prepared_seen_by_the_board_alone_and_taken_back(client, district, proposed):
    assert prepare(client, district.head, proposed).url == url("appraise", proposed)
    assert state_of(proposed) == "under_appraisal"
    assert "Đã ký, chờ công bố" in client.get(url("appraise", proposed)).content.decode()
    for outsider in (district.secretary, district.leader):
        client.force_login(outsider)
        for page in ("reviews:history", "models_registry:dossier"):
            text = client.get(reverse(page, args=[proposed.pk])).content.decode()
            assert "Đang thẩm định" in text
            assert not any(word in text for word in ("Đã duyệt", "chờ công bố", "Ký quyết định"))
    client.force_login(district.appraiser)
    assert client.post(url("give_back", proposed), {}).status_code == 409
    client.force_login(district.head)
    assert client.post(url("undo", proposed)).status_code == 302
    assert not Decision.objects.exists()


def test_a_second_head_is_told_of_what_is_prepared(client, district, proposed, other_head):
    prepare(client, district.head, proposed)
    client.force_login(other_head)
    answer = client.post(url("reject", proposed), {"edition": proposed.edition, "reason": REASON})
    assert answer.status_code == 409
    assert f"{district.head.full_name} đã ký quyết định này lúc 06/01/2026 09:00" in answer.content.decode()


def test_chosen_decisions_are_planned_for_an_instant_and_the_beat_tells_them(client, district, round_):
    for dossier in proposals(district, round_, 3):
        prepare(client, district.head, dossier)
    chosen = list(Decision.objects.order_by("pk").values_list("pk", flat=True))[:2]
    given = {"chosen": chosen, "due_on": "07/01/2026", "due_time": "07:30"}
    assert client.post(reverse("reviews:announce"), given).url == reverse("reviews:prepared")
    planned = Announcement.objects.get()
    assert planned.due_at.isoformat() == "2026-01-07T00:30:00+00:00"
    assert "07/01/2026 07:30" in client.get(reverse("reviews:prepared")).content.decode()
    tasks.announce_what_is_due()
    assert not Decision.objects.announced().exists()
    Announcement.objects.update(due_at=NOW)
    tasks.announce_what_is_due()
    tasks.announce_what_is_due()
    states = Dossier.objects.order_by("pk").values_list("state", flat=True)
    assert list(states) == ["approved", "approved", "under_appraisal"]


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"chosen": ["0"]},
        {"every": "1", "due_on": "05/01/2026"},
        {"every": "1", "due_on": "9/1/2026", "due_time": "x"},
    ],
    ids=["nothing", "another's", "past", "no time"],
)
def test_an_announcement_without_its_parts_is_shown_again(client, district, proposed, given):
    prepare(client, district.head, proposed)
    assert client.post(reverse("reviews:announce"), given).status_code == 422
    assert not Announcement.objects.exists()


def test_what_was_ticked_stays_ticked_when_the_day_is_refused(client, district, proposed):
    prepare(client, district.head, proposed)
    chosen = Decision.objects.get().pk
    answer = client.post(reverse("reviews:announce"), {"chosen": [chosen], "due_on": "05/01/2026"})
    assert f'name="chosen" value="{chosen}" checked' in answer.text
    assert "Quyết định: Hãy đánh dấu" in client.post(reverse("reviews:announce"), {}).text


def test_what_is_announced_now_is_a_job_done_once(client, district, proposed):
    prepare(client, district.head, proposed)
    answer = client.post(reverse("reviews:announce"), {"every": "1"})
    job = Job.objects.get()
    assert answer.url == reverse("journal:job", args=[job.pk])
    tasks.announce_what_is_due()  # the beat may come first
    tasks.announce_now(job.pk)
    job.refresh_from_db()
    assert (state_of(proposed), job.message) == ("approved", "Đã công bố 1 quyết định.")


def test_a_planned_announcement_is_called_off(client, district, proposed):
    prepare(client, district.head, proposed)
    client.post(reverse("reviews:announce"), {"every": "1", "due_on": "20/01/2026"})
    assert client.post(reverse("reviews:call_off", args=[Announcement.objects.get().pk])).status_code == 302
    assert (Announcement.objects.count(), Decision.objects.prepared().count()) == (0, 1)


def test_a_proposal_is_sent_back_with_its_reason_shown_to_the_appraiser(client, district, proposed):
    client.force_login(district.head)
    short = client.post(url("send_back", proposed), {"reason": "Ngắn"})
    assert (short.status_code, "Ngắn" in short.content.decode()) == (422, True)
    assert client.post(url("send_back", proposed), {"reason": REASON}).status_code == 302
    client.force_login(district.appraiser)
    assert REASON in client.get(url("appraise", proposed)).content.decode()
    assert "Đề xuất bị trả lại" in client.get("/").content.decode()


def test_a_reopening_is_offered_to_a_second_person_and_told_on_the_history(client, district, proposed, other_head):
    services.approve(proposed.pk, by=district.head, at=NOW)
    client.force_login(district.head)
    assert url("reopen", proposed) not in client.get(url("history", proposed)).content.decode()
    assert client.get(url("reopen", proposed)).status_code == 403
    client.force_login(district.leader)
    assert url("reopen", proposed) in client.get(url("history", proposed)).content.decode()
    edition = client.get(url("reopen", proposed)).context["form"]["edition"].value()
    client.force_login(other_head)
    assert client.post(url("reopen", proposed), {"edition": edition, "reason": REASON}).status_code == 302
    client.force_login(district.leader)
    assert client.post(url("reopen", proposed), {"edition": edition, "reason": REASON}).status_code == 409
    client.force_login(district.secretary)
    page = client.get(url("history", proposed)).content.decode()
    assert f"{other_head.full_name} mở lại lúc 06/01/2026 09:00" in page
    assert (state_of(proposed), Dossier.objects.get().version) == ("submitted", 2)


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_of_prepared_decisions_costs_the_same_however_long(
    client, district, round_, rows, django_assert_max_num_queries
):
    for dossier in proposals(district, round_, rows):
        services.approve(dossier.pk, by=district.head, at=NOW, announce=False)
    first, due_at = Decision.objects.values_list("pk", flat=True)[:1], NOW + dt.timedelta(days=1)
    services.plan_announcement(first, due_at=due_at, by=district.head, at=NOW)
    client.force_login(district.head)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("reviews:prepared")).status_code == 200
