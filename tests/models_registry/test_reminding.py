import datetime as dt

import pytest

from journal.models import Reminder
from models_registry.models import Dossier
from models_registry.queries.reminding import REMINDERS
from organizations.services import remind
from reviews.queries.reminding import REMINDERS as OF_THE_BOARD
from tests.factories import AT
from tests.models_registry import plans
from tests.models_registry.registry_factories import opened_round

pytestmark = pytest.mark.django_db
KINDS = {kind.name: kind for kind in (*REMINDERS, *OF_THE_BOARD)}
CLOSES = dt.date(2026, 3, 31)


def reminded(name, day):
    known = set(Reminder.objects.values_list("pk", flat=True))
    remind(KINDS[name], at=dt.datetime.combine(day, dt.time(6, 30), AT.tzinfo))
    return {row.recipient: row.words for row in Reminder.objects.exclude(pk__in=known).select_related("recipient")}


def day(days):
    return CLOSES + dt.timedelta(days=days)


@pytest.fixture
def opened(district):
    return opened_round(district)


@pytest.fixture
def owed(district, opened):
    return plans.obligation(opened, district)


def dossier(district, opened, *, state, **fields):
    at = dt.datetime(2026, 3, 2, 9, tzinfo=AT.tzinfo)
    return Dossier.objects.create(
        kind="registration_sheet", unit=district.cell, round=opened, year=2026, title="Bản đăng ký", state=state,
        version=1, body=district.board, author=district.secretary, submitted_by=district.secretary, created_at=at,
        changed_at=at, submitted_at=at, folded="", **fields,
    )  # fmt: skip


def test_a_registration_is_reminded_of_until_its_superior_is_told(district, owed):
    told = [reminded("registration", day(days)) for days in (-8, -7, -1, 3, 7)]
    words = {district.secretary: "Còn 1 hồ sơ đăng ký phải gửi, hạn 31/03/2026"}
    above = {district.committee: "1 đơn vị chưa gửi đủ hồ sơ đăng ký, quá hạn từ 31/03/2026"}
    assert told == [{}, words, words, words, above]


def test_a_unit_that_can_send_no_more_is_not_reminded_but_its_superior_is(district, opened, owed):
    opened.late_until = CLOSES
    opened.save()
    assert (reminded("registration", day(3)), list(reminded("registration", day(7)))) == ({}, [district.committee])


def test_an_exempt_unit_is_not_reminded(district, owed):
    owed.exempted_at, owed.exempted_by, owed.exempt_reason = AT, district.head, "Sáp nhập"
    owed.save()
    assert [reminded("registration", day(days)) for days in (-7, 3, 7)] == [{}, {}, {}]


@pytest.mark.parametrize("state", ["submitted", "withdrawn", "rejected", "approved", "draft"])
def test_only_a_returned_dossier_is_reminded_of(district, opened, state):
    found = dossier(district, opened, state="revision_requested", due_on=CLOSES)
    assert list(reminded("revision", day(-7))) == [district.secretary]
    Dossier.objects.filter(pk=found.pk).update(state=state)
    assert reminded("revision", day(-1)) == {}


def test_the_board_is_reminded_of_what_it_must_answer_in_working_days(district, opened):
    due = dt.date(2026, 3, 23)  # 15 working days after 2 March
    dossier(district, opened, state="submitted", due_on=due)
    told = [set(reminded("appraisal", due + dt.timedelta(days=days))) for days in (-8, -7, -1, 7)]
    board = {district.appraiser, district.head}
    assert told == [set(), board, board, {district.leader}]
