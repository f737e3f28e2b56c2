"""A unit's papers of one quarter: its report and its discussion, drafted, sent, corrected and read."""

import datetime as dt

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from models_registry.models import Obligation
from progress.models import QuarterDraft, QuarterlyReport, ThematicMeeting
from progress.queries.quarters import asked_quarter, counts_of, quarter_in_hand, told_in_words
from progress.services import record_meeting
from tests.factories import unit
from tests.progress import making
from tests.progress.making import instant
from tests.progress.quarters import APRIL_5, page_of, send

MEETING = {"held_on": dt.date(2026, 3, 5), "topic": "Nêu gương", "attended": 20, "invited": 22}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(APRIL_5, tick=False):
        yield


@pytest.mark.parametrize(
    ("day", "quarter"),
    [("2026-03-31", (2026, 1)), ("2026-04-10", (2026, 1)), ("2026-04-11", (2026, 2)), ("2026-01-05", (2025, 4))],
)
def test_the_quarter_in_hand_is_the_last_one_during_its_days_of_grace(day, quarter):
    assert quarter_in_hand(dt.date.fromisoformat(day)) == quarter


@pytest.mark.parametrize(
    ("day", "quarter"), [("2026-03-17", (2025, 4)), ("2026-03-18", (2026, 1)), ("2026-06-16", (2026, 1))]
)
def test_a_report_is_asked_for_from_the_last_fortnight_until_the_next(day, quarter):
    assert asked_quarter(dt.date.fromisoformat(day)) == quarter


def test_a_report_is_corrected_until_the_grace_ends_and_stays_sent_when_it_was(district, owing):
    send(district, at=instant("2026-03-30"))
    send(district, at=instant("2026-04-10", 23, 59), results="Đã làm được ba việc.")
    report = QuarterlyReport.objects.get()
    assert (report.sent_at, report.results) == (instant("2026-03-30"), "Đã làm được ba việc.")
    with pytest.raises(ValidationError, match="10/04/2026"):
        send(district, at=instant("2026-04-11", 0, 0))


def test_a_late_first_report_is_taken_and_an_early_one_is_not(district):
    assert send(district, at=instant("2026-07-01")).sent_at == instant("2026-07-01")
    with pytest.raises(ValidationError, match="chưa bắt đầu"):
        send(district, quarter=3)


@pytest.mark.parametrize("role", ["clerk", "committee", "head", "leader", "other_secretary"])
def test_only_the_units_secretary_sends_its_report(district, role):
    with pytest.raises(PermissionDenied):
        send(district, by=getattr(district, role))


def test_a_clerk_records_a_meeting_and_a_superior_does_not(district):
    meeting = record_meeting(district.cell, 2026, 1, by=district.clerk, at=APRIL_5, **MEETING)
    assert (meeting.topic, meeting.recorded_by) == ("Nêu gương", district.clerk)
    with pytest.raises(PermissionDenied):
        record_meeting(district.cell, 2026, 1, by=district.committee, at=APRIL_5, **MEETING)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"held_on": dt.date(2026, 4, 1)}, "held_on"),
        ({"held_on": dt.date(2025, 12, 31)}, "held_on"),
        ({"attended": 23}, "attended"),
    ],
)
def test_a_meeting_that_cannot_have_been_is_refused(district, wrong, field):
    with pytest.raises(ValidationError) as refusal:
        record_meeting(district.cell, 2026, 1, by=district.secretary, at=APRIL_5, **(MEETING | wrong))
    assert list(refusal.value.error_dict) == [field]


def test_the_report_begins_with_counts_and_never_with_a_percentage(district, sheet):
    make, march = making.item, dt.date(2026, 3, 20)
    for state in ("completed", "completed", "reported", "in_progress"):
        make(sheet, state=state)
    make(sheet, excluded_at=APRIL_5)
    make(sheet, due=dt.date(2026, 4, 20))
    counts = counts_of(district.cell, 2026, APRIL_5.date())
    assert counts[1] == {"due": 4, "completed": 2, "reported": 1, "overdue": 1, "excluded": 1}
    assert march.year == 2026 and told_in_words(counts[1]) == (
        "Trong quý có 4 việc đến hạn: 2 việc đã được xác nhận hoàn thành, 1 việc đã báo cáo, chờ xác nhận, "
        "1 việc chưa xong."
    )
    assert told_in_words(counts[3]) == "Trong quý không có việc đến hạn."


