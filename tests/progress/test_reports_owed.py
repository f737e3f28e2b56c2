"""Which unit owes a quarter's report, who is let off, and what the list of them says."""

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
from progress.models import QuarterlyReport, ReportExemption
from progress.queries.quarters import REPORT_WITHIN_DAYS, owed_quarters, owes_report, reporting_units, tally
from progress.services import exempt_report, lift_report_exemption
from tests.factories import person, unit
from tests.progress.making import instant
from tests.progress.quarters import APRIL_5, page_of, send


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(APRIL_5, tick=False):
        yield


def piles(user):
    return tally(reporting_units(user, 2026, 1))


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
