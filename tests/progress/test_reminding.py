import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.models import Notice, Reminder
from journal.services import make_digests
from models_registry.models import Obligation, WorkItem
from organizations import services as organizations
from organizations.models import Post, Unit
from organizations.reminding import stage_of
from organizations.services import remind
from progress.models import ChangeRequest, CompletionReport, QuarterlyReport
from progress.queries.reminding import REMINDERS
from progress.services import ask_change, decide_request, report_completion, take_item_step, urge_report
from tests.factories import AT, person
from tests.progress import making
from tests.progress.making import instant

pytestmark = pytest.mark.django_db
DUE = making.DUE  # 20/03/2026
KINDS = {kind.name: kind for kind in REMINDERS}


def reminded(day, *kinds):
    """Remind as of a day; return who was newly told what, at which stage."""
    known = set(Reminder.objects.values_list("pk", flat=True))
    for name in kinds or KINDS:
        remind(KINDS[name], at=instant(day, 6, 30))
    fresh = Reminder.objects.exclude(pk__in=known)
    return {(row.recipient, row.kind, row.stage): row.words for row in fresh.select_related("recipient")}


@pytest.mark.parametrize(
    ("days", "stage"),
    [(-8, None), (-7, -7), (-2, -7), (-1, -1), (0, -1), (2, -1), (3, 3), (6, 3), (7, 7), (13, 7), (14, None)],
)
def test_each_day_before_and_after_the_due_day_has_its_stage(days, stage):
    assert stage_of(DUE, DUE + dt.timedelta(days=days)) == stage


def test_a_work_is_reminded_of_at_t_7_t_1_and_t_3_and_its_superior_at_t_7_after(district, item):
    told = {day: reminded(day, "work") for day in ("2026-03-12", "2026-03-13", "2026-03-14", "2026-03-19")}
    told |= {day: reminded(day, "work") for day in ("2026-03-23", "2026-03-27", "2026-03-28", "2026-04-10")}
    mine, above = (district.secretary, "work"), (district.committee, "work")
    text = "1 việc chưa báo cáo hoàn thành, hạn 20/03/2026"
    assert told == {
        "2026-03-12": {},
        "2026-03-13": {(*mine, -7): text},
        "2026-03-14": {},
        "2026-03-19": {(*mine, -1): text},
        "2026-03-23": {(*mine, 3): text},
        "2026-03-27": {(*above, 7): "1 đơn vị có việc chưa báo cáo hoàn thành, quá hạn từ 20/03/2026"},
        "2026-03-28": {},
        "2026-04-10": {},
    }


def test_works_of_one_day_are_one_line_and_lagging_units_one_line_of_their_superior(district, item, sheet):
    making.item(sheet, due=DUE)
    other = making.sheet(district.other_cell, district.board)
    making.item(other, due=DUE)
    Post.objects.filter(role="committee").update(ends_at=AT + dt.timedelta(days=1))
    assert reminded("2026-03-13", "work")[district.secretary, "work", -7].startswith("2 việc")
    assert reminded("2026-03-27", "work") == {
        (district.head, "work", 7): "2 đơn vị có việc chưa báo cáo hoàn thành, quá hạn từ 20/03/2026"
    }


def test_a_morning_missed_is_made_up_for_the_next(district, item):
    assert set(reminded("2026-03-15", "work")) == {(district.secretary, "work", -7)}


def report(item, district):
    report_completion(item.pk, making.claim("2026-03-10"), by=district.secretary, at=instant("2026-03-10"))


def exclude(item, district):
    asked = ask_change(
        item.pk, "exclude", by=district.secretary, at=instant("2026-03-10"), reason="Thay đổi kế hoạch của xã",
        exclusion="changed_plan", effective_on=dt.date(2026, 3, 10),
    )  # fmt: skip
    decide_request(asked.pk, grant=True, by=district.head, at=instant("2026-03-11"))