def test_a_secretary_sends_the_quarter_on_one_screen(client, district, sheet):
    making.item(sheet, state="completed")
    client.force_login(district.secretary)
    page = client.get(page_of(district)).content.decode()
    assert "Trong quý có 1 việc đến hạn" in page
    assert "%" not in page.partition("<main")[2].partition("</main>")[0]
    sent = {"paper": "report", "report-results": "Đã lắp đèn toàn tuyến."}
    assert client.post(page_of(district), sent).status_code == 302
    assert client.post(page_of(district), {"paper": "report", "report-results": ""}).status_code == 422
    meeting = {
        "paper": "meeting",
        "meeting-held_on": "05/03/2026",
        "meeting-topic": "Nêu gương",
        "meeting-invited": "22",
        "meeting-attended": "20",
    }
    assert client.post(page_of(district), meeting).status_code == 302
    wrong = client.post(page_of(district), meeting | {"meeting-held_on": "31/02/2026", "meeting-topic": "Gõ dở"})
    assert (wrong.status_code, "Gõ dở" in wrong.content.decode()) == (422, True)
    assert (QuarterlyReport.objects.count(), ThematicMeeting.objects.count()) == (1, 1)


BOTH = {
    "paper": "report",
    "report-results": "Đã lắp đèn toàn tuyến.",
    "meeting-held_on": "5/3/26",
    "meeting-topic": "Nêu gương",
    "meeting-invited": "22",
    "meeting-attended": "20",
}


def kept():
    return (QuarterlyReport.objects.count(), ThematicMeeting.objects.count(), QuarterDraft.objects.count())


def test_report_and_discussion_go_with_one_press_or_not_at_all(client, district):
    client.force_login(district.secretary)
    wrong = client.post(page_of(district), BOTH | {"meeting-attended": "23"})
    assert (wrong.status_code, kept()) == (422, (0, 0, 0))
    assert "Đã lắp đèn toàn tuyến." in wrong.content.decode()
    assert client.post(page_of(district), BOTH).status_code == 302
    assert (kept(), ThematicMeeting.objects.get().held_on) == ((1, 1, 0), dt.date(2026, 3, 5))


def test_a_clerk_drafts_the_quarter_and_the_secretary_sends_it(client, district):
    client.force_login(district.clerk)
    assert client.post(page_of(district), BOTH).status_code == 403
    assert client.post(page_of(district), BOTH | {"paper": "draft", "meeting-held_on": "5/3"}).status_code == 302
    client.force_login(district.secretary)
    page = client.get(page_of(district)).content.decode()
    assert [text in page for text in ("Đã lắp đèn toàn tuyến.", 'value="5/3"', "chưa gửi")] == [True] * 3
    client.post(page_of(district), BOTH)
    assert kept() == (1, 1, 0)


def test_a_draft_saved_meanwhile_is_not_written_over_unseen(client, district):
    client.force_login(district.clerk)
    client.post(page_of(district), BOTH | {"paper": "draft", "edition": "0"})
    client.force_login(district.secretary)
    mine = BOTH | {"paper": "draft", "edition": "0", "report-results": "Lời của bí thư"}
    late = client.post(page_of(district), mine)
    page = late.content.decode()
    assert (late.status_code, "Lời của bí thư" in page, "Đã lắp đèn toàn tuyến." in page) == (409, True, True)
    assert client.post(page_of(district), mine | {"edition": late.context["edition"]}).status_code == 302
    assert QuarterDraft.objects.get().typed["report-results"] == "Lời của bí thư"


def test_a_mark_no_database_takes_is_left_out_of_a_draft(client, district):
    client.force_login(district.clerk)
    odd = {"report-results": "Đã\0 lắp", "report-\0": "x", "meeting-topic": "\0"}
    assert client.post(page_of(district), BOTH | odd | {"paper": "draft"}).status_code == 302
    told = QuarterDraft.objects.get().typed
    assert (told["report-results"], "meeting-topic" in told, "\0" in "".join(told)) == ("Đã lắp", False, False)


