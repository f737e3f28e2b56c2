import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event, Notice
from models_registry.editions import StalePage
from models_registry.models import Obligation, RegistrationRound
from models_registry.services import rounds
from organizations.models import Unit
from tests import factories
from tests.factories import AT
from tests.models_registry import plans


@pytest.fixture
def unopened(district):
    return plans.round_of(district.board, opened_at=None)


@pytest.fixture
def opened(district, unopened):
    rounds.open_round(unopened.pk, by=district.head, at=AT)
    return RegistrationRound.objects.get(pk=unopened.pk)


def owing(registration_round):
    return set(registration_round.obligations.owed().values_list("unit__name", "owes"))


def test_opening_a_round_writes_what_each_cell_owes(district, unopened):
    assert rounds.open_round(unopened.pk, by=district.head, at=AT) == 2
    unopened.refresh_from_db()
    assert unopened.opened_at == AT
    assert owing(unopened) == {("Chi bộ ấp 1", "registration_sheet"), ("Chi bộ ấp 2", "registration_sheet")}


def test_a_round_that_asks_for_a_model_writes_two_obligations_a_unit(district):
    asked = plans.round_of(district.board, opened_at=None, model_required=True, target_kinds=["grassroots_committee"])
    assert rounds.open_round(asked.pk, by=district.head, at=AT) == 4


def test_neither_ended_nor_foreign_units_owe(district, other_district, unopened):
    factories.unit("Chi bộ đã giải thể", parent=district.commune, valid_to=dt.date(2025, 7, 1))
    rounds.open_round(unopened.pk, by=district.head, at=AT)
    assert {name for name, _ in owing(unopened)} == {"Chi bộ ấp 1", "Chi bộ ấp 2"}


def test_opening_again_writes_only_what_units_founded_since_owe(district, opened):
    factories.unit("Chi bộ mới", parent=district.commune)
    assert rounds.open_round(opened.pk, by=district.head, at=AT) == 1
    assert rounds.open_round(opened.pk, by=district.head, at=AT) == 0
    assert Obligation.objects.count() == 3


def test_opening_again_exempts_units_that_ended_without_sending(district, opened):
    Unit.objects.filter(pk=district.cell.pk).update(valid_to=dt.date(2026, 1, 5))
    rounds.open_round(opened.pk, by=district.head, at=AT)
    assert opened.obligations.counts(dt.date(2026, 1, 5)) == {
        "owed": 2,
        "sent": 0,
        "late": 0,
        "missing": 1,
        "exempt": 1,
    }


def test_the_secretaries_of_obliged_units_are_told_once(district, opened):
    rounds.open_round(opened.pk, by=district.head, at=AT)
    told = set(Notice.objects.values_list("recipient", flat=True))
    assert told == {district.secretary.pk, district.other_secretary.pk}
    assert Notice.objects.count() == 2


@pytest.mark.parametrize("who", ["secretary", "appraiser", "leader", "administrator"])
def test_nobody_but_the_head_opens_a_round(district, unopened, who):
    with pytest.raises(PermissionDenied):
        rounds.open_round(unopened.pk, by=getattr(district, who), at=AT)
    assert not Obligation.objects.exists()


def test_a_head_does_not_open_the_round_of_another_body(district, other_district, unopened):
    with pytest.raises(PermissionDenied):
        rounds.open_round(unopened.pk, by=other_district.head, at=AT)


def test_a_round_that_reaches_no_unit_is_not_opened(district):
    empty = plans.round_of(district.board, opened_at=None, target_kinds=["enterprise"])
    with pytest.raises(ValidationError):
        rounds.open_round(empty.pk, by=district.head, at=AT)
    empty.refresh_from_db()
    assert empty.opened_at is None


def test_a_round_whose_days_have_passed_is_not_opened(district, unopened):
    with pytest.raises(ValidationError):
        rounds.open_round(unopened.pk, by=district.head, at=AT + dt.timedelta(days=200))


def test_opening_ten_thousand_units_takes_no_query_a_unit(district, unopened, django_assert_max_num_queries):
    for n in range(40):
        factories.unit(f"Chi bộ {n}", parent=district.commune)
    with django_assert_max_num_queries(16):
        assert rounds.open_round(unopened.pk, by=district.head, at=AT) == 42