def extend(item, district):
    asked = ask_change(
        item.pk, "extend", by=district.secretary, at=instant("2026-03-10"), reason="Chờ vật tư của nhà thầu",
        due_on=dt.date(2026, 6, 20),
    )  # fmt: skip
    decide_request(asked.pk, grant=True, by=district.head, at=instant("2026-03-11"))


def suspend(item, district):
    asked = ask_change(
        item.pk, "suspend", by=district.secretary, at=instant("2026-03-10"), reason="Chờ bố trí kinh phí",
        effective_on=dt.date(2026, 3, 10),
    )  # fmt: skip
    decide_request(asked.pk, grant=True, by=district.head, at=instant("2026-03-11"))


def end_unit(item, district):
    Unit.objects.filter(pk=item.unit_id).update(valid_to=dt.date(2026, 3, 11))


def end_post(item, district):
    Post.objects.filter(unit=item.unit_id).update(ends_at=instant("2026-03-11"))


def shut_out(item, district):
    organizations.shut_out(district.secretary, by=None, at=instant("2026-03-11"))


@pytest.mark.parametrize("path", [report, exclude, extend, suspend, end_unit, end_post, shut_out])
def test_a_work_that_ends_by_any_path_is_not_reminded_of(district, item, path):
    path(item, district)
    told = [who for day in ("2026-03-13", "2026-03-19", "2026-03-23") for who in reminded(day, "work")]
    assert told == []


def test_an_extended_work_is_reminded_of_before_its_new_day(district, item):
    reminded("2026-03-13", "work")
    item.refresh_from_db()
    extend(item, district)
    assert set(reminded("2026-06-13", "work")) == {(district.secretary, "work", -7)}


@pytest.fixture
def owing(district, sheet):
    """The cell owes what the round asks, quarterly reports among them."""
    return Obligation.objects.create(round=sheet.round, unit=district.cell, owes="registration_sheet")


def sent(owing, district):
    QuarterlyReport.objects.create(
        unit=district.cell, year=2026, quarter=1, results="Đã làm", sent_at=instant("2026-04-01"),
        sent_by=district.secretary,
    )  # fmt: skip


def exempt(owing, district):
    Obligation.objects.update(exempted_at=AT, exempted_by=district.head, exempt_reason="Sáp nhập")


def test_a_quarterly_report_is_reminded_of_in_its_days_of_grace(district, owing):
    told = [list(reminded(day, "report").values()) for day in ("2026-04-01", "2026-04-03", "2026-04-09", "2026-04-17")]
    text = "1 báo cáo quý chưa gửi, hạn 10/04/2026"
    assert told == [[], [text], [text], ["1 đơn vị chưa gửi báo cáo quý, quá hạn từ 10/04/2026"]]


@pytest.mark.parametrize("path", [sent, exempt])
def test_a_quarterly_report_sent_or_not_owed_is_not_reminded_of(district, owing, path):
    path(owing, district)
    assert reminded("2026-04-03", "report") == {}


def reported(sheet, district, *, kind="COL", by=None, day="2026-03-10"):
    item = making.item(sheet, kind=kind, state="reported", completed_on=dt.date(2026, 3, 1))
    CompletionReport.objects.create(
        item=item, completed_on=dt.date(2026, 3, 1), result="Xong", reported_by=by or district.secretary,
        reported_at=instant(day),
    )  # fmt: skip
    return item


def test_a_report_that_waits_is_put_before_who_confirms_it(district, sheet, deputy):
    reported(sheet, district)
    reported(sheet, district, kind="IND")
    assert set(reminded("2026-03-13", "confirmation")) == {
        (district.committee, "confirmation", -7),
        (deputy, "confirmation", -7),
    }


def test_a_lone_officer_is_reminded_of_the_own_report_of_a_members_work(district, sheet):
    reported(sheet, district, kind="IND")
    assert set(reminded("2026-03-13", "confirmation")) == {(district.secretary, "confirmation", -7)}