def test_nobody_above_reads_a_draft(client, district):
    client.force_login(district.secretary)
    client.post(page_of(district), BOTH | {"paper": "draft"})
    client.force_login(district.committee)
    assert "Đã lắp đèn toàn tuyến." not in client.get(page_of(district)).content.decode()
    assert not QuarterDraft.objects.visible_to(district.head).exists()


def test_a_meeting_alone_leaves_the_drafted_report(client, district):
    client.force_login(district.secretary)
    client.post(page_of(district), BOTH | {"paper": "draft"})
    client.post(page_of(district), BOTH | {"paper": "meeting"})
    assert (kept(), [*QuarterDraft.objects.get().typed]) == ((0, 1, 1), ["report-results"])


def test_the_screen_shows_the_facts_and_that_it_is_late(client, district, sheet):
    making.item(sheet, state="completed")
    making.item(sheet, title="Sửa cầu ấp 1", folded="sua cau ap 1")
    with time_machine.travel(instant("2026-04-12"), tick=False):
        client.force_login(district.secretary)
        page = client.get(page_of(district)).content.decode()
    assert [text in page for text in ("1 trong 2", "Sửa cầu ấp 1", "đã quá hạn gửi")] == [True] * 3


def test_a_superior_reads_the_quarter_and_writes_nothing(client, district):
    send(district)
    client.force_login(district.committee)
    page = client.get(page_of(district)).content.decode()
    assert "Đã làm được hai việc." in page and 'name="paper"' not in page
    assert page.count("<dd><p>—</p></dd>") == 2  # neither difficulties nor next steps were told
    assert client.post(page_of(district), {"paper": "report"}).status_code == 403


@pytest.mark.parametrize(("year", "quarter"), [(2026, 0), (2026, 5), (9999, 1), (1, 1)])
def test_a_quarter_that_is_none_is_not_found(client, district, year, quarter):
    client.force_login(district.secretary)
    assert client.get(reverse("progress:unit_quarter", args=[district.cell.pk, year, quarter])).status_code == 404


def year_page(client, district, year=2026):
    client.force_login(district.leader)
    return (
        client.get(reverse("progress:unit_year", args=[district.cell.pk, year]))
        .content.decode()
        .partition("<main")[2]
        .partition("</main>")[0]
    )


def test_a_year_says_not_sent_only_of_what_is_owed_and_asked_for(client, district, sheet):
    assert "chưa gửi" not in year_page(client, district)
    owes = Obligation.objects.create(round=sheet.round, unit=district.cell, owes="registration_sheet")
    assert year_page(client, district).count("chưa gửi") == 1
    assert year_page(client, district, 2025).count("chưa gửi") == 0
    with time_machine.travel(instant("2026-06-17"), tick=False):
        assert year_page(client, district).count("chưa gửi") == 2
    owes.exempted_at, owes.exempted_by, owes.exempt_reason = APRIL_5, district.head, "Đang sáp nhập"
    owes.save()
    assert "chưa gửi" not in year_page(client, district)


def test_a_year_leads_only_to_years_there_is_something_of(client, district, sheet):
    def linked(year):
        return [other for other in range(2020, 2032) if f">Năm {other}</a>" in year_page(client, district, year)]

    assert linked(2026) == []
    making.item(making.sheet(district.cell, district.board, year=2025))
    making.item(making.sheet(district.cell, district.board, year=2027))
    assert [linked(year) for year in (2024, 2025, 2026, 2027, 2028)] == [[2025], [2026], [2025, 2027], [2026], [2027]]


@pytest.mark.parametrize("more", [0, 40])
@pytest.mark.parametrize("name", ["reports", "unit_year", "unit_quarter"])
def test_quarterly_pages_keep_their_budget(client, district, owing, django_assert_max_num_queries, more, name):
    for _ in range(more):
        Obligation.objects.create(round=owing, unit=unit("Chi bộ", parent=district.commune), owes="registration_sheet")
    places = {"reports": [], "unit_year": [district.cell.pk, 2026], "unit_quarter": [district.cell.pk, 2026, 1]}
    client.force_login(district.leader)
    with django_assert_max_num_queries(12):
        assert client.get(reverse(f"progress:{name}", args=places[name])).status_code == 200
