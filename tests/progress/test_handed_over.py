"""What the old secretary began is the unit's: the new one goes on with it from the second of the handover."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse

from models_registry.models import WorkItem
from organizations import services as organizations
from portal.work_queue import work_queue
from progress.services import ask_change, prepare_report, report_completion, withdraw_request
from tests import factories
from tests.progress.making import claim, instant

MARCH_19, HANDED_OVER = instant("2026-03-19"), instant("2026-03-20")
SECOND = dt.timedelta(seconds=1)


@pytest.fixture
def new(district):
    person = factories.person(full_name="Bí thư mới")
    post = organizations.hand_over(
        district.cell, person, takes_over_at=HANDED_OVER, by=district.administrator, at=MARCH_19
    )
    return person.acting_as(post)


def test_drafts_requests_and_what_waits_go_over_with_the_unit(client, district, item, new):
    prepare_report(item.pk, claim("2026-03-18"), by=district.secretary, at=MARCH_19)
    with time_machine.travel(HANDED_OVER, tick=False):
        assert sum(group.count for group in work_queue(new, HANDED_OVER)) > 0
        client.force_login(new)
        assert "Đã lắp 12 bóng đèn." in client.get(reverse("progress:report", args=[item.pk])).content.decode()
        report_completion(item.pk, claim("2026-03-18", files=[]), by=new, at=HANDED_OVER)
    assert WorkItem.objects.get(pk=item.pk).state == "reported"


def test_the_new_secretary_withdraws_what_the_old_one_asked(district, item, new):
    asked = ask_change(
        item.pk, "suspend", by=district.secretary, at=MARCH_19, reason="Chờ vật tư về ấp", effective_on=MARCH_19.date()
    )
    withdraw_request(asked.pk, by=new, at=HANDED_OVER)
    asked.refresh_from_db()
    assert (asked.outcome, asked.decided_by) == ("withdrawn", new)


def test_the_old_secretary_is_out_on_the_second_also_from_a_page_left_open(client, district, item, new):
    page = reverse("progress:report", args=[item.pk])
    client.force_login(district.secretary)
    typed = {"result": "Đang làm", "save": "draft"}
    with time_machine.travel(HANDED_OVER - SECOND, tick=False):
        assert client.post(page, typed).status_code == 302
    with time_machine.travel(HANDED_OVER, tick=False):
        assert client.get(page).status_code == 404
        assert client.post(page, typed).status_code == 404
        assert client.get(reverse("home")).status_code == 200
