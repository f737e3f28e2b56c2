import datetime as dt
from collections import Counter
from io import BytesIO

import openpyxl
import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from completion.models import Period
from journal.models import Event
from models_registry.models import Obligation
from organizations.models import Unit
from progress.models import QuarterDraft, QuarterlyReport, ReportExemption, ThematicMeeting
from progress.queries.quarters import (
    REPORT_WITHIN_DAYS,
    asked_quarter,
    counts_of,
    owed_quarters,
    owes_report,
    quarter_in_hand,
    reporting_units,
    tally,
    told_in_words,
)
from progress.services import exempt_report, lift_report_exemption, record_meeting, send_quarterly_report
from tests.factories import person, unit
from tests.progress import making
from tests.progress.making import instant

APRIL_5 = instant("2026-04-05")
MEETING = {"held_on": dt.date(2026, 3, 5), "topic": "Nêu gương", "attended": 20, "invited": 22}


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(APRIL_5, tick=False):
        yield


@pytest.fixture
def owing(district, sheet):
    """Both cells and the commune owe the round; the other commune is exempt."""
    for found in (district.cell, district.other_cell, district.commune):
        Obligation.objects.create(round=sheet.round, unit=found, owes="registration_sheet")
    Obligation.objects.create(
        round=sheet.round,
        unit=district.other_commune,
        owes="registration_sheet",
        exempt_reason="Đang sáp nhập",
        exempted_at=APRIL_5,
        exempted_by=district.head,
    )
    return sheet.round


def send(district, at=APRIL_5, results="Đã làm được hai việc.", quarter=1, by=None):
    return send_quarterly_report(district.cell, 2026, quarter, by=by or district.secretary, at=at, results=results)


def piles(user):
    return tally(reporting_units(user, 2026, 1))


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


@pytest.mark.parametrize(("at", "pile"), [(APRIL_5, "sent"), (instant("2026-04-06", 0, 0), "late")])
def test_sent_late_missing_and_exempt_add_up_to_who_is_listed(district, owing, at, pile):
    nothing = {"owed": 0, "sent": 0, "late": 0, "missing": 0, "exempt": 0}
    assert piles(district.leader) == nothing | {"owed": 4, "missing": 3, "exempt": 1}
    send(district, at=at)
    assert piles(district.leader) == nothing | {"owed": 4, pile: 1, "missing": 2, "exempt": 1}
    assert piles(district.committee) == nothing | {"owed": 2, pile: 1, "missing": 1}
    assert piles(district.secretary) == nothing | {"owed": 1, pile: 1}


def test_a_report_is_in_time_as_long_as_the_figures_say():
    assert Period._meta.get_field("report_within_days").default == REPORT_WITHIN_DAYS


def let_off(district, by=None, at=APRIL_5, reason="Đang sắp xếp lại tổ chức", quarter=1):
    return exempt_report(district.cell, 2026, quarter, reason=reason, by=by or district.head, at=at)


def test_a_head_lets_a_unit_off_one_report_with_a_reason_and_takes_that_back(district, owing):
    made = let_off(district)
    assert piles(district.leader) == {"owed": 4, "sent": 0, "late": 0, "missing": 2, "exempt": 2}
    assert not owes_report(district.secretary, 2026, 1) and owed_quarters(district.cell, 2026) == {2, 3, 4}
    assert Event.objects.get(verb="quarterly_report.exempted").detail["reason"] == "Đang sắp xếp lại tổ chức"
    for _ in range(2):
        lift_report_exemption(made, by=district.head, at=APRIL_5)
    assert piles(district.leader)["missing"] == 3
    assert let_off(district).pk != made.pk


@pytest.mark.parametrize("role", ["secretary", "committee", "appraiser", "leader"])
def test_nobody_but_the_boards_head_lets_off(district, owing, role):
    with pytest.raises(PermissionDenied):
        let_off(district, by=getattr(district, role))


@pytest.mark.parametrize(
    "how", [{"reason": "vì"}, {"at": instant("2026-04-11", 0, 0)}], ids=["no reason", "after the closing"]
)
def test_letting_off_needs_a_reason_and_ends_with_the_closing(district, owing, how):
    with pytest.raises(ValidationError):
        let_off(district, **how)


def test_who_has_reported_or_owes_nothing_is_not_let_off(district, owing):
    send(district)
    with pytest.raises(ValidationError, match="đã gửi"):
        let_off(district)
    with pytest.raises(ValidationError, match="không phải báo cáo"):
        exempt_report(district.other_commune, 2026, 1, reason="Đang sắp xếp lại", by=district.head, at=APRIL_5)


