"""The calendar of working days as a head or an administrator keeps it, and the due days that move with it."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.models import Event, Notice
from models_registry.models import Dossier, SpecialDays
from models_registry.queries.calendar import shown_calendar, working_calendar
from models_registry.services.calendar import drop_special_days, keep_special_days
from models_registry.services.extending import extend_turn
from tests.factories import AT
from tests.reviews import factories

PAGE = "/registry/calendar/"


def at(day):
    return dt.datetime(2026, *day, 9, tzinfo=AT.tzinfo)


def keep(district, first, last=None, *, works=False, by=None):
    return keep_special_days(
        first, last or first, name="Nghỉ thêm", works=works, by=by or district.administrator, at=AT
    )


@pytest.fixture
def dossier(district):
    """Sent on Monday 6 April 2026 with 15 working days: Giỗ Tổ is made up for on the 27th, so due on the 28th."""
    return factories.sent(district, factories.judged_round(district), at=at((4, 6)))


def due(dossier):
    dossier.refresh_from_db()
    assert dossier.due_on == dossier.turns.open().get().due_on
    return dossier.due_on


def test_the_years_that_are_known_are_shipped(district):
    assert {2023, 2024, 2025, 2026, 2027} <= working_calendar().years


def test_a_holiday_more_moves_the_due_days_counted_over_it_and_back_when_it_goes(district, dossier):
    assert due(dossier) == dt.date(2026, 4, 28)
    row = keep(district, dt.date(2026, 4, 16), dt.date(2026, 4, 17))
    assert due(dossier) == dt.date(2026, 5, 4)
    worked = keep(district, dt.date(2026, 4, 18), works=True)
    assert due(dossier) == dt.date(2026, 4, 29)
    for one in (row, worked):
        drop_special_days(one.pk, by=district.head, at=AT)
    assert due(dossier) == dt.date(2026, 4, 28)
    told = Event.objects.filter(subject="calendar").values_list("verb", "detail__moved")
    assert list(told) == [(f"calendar.{verb}", 1) for verb in ("entered", "entered", "dropped", "dropped")]


def test_a_day_that_was_named_stays(district, dossier):
    extend_turn(dossier.pk, dt.date(2026, 5, 15), reason="Chờ kết quả kiểm tra", by=district.head, at=at((4, 20)))
    keep(district, dt.date(2026, 4, 16))
    assert due(dossier) == dt.date(2026, 5, 15)


@pytest.mark.parametrize(
    ("first", "last", "works"),
    [
        (dt.date(2026, 5, 20), dt.date(2026, 5, 19), False),
        (dt.date(2026, 12, 31), dt.date(2027, 1, 1), False),
        (dt.date(2026, 5, 1), dt.date(2026, 5, 1), False),
        (dt.date(2026, 5, 20), dt.date(2026, 5, 20), True),
    ],
    ids=["backwards", "two years", "entered already", "a Wednesday worked instead"],
)
def test_nonsense_is_refused_and_changes_nothing(district, first, last, works):
    before = SpecialDays.objects.count()
    with pytest.raises(ValidationError):
        keep(district, first, last, works=works)
    assert SpecialDays.objects.count() == before


def test_only_a_head_or_an_administrator_keeps_it(district):
    for stranger in (district.appraiser, district.secretary, district.leader):
        with pytest.raises(PermissionDenied):
            keep(district, dt.date(2026, 5, 20), by=stranger)


def test_the_first_entry_of_a_year_brings_its_fixed_holidays(district):
    assert working_calendar().unknown(dt.date(2028, 1, 1), dt.date(2028, 1, 1)) == [2028]
    keep(district, dt.date(2028, 1, 24), dt.date(2028, 1, 30))
    assert not working_calendar().is_working_day(dt.date(2028, 5, 2))
    assert working_calendar().years >= {2028}


def test_the_page_says_when_a_year_is_missing_and_takes_what_is_typed(client, district):
    client.force_login(district.head)
    with time_machine.travel(AT, tick=False):
        assert "Chưa có lịch nghỉ lễ, Tết năm 2028" in client.get(PAGE + "?year=2028").content.decode()
        given = {"name": "Tết Nguyên đán", "first_on": "24/01/2028", "last_on": "30/01/2028"}
        assert client.post(PAGE, given).url == f"{PAGE}?year=2028"
        page = client.get(PAGE + "?year=2028").content.decode()
        refused = client.post(PAGE, given)
    assert ("Chưa có lịch" in page, "24/01/2028 – 30/01/2028" in page) == (False, True)
    assert (refused.status_code, "Tết Nguyên đán" in refused.content.decode()) == (422, True)


def test_what_pages_count_by_is_new_at_once(client, district, django_capture_on_commit_callbacks):
    assert shown_calendar().is_working_day(dt.date(2026, 5, 20))
    with django_capture_on_commit_callbacks(execute=True):
        keep(district, dt.date(2026, 5, 20))
    assert not shown_calendar().is_working_day(dt.date(2026, 5, 20))


# Extensions of one turn.


def test_an_extension_moves_the_day_and_says_why_to_both_sides(client, district, dossier):
    client.force_login(district.head)
    with time_machine.travel(at((5, 4)), tick=False):
        page = reverse("reviews:extend", args=[dossier.pk])
        assert client.post(page, {"due_on": "10/05/2026", "reason": "ngắn"}).status_code == 422
        assert client.post(page, {"due_on": "01/05/2026", "reason": "Chờ kết quả kiểm tra"}).status_code == 422
        given = {"due_on": "12/05/2026", "reason": "Chờ kết quả kiểm tra"}
        assert client.post(page, given).url == reverse("reviews:appraise", args=[dossier.pk])
        told = "Gia hạn từ 28/04/2026 đến 12/05/2026: Chờ kết quả kiểm tra "
        told += f"({district.head.full_name}, 04/05/2026 09:00)"
        assert told in client.get(reverse("reviews:appraise", args=[dossier.pk])).content.decode()
        client.force_login(district.secretary)
        assert told in client.get(reverse("models_registry:dossier", args=[dossier.pk])).content.decode()
    [notice] = Notice.objects.filter(event__verb="dossier.extended")
    assert (notice.recipient, notice.words) == (
        district.secretary,
        f"Gia hạn thẩm định đến 12/05/2026: {dossier.title}",
    )
    assert due(dossier) == dt.date(2026, 5, 12)
    assert not Dossier.objects.late(dt.date(2026, 5, 12)).exists()


def test_the_boards_day_is_its_heads_to_move_and_the_units_the_appraisers(district, dossier):
    later = {"reason": "Chờ kết quả kiểm tra", "at": at((4, 20))}
    with pytest.raises(PermissionDenied):
        extend_turn(dossier.pk, dt.date(2026, 5, 15), by=district.appraiser, **later)
    returned = factories.sent(district, dossier.round, "Trả lại", state="revision_requested", at=at((4, 6)))
    extend_turn(returned.pk, dt.date(2026, 5, 15), by=district.appraiser, **later)
    assert due(returned) == dt.date(2026, 5, 15)
