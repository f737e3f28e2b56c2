import datetime as dt

import pytest

from completion import services
from completion.folding import fold_changes
from completion.papers import PAPERS
from completion.quarters import Quarter, midnight
from completion.queries import table_of
from completion.queries.figures import Row
from models_registry.models import CriterionSet, MemberObligation, Obligation, RegistrationRound, Theme, WorkItem
from organizations.models import HeadCount, Unit
from progress.models import QuarterlyReport, ReportExemption
from tests import factories
from tests.completion.archives import TREE, item, load

pytestmark = pytest.mark.django_db
E_DAY = dt.date(2026, 4, 1)


@pytest.fixture
def obliged(tmp_path, year_after):
    """Six cells that owe: in time, late, missing, exempt, exempt though it reported, and founded too late."""
    cells = [[code, f"Chi bộ {code}", "cell", "G", "2020-01-01", ""] for code in ("T", "L", "M", "X", "Y")]
    load(
        tmp_path,
        units=[*TREE, *cells, ["N", "Chi bộ mới", "cell", "G", "2026-03-20", ""]],
        items=[item("I1", "31/3", unit="T"), item("I2", "31/3", unit="X")],
    )
    board = Unit.objects.get(code="D")
    author = factories.person()
    theme = Theme.objects.create(title="Chuyên đề", year_from=2026, year_to=2026, owner=board)
    kept = CriterionSet.objects.create(name="Tiêu chí", owner=board, dossier_kind="registration_sheet", year=2026)
    first = midnight(dt.date(2026, 1, 5))
    opened = RegistrationRound.objects.create(
        name="Đợt 1", year=2026, body=board, theme=theme, model_criteria=kept, sheet_criteria=kept,
        opens_on=first.date(), closes_on=first.date(), late_until=first.date(), opened_at=first,
    )  # fmt: skip
    for code in ("T", "L", "M", "X", "Y", "N"):
        exempt = {"exempted_at": first, "exempt_reason": "Mới sáp nhập"} if code in "XY" else {}
        Obligation.objects.create(round=opened, unit=unit(code), owes="registration_sheet", **exempt)
    for code, day in (("T", dt.date(2026, 4, 5)), ("L", dt.date(2026, 4, 6)), ("Y", dt.date(2026, 4, 2))):
        QuarterlyReport.objects.create(
            unit=unit(code), year=2026, quarter=1, results="Kết quả", sent_at=midnight(day), sent_by=author
        )


def test_reports_sent_late_missing_and_exempt_add_up_to_what_is_owed(obliged):
    """Cases 25 and 26."""
    services.seal_quarter(unit("D"), Quarter(2026, 1), at=midnight(dt.date(2026, 5, 1)))
    row = table_of(unit("D"), Quarter(2026, 1)).row
    assert row.papers == dict.fromkeys(PAPERS, 0) | {
        "owed": 5, "exempt": 2, "reported": 2, "in_time": 1, "obliged": 4, "registered": 1, "freed": 2,
    }  # fmt: skip
    assert {code: rate_of(row, code) for code in ("r6", "r6t", "r7")} == {
        "r6": (2, 3, 2),
        "r6t": (1, 3, 2),
        "r7": (1, 4, 2),
    }


@pytest.mark.parametrize(("founded", "owed"), [("2026-03-02", 6), ("2026-03-03", 5)])
def test_a_report_is_owed_by_who_stood_thirty_days_before_the_end(obliged, founded, owed):
    """Case 26."""
    Unit.objects.filter(code="N").update(valid_from=founded)
    services.seal_quarter(unit("D"), Quarter(2026, 1), at=midnight(dt.date(2026, 5, 1)))
    assert table_of(unit("D"), Quarter(2026, 1)).row.papers["owed"] == owed