def test_extending_moves_the_last_day_and_the_journal_says_why(district, opened):
    rounds.extend_round(
        opened, dt.date(2026, 4, 20), reason="Nhiều chi bộ vùng sâu chưa kịp", edition=1, by=district.head, at=AT
    )
    opened.refresh_from_db()
    assert opened.late_until == dt.date(2026, 4, 20)
    assert Event.objects.get(verb="registrationround.extended").detail == {
        "name": "Đợt đăng ký năm 2026",
        "from": "2026-04-10",
        "to": "2026-04-20",
        "reason": "Nhiều chi bộ vùng sâu chưa kịp",
    }


@pytest.mark.parametrize(
    ("day", "reason"), [(dt.date(2026, 4, 10), "Nhiều chi bộ chưa kịp"), (dt.date(2026, 4, 20), "vì")]
)
def test_an_extension_needs_a_later_day_and_a_reason(district, opened, day, reason):
    with pytest.raises(ValidationError):
        rounds.extend_round(opened, day, reason=reason, edition=1, by=district.head, at=AT)


def test_only_the_head_extends(district, opened):
    with pytest.raises(PermissionDenied):
        rounds.extend_round(
            opened, dt.date(2026, 4, 20), reason="Nhiều chi bộ chưa kịp", edition=1, by=district.appraiser, at=AT
        )


def test_an_exemption_keeps_its_reason_and_by_whom(district, opened):
    row = opened.obligations.get(unit=district.cell)
    assert rounds.exempt(opened, [row.pk], reason="Đang sắp xếp lại tổ chức", by=district.head, at=AT) == 1
    row.refresh_from_db()
    assert (row.exempt_reason, row.exempted_by, row.exempted_at) == ("Đang sắp xếp lại tổ chức", district.head, AT)
    assert Event.objects.get(verb="obligation.exempted").unit == district.cell


def test_an_exemption_without_a_reason_is_refused(district, opened):
    with pytest.raises(ValidationError):
        rounds.exempt(opened, [opened.obligations.first().pk], reason="  ", by=district.head, at=AT)
    assert opened.obligations.owed().count() == 2


def test_only_the_head_exempts_or_lifts(district, opened):
    row = opened.obligations.first()
    with pytest.raises(PermissionDenied):
        rounds.exempt(opened, [row.pk], reason="Đang sắp xếp lại tổ chức", by=district.secretary, at=AT)
    with pytest.raises(PermissionDenied):
        rounds.lift_exemption(row, by=district.secretary, at=AT)


def test_a_lifted_exemption_lets_the_unit_owe_again(district, opened):
    row = opened.obligations.first()
    rounds.exempt(opened, [row.pk], reason="Đang sắp xếp lại tổ chức", by=district.head, at=AT)
    rounds.lift_exemption(row, by=district.head, at=AT)
    assert opened.obligations.owed().count() == 2


def test_a_round_is_dropped_only_before_it_opens(district, unopened):
    rounds.drop_round(unopened, edition=0, by=district.head, at=AT)
    assert not RegistrationRound.objects.exists()


def test_an_opened_round_is_not_dropped(district, opened):
    with pytest.raises(ValidationError):
        rounds.drop_round(opened, edition=1, by=district.head, at=AT)


def test_a_round_changed_from_a_stale_page_is_refused(district, opened):
    with pytest.raises(StalePage):
        rounds.keep_round(opened, edition=0, by=district.head, at=AT)


def test_a_change_never_closes_an_opened_round(district, unopened, opened):
    kept = rounds.keep_round(unopened, edition=1, by=district.head, at=AT)
    assert kept.opened_at == AT


def test_a_secretary_keeps_no_round(district, unopened):
    with pytest.raises(PermissionDenied):
        rounds.keep_round(unopened, edition=0, by=district.secretary, at=AT)


@pytest.mark.parametrize(
    ("day", "following"),
    [(dt.date(2026, 1, 5), dt.date(2027, 1, 5)), (dt.date(2028, 2, 29), dt.date(2029, 2, 28))],
)
def test_the_same_day_of_next_year(day, following):
    assert rounds.next_year(day) == following
