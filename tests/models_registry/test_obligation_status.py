import datetime as dt

import pytest

from models_registry.models import Dossier, DossierVersion, MeasureUnit, Obligation
from tests import factories
from tests.models_registry import plans

CLOSES = dt.date(2026, 3, 31)


@pytest.fixture
def owed(district):
    return plans.obligation(plans.round_of(district.board, closes_on=CLOSES, late_until=dt.date(2026, 4, 10)), district)


def sent(obligation, district, at, state="submitted"):
    dossier = Dossier.objects.create(
        kind=obligation.owes,
        unit=obligation.unit,
        round=obligation.round,
        year=2026,
        title="Bản đăng ký",
        state=state,
        version=1,
        body=district.board,
        author=district.secretary,
        created_at=at,
        changed_at=at,
        submitted_at=at,
    )
    DossierVersion.objects.create(
        dossier=dossier, number=1, content={}, submitted_at=at, submitted_by=district.secretary
    )


def local(*parts):
    return dt.datetime(*parts, tzinfo=dt.timezone(dt.timedelta(hours=7)))


def status_on(day):
    """The status of the one obligation there is; asking for what is missing must agree with it."""
    status = Obligation.objects.with_status(day).get().status
    assert Obligation.objects.missing(day).exists() is (status == "missing")
    return status


@pytest.mark.parametrize(
    ("at", "status"),
    [(local(2026, 3, 31, 23, 59), "sent"), (local(2026, 4, 1, 0, 1), "late"), (None, "missing")],
)
def test_an_obligation_is_sent_late_or_missing_by_the_local_day_of_the_first_submission(owed, district, at, status):
    if at:
        sent(owed, district, at)
    assert status_on(dt.date(2026, 4, 30)) == status


def test_what_was_sent_after_the_day_asked_about_is_still_missing_on_it(owed, district):
    sent(owed, district, local(2026, 3, 20, 8))
    assert status_on(dt.date(2026, 3, 19)) == "missing"


def test_a_withdrawn_dossier_leaves_the_obligation_missing(owed, district):
    sent(owed, district, local(2026, 3, 20, 8), state="withdrawn")
    assert status_on(CLOSES) == "missing"


def test_an_exempted_obligation_is_exempt_even_when_something_was_sent(owed, district):
    sent(owed, district, local(2026, 3, 20, 8))
    Obligation.objects.update(exempted_at=local(2026, 3, 21, 8), exempt_reason="Đang sắp xếp lại tổ chức")
    assert status_on(CLOSES) == "exempt"


def test_the_four_states_add_up_to_what_is_owed(owed, district):
    plans.obligation(owed.round, district, unit=district.other_cell)
    plans.obligation(owed.round, district, unit=district.commune, exempted_at=factories.AT, exempt_reason="Mới lập")
    sent(owed, district, local(2026, 4, 2, 8))
    assert Obligation.objects.counts(dt.date(2026, 4, 30)) == {
        "owed": 3,
        "sent": 0,
        "late": 1,
        "missing": 1,
        "exempt": 1,
    }


def test_the_controlled_list_of_measures_is_there_from_the_start(db):
    names = set(MeasureUnit.objects.values_list("name", flat=True))
    assert {"hộ", "m²", "km", "tổ", "đồng", "triệu đồng", "thẻ", "người", "%"} <= names