def test_a_report_committed_after_the_folding_that_its_instant_lies_before_is_folded_by_the_next(obliged):
    noon = midnight(dt.date(2026, 4, 7)) + dt.timedelta(hours=12)
    services.compute_provisional(unit("D"), Quarter(2026, 1), at=noon)
    sent = noon - dt.timedelta(seconds=2)  # its request took two seconds
    QuarterlyReport.objects.create(
        unit=unit("M"), year=2026, quarter=1, results="Kết quả", sent_at=sent, sent_by=factories.person()
    )
    fold_changes(at=noon + dt.timedelta(seconds=5))
    assert table_of(unit("D"), Quarter(2026, 1)).row.papers["reported"] == 3


def rate_of(row, code):
    rate = row.rate(code)
    return rate.n, rate.base, rate.x


def test_a_unit_let_off_one_quarters_report_owes_none_of_it_until_that_is_lifted(obliged):
    author = factories.person()
    let_off = {"unit": unit("M"), "year": 2026, "quarter": 1, "reason": "Đang sắp xếp", "exempted_by": author}
    made = ReportExemption.objects.create(exempted_at=midnight(dt.date(2026, 4, 2)), **let_off)
    quarters = Quarter(2026, 1), Quarter(2026, 2)
    for quarter in quarters:
        services.compute_provisional(unit("D"), quarter, at=midnight(dt.date(2026, 7, 2)))
    assert [rate_of(table_of(unit("D"), quarter).row, "r6") for quarter in quarters] == [(2, 2, 3), (0, 4, 2)]
    made.lifted_at, made.lifted_by = midnight(dt.date(2026, 4, 3)), author
    made.save()
    services.compute_provisional(unit("D"), quarters[0], at=midnight(dt.date(2026, 7, 2)))
    assert rate_of(table_of(unit("D"), quarters[0]).row, "r6") == (2, 3, 2)


def test_four_hundred_cells_as_in_the_specification():
    """Case 25: 390 in time, 6 late, 2 missing, 2 exempt."""
    papers = dict.fromkeys(PAPERS, 0) | {"owed": 400, "exempt": 2, "reported": 396, "in_time": 390}
    row = Row(0, 0, None, "D", "Đảng bộ", "district_committee", "", 0, (50, 80), papers, papers)
    assert [(row.rate(code).base, row.rate(code).text) for code in ("r6", "r6t")] == [(398, "99,5%"), (398, "98,0%")]


def test_members_owe_by_the_rounds_head_count_and_count_once_approved(obliged, tmp_path):
    rounds = RegistrationRound.objects.get()
    at = midnight(dt.date(2026, 1, 5))
    for code, members, exempt in (("T", 5, 1), ("X", 4, 0), ("L", 1, 0)):
        why = "Tuổi cao" if exempt else ""
        count = HeadCount.objects.create(
            unit=unit(code), valid_from=at.date(), members=members, exempt=exempt, exempt_reason=why, recorded_at=at
        )
        MemberObligation.objects.create(round=rounds, unit=unit(code), head_count=count, written_at=at)
    MemberObligation.objects.create(round=rounds, unit=unit("M"), written_at=at)
    load(
        tmp_path / "more",
        units=[],
        items=[item(f"P{n}", "31/3", unit="TTTLL"[n], kind="IND") for n in range(5)],
    )
    for n, number in enumerate((1, 1, 2, 1, 2)):
        WorkItem.objects.filter(code=f"P{n}").update(subject_number=number)
    services.seal_quarter(unit("D"), Quarter(2026, 1), at=midnight(dt.date(2026, 5, 1)))
    row = table_of(unit("D"), Quarter(2026, 1)).row
    assert (rate_of(row, "r7m"), row.papers["members"], row.papers["uncounted"]) == ((3, 5, 5), 10, 1)
    sealed = dict(row.papers)
    MemberObligation.objects.update(head_count=None)
    assert table_of(unit("D"), Quarter(2026, 1)).row.papers == sealed


def unit(code):
    return Unit.objects.get(code=code)