def test_the_pages_let_off_and_take_back(client, district, owing):
    client.force_login(district.head)
    url = reverse("progress:exempt_report", args=[district.cell.pk, 2026, 1])
    assert url in client.get(page_of(district)).text
    assert client.post(url, {"reason": "vì"}).status_code == 422
    shown = client.post(url, {"reason": "Đang sắp xếp lại tổ chức"}, follow=True).text
    assert "Được miễn báo cáo quý này: Đang sắp xếp lại tổ chức" in shown
    listed = client.get(reverse("progress:reports"), {"status": "exempt"}).text
    assert "Đang sắp xếp lại tổ chức" in listed
    made = ReportExemption.objects.get()
    client.post(reverse("progress:lift_report_exemption", args=[made.pk]))
    assert not ReportExemption.objects.standing().exists()


@pytest.mark.parametrize(("founded", "owes"), [("2026-03-02", 1), ("2026-03-03", 0)])
def test_a_unit_founded_within_thirty_days_of_the_end_owes_no_report(district, owing, founded, owes):
    fresh = unit("Chi bộ mới", parent=district.commune, valid_from=dt.date.fromisoformat(founded))
    Obligation.objects.create(round=owing, unit=fresh, owes="registration_sheet")
    assert piles(district.committee)["missing"] == 2 + owes


@pytest.mark.parametrize("exempt", [False, True])
@pytest.mark.parametrize("sent", [False, True])
@pytest.mark.parametrize(
    ("founded", "ended"), [("2026-01-05", None), ("2026-03-03", None), ("2026-01-05", "2026-03-31"), (None, None)]
)
def test_a_unit_owes_the_report_it_is_listed_as_missing_with(district, owing, founded, ended, sent, exempt):
    """`owes_report` asks of one unit what `reporting_units` tells of all."""
    cell = unit("Chi bộ thử", parent=district.commune, valid_from=dt.date.fromisoformat(founded or "2026-01-01"))
    cell.valid_to = ended and dt.date.fromisoformat(ended)
    cell.save()
    secretary = person(cell, "secretary")
    if founded:
        owed = Obligation.objects.create(round=owing, unit=cell, owes="registration_sheet")
        if exempt:
            owed.exempted_at, owed.exempt_reason = APRIL_5, "Mới thành lập"
            owed.save()
    if sent:
        QuarterlyReport.objects.create(
            unit=cell, year=2026, quarter=1, results="Xong", sent_by=secretary, sent_at=APRIL_5
        )
    listed = reporting_units(secretary, 2026, 1).filter(pk=cell.pk, sent_at=None, is_exempt=False).exists()
    assert owes_report(secretary, 2026, 1) is listed


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


def page_of(district, quarter=1):
    return reverse("progress:unit_quarter", args=[district.cell.pk, 2026, quarter])


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


def test_the_list_of_reports_searches_and_downloads_what_is_on_the_screen(client, district, owing):
    send(district)
    client.force_login(district.leader)
    page = client.get(reverse("progress:reports"), {"q": "Chi bo"}).content.decode()
    assert (district.other_cell.name in page, district.cell.name in page) == (True, False)
    answer = client.get(reverse("progress:reports_xlsx"), {"status": "sent"})
    rows = list(openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values)
    assert rows[3] == (
        district.cell.code,
        district.cell.name,
        district.commune.name,
        "Báo cáo đúng hạn",
        dt.datetime(2026, 4, 5, 9, 0),
        None,
    )
    assert len(rows) == 4


def test_all_four_piles_download_as_one_list_of_who_owes(client, district, owing):
    send(district)
    client.force_login(district.leader)
    page = client.get(reverse("progress:reports"), {"status": "all"})
    answer = client.get(reverse("progress:reports_xlsx"), {"status": "all"})
    _title, _blank, _heads, *rows = openpyxl.load_workbook(BytesIO(b"".join(answer.streaming_content))).active.values
    said = Counter(row[3] for row in rows)
    tally = page.context["tally"]
    piles = {"Báo cáo đúng hạn": "sent", "Báo cáo muộn": "late", "Chưa báo cáo": "missing", "Được miễn": "exempt"}
    assert {name: said[label] for label, name in piles.items()} | {"owed": len(rows)} == tally
    assert page.context["page_obj"].paginator.count == tally["owed"] == 4


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


@pytest.mark.parametrize("unit_dates", [{}, {"valid_from": dt.date(2026, 6, 2)}, {"valid_to": dt.date(2026, 6, 30)}])
def test_what_one_unit_owes_is_what_the_list_says_of_it(district, owing, unit_dates):
    Unit.objects.filter(pk=district.cell.pk).update(**unit_dates)
    district.cell.refresh_from_db()
    listed = {
        quarter
        for quarter in (1, 2, 3, 4)
        if reporting_units(district.leader, 2026, quarter).filter(pk=district.cell.pk).exists()
    }
    assert owed_quarters(district.cell, 2026) == listed
    assert len(listed) < 4 or not unit_dates


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