def test_a_confirmed_report_is_not_reminded_of(district, sheet):
    item = reported(sheet, district)
    take_item_step(item.pk, "confirm", by=district.committee, at=instant("2026-03-11"))
    assert reminded("2026-03-13", "confirmation") == {}


def test_a_request_is_put_before_the_board_head_until_it_is_decided_or_withdrawn(district, item):
    asked = ChangeRequest.objects.create(
        item=item, kind="suspend", reason="Chờ kinh phí", asked_by=district.secretary, asked_at=instant("2026-03-10")
    )
    assert set(reminded("2026-03-13", "request")) == {(district.head, "request", -7)}
    asked.outcome, asked.decided_by, asked.decided_at = "withdrawn", district.secretary, instant("2026-03-14")
    asked.save()
    assert reminded("2026-03-19", "request") == {}
    assert reminded("2026-03-27", "request") == {}


def test_an_ongoing_works_check_is_put_before_who_confirms_it(district, sheet):
    making.item(sheet, ongoing=True, due=dt.date(2026, 12, 31))
    assert set(reminded("2026-04-03", "check")) == {(district.committee, "check", -7)}


def test_a_person_of_several_kinds_gets_one_digest(district, item, owing):
    WorkItem.objects.update(due_in_force=dt.date(2026, 4, 10))
    reminded("2026-04-03")
    assert make_digests(at=instant("2026-04-03", 7)) == 1


def test_many_units_are_reminded_in_few_queries(district, sheet, django_assert_max_num_queries):
    cells = Unit.objects.bulk_create(
        Unit(
            code=f"M{n}", name=f"Chi bộ {n}", kind="cell", valid_from=AT.date(), sort_key="x", folded_name="x",
            path=f"{district.commune.path}{90_000_000 + n}",
        )
        for n in range(600)
    )  # fmt: skip
    secretary = person()
    Post.objects.bulk_create(Post(person=secretary, unit=cell, role="secretary", starts_at=AT) for cell in cells)
    WorkItem.objects.bulk_create(
        WorkItem(
            dossier=sheet, unit=cell, kind="COL", year=2026, title="x", folded="x", state="in_progress",
            approved_at=making.APPROVED_AT, due_on=DUE, due_in_force=DUE,
        )
        for cell in cells
    )  # fmt: skip
    with django_assert_max_num_queries(14):
        remind(KINDS["work"], at=instant("2026-03-13", 6, 30))
    assert Reminder.objects.count() == 600


def test_a_superior_reminds_a_unit_at_once_and_once_a_day(client, district, owing):
    page = reverse("progress:urge", args=[district.cell.pk, 2026, 1])
    with time_machine.travel(instant("2026-04-05")):
        client.force_login(district.committee)
        client.post(page)
        client.force_login(district.leader)
        again = client.post(page, follow=True)
    told = Notice.objects.get(recipient=district.secretary, event__verb="unit.urged")
    assert told.words == "Đảng ủy xã An nhắc: báo cáo Quý I/2026 chưa gửi"
    assert "Hôm nay Chi bộ ấp 1 đã được nhắc việc này rồi." in again.content.decode()
    with time_machine.travel(instant("2026-04-06")):
        client.force_login(district.leader)
        client.post(page)
    assert Notice.objects.filter(event__verb="unit.urged").count() == 2


def test_a_unit_that_owes_nothing_is_not_reminded_by_hand(client, district, owing):
    sent(owing, district)
    with pytest.raises(ValidationError):
        urge_report(district.cell, 2026, 1, by=district.head, at=instant("2026-04-05"))
    assert not Notice.objects.filter(event__verb="unit.urged").exists()


def test_nobody_reminds_the_own_unit_or_one_elsewhere(district, owing):
    Obligation.objects.create(round=owing.round, unit=district.commune, owes="registration_sheet")
    for unit, by in (
        (district.commune, district.committee),
        (district.cell, person(district.other_commune, "committee")),
    ):
        with pytest.raises(PermissionDenied):
            urge_report(unit, 2026, 1, by=by, at=instant("2026-04-05"))
