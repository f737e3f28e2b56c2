import datetime as dt

import pytest

from completion import services
from completion.quarters import Quarter, midnight
from completion.queries import table_of
from models_registry.models import CriterionSet, Obligation, RegistrationRound, Theme
from organizations.models import Unit
from progress.models import QuarterlyReport
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
    assert row.papers == {"owed": 5, "exempt": 2, "reported": 2, "in_time": 1, "obliged": 4, "registered": 1}
    assert (row.r6.n, row.r6.base, row.r6.x) == (2, 3, 2)
    assert (row.r6_in_time.n, row.r6_in_time.base) == (1, 3)
    assert (row.r7.n, row.r7.base) == (1, 4)


def unit(code):
    return Unit.objects.get(code=code)
