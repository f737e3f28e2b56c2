import datetime as dt

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.urls import reverse

from completion.models import Revision
from completion.quarters import Quarter
from completion.queries import table_of
from completion.services import compute_provisional
from journal.models import Notice
from models_registry.models import Dossier, WorkItem
from progress.models import ChangeRequest
from progress.services import ask_carry_over, ask_change, decide_request, report_completion, take_item_step
from tests.progress import making
from tests.progress.making import instant

pytestmark = pytest.mark.django_db
WHY = "Chờ vốn đầu tư công"
DECEMBER, JANUARY, JUNE = instant("2026-12-15"), instant("2027-01-04"), dt.date(2027, 6, 30)


def ask(item, district, *, at=DECEMBER, due_on=JUNE):
    return ask_change(item.pk, "carry_over", by=district.secretary, at=at, reason=WHY, due_on=due_on)


def carry(item, district):
    decide_request(ask(item, district).pk, grant=True, by=district.head, at=JANUARY)
    return WorkItem.objects.get(carried_from=item)


def test_a_carried_over_item_begins_anew_in_the_next_year_and_is_linked(district, item):
    fresh = carry(item, district)
    assert (fresh.year, fresh.state, fresh.due_in_force, fresh.approved_at) == (2027, "in_progress", JUNE, JANUARY)
    item.refresh_from_db()
    assert (item.state, item.carried_to) == ("carried_over", fresh)


@pytest.mark.parametrize("due", [None, dt.date(2026, 12, 31), dt.date(2028, 1, 1)])
def test_it_needs_a_day_in_the_next_year(district, item, due):
    with pytest.raises(ValidationError):
        ask(item, district, due_on=due)


def test_it_is_asked_from_december_and_decided_once_the_year_is_over(district, item):
    with pytest.raises(ValidationError, match="01/12/2026"):
        ask(item, district, at=instant("2026-11-30"))
    asked = ask(item, district)
    with pytest.raises(ValidationError, match="01/01/2027"):
        decide_request(asked.pk, grant=True, by=district.head, at=DECEMBER)
    assert not WorkItem.objects.filter(carried_from=item).exists()


def rate(district, quarter, code, at):
    compute_provisional(district.top, quarter, at=at)
    found = table_of(district.cell, quarter).row.rate(code)
    Revision.objects.all().delete()
    return (found.n, found.base)


def test_it_is_counted_once_in_each_year(district, item):
    """Case 12: in N and not in n of its own year; a new item of the next year, counted there once."""
    fresh = carry(item, district)
    february, july = instant("2027-02-01"), instant("2027-07-15")
    assert rate(district, Quarter(2026, 1), "r1", february) == (0, 1)
    assert rate(district, Quarter(2026, 4), "r2", february) == (0, 1)
    report_completion(fresh.pk, making.claim("2027-06-01"), by=district.secretary, at=instant("2027-06-02"))
    take_item_step(fresh.pk, "confirm", by=district.committee, at=instant("2027-06-03"))
    assert rate(district, Quarter(2027, 2), "r1", july) == (1, 1)
    assert rate(district, Quarter(2027, 2), "r2", july) == (1, 1)
    assert rate(district, Quarter(2026, 4), "r2", july) == (0, 1)


@pytest.fixture
def works(sheet):
    return [making.item(sheet, title=f"Việc {n}", folded=f"viec {n}") for n in range(3)]


def test_a_secretary_ticks_several_works_and_asks_at_once(client, district, works):
    done = making.item(works[0].dossier, state="completed", title="Việc đã xong", folded="x")
    with time_machine.travel(DECEMBER, tick=False):
        client.force_login(district.secretary)
        page = client.get(reverse("progress:carry_over")).content.decode()
        typed = {"items": [works[0].pk, works[2].pk], "due_on": "30/6/27", "reason": WHY}
        wrong = client.post(reverse("progress:carry_over"), typed | {"due_on": "30/6/28"})
        assert (wrong.status_code, ChangeRequest.objects.count()) == (422, 0)
        assert wrong.content.decode().count("checked") == 2
        assert client.post(reverse("progress:carry_over"), typed).status_code == 302
        again = client.get(reverse("progress:carry_over")).content.decode()
    assert ("Việc 0" in page, done.title in page) == (True, False)
    assert [asked.item for asked in ChangeRequest.objects.order_by("item")] == [works[0], works[2]]
    assert ("Việc 0" in again, "Việc 1" in again) == (False, True)


def test_of_several_works_all_are_asked_or_none(district, works):
    WorkItem.objects.filter(pk=works[1].pk).update(year=2025)
    with pytest.raises(ValidationError):
        ask_carry_over([work.pk for work in works], due_on=JUNE, reason=WHY, by=district.secretary, at=DECEMBER)
    assert ChangeRequest.objects.count() == 0


@pytest.mark.parametrize(("outcome", "state"), [("granted", "carried_over"), ("refused", "in_progress")])
def test_the_board_head_decides_several_at_once_and_the_units_are_told(client, district, works, outcome, state):
    ask_carry_over([work.pk for work in works], due_on=JUNE, reason=WHY, by=district.secretary, at=DECEMBER)
    asked = list(ChangeRequest.objects.order_by("item").values_list("pk", flat=True))
    with time_machine.travel(JANUARY, tick=False):
        client.force_login(district.head)
        page = reverse("progress:carry_overs")
        assert client.post(page, {"outcome": outcome}).status_code == 422
        answer = {"outcome": outcome, "requests": asked[:2], "answer": "Chưa đủ căn cứ để chuyển"}
        assert client.post(page, answer).status_code == 302
        assert client.get(page).content.decode().count('name="requests"') == 1
    assert list(WorkItem.objects.filter(year=2026).order_by("pk").values_list("state", flat=True)) == [
        state,
        state,
        "in_progress",
    ]
    assert Notice.objects.filter(recipient=district.secretary, event__verb="workitem.request_decided").count() == 2


def test_next_years_sheet_says_what_goes_on_and_is_registered_already(client, district, item):
    carry(item, district)
    client.force_login(district.secretary)
    pages = [making.sheet(district.cell, district.board, year=2027), item.dossier]
    Dossier.objects.update(state="draft", version=0)
    says = [
        "không phải đăng ký lại" in client.get(reverse("models_registry:dossier", args=[sheet.pk])).content.decode()
        for sheet in pages
    ]
    assert says == [True, False]


@pytest.mark.parametrize("rows", [1, 30])
def test_both_screens_cost_the_same_however_long(client, district, sheet, rows, django_assert_max_num_queries):
    many = [making.item(sheet, title=f"Việc {n}") for n in range(rows)]
    pages = {"carry_over": (district.secretary, "items"), "carry_overs": (district.head, "requests")}
    with time_machine.travel(DECEMBER, tick=False):
        for name, (person, ticks) in pages.items():
            client.force_login(person)
            with django_assert_max_num_queries(12):
                shown = client.get(reverse(f"progress:{name}")).content.decode()
            assert shown.count(f'name="{ticks}"') == rows
            ask_carry_over([one.pk for one in many], due_on=JUNE, reason=WHY, by=district.secretary, at=DECEMBER)
            many = []
