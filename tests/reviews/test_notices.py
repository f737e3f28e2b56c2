"""Who is told what of a dossier's way: who did what on which."""

import datetime as dt

import pytest
from django.utils.translation import override

from journal.models import Notice
from models_registry.services import take_step
from models_registry.services.extending import extend_turn
from reviews import services
from reviews.queries import criteria_of
from reviews.services.overdue import tell_overdue
from tests.factories import AT, person
from tests.models_registry import registry_factories as make
from tests.reviews import factories

REASON = "Cần nêu rõ ai làm, làm lúc nào"


def hours(count):
    return AT + dt.timedelta(hours=count)


@pytest.fixture
def returned(district):
    """A model that was sent, taken by the appraiser and returned."""
    model = make.full_model(district.cell, district.secretary, make.opened_round(district))
    take_step(model.pk, "submit", by=district.secretary, at=AT)
    services.take(model.pk, by=district.appraiser, at=hours(1))
    model.refresh_from_db()
    chosen = [criteria_of(model)[0].pk]
    services.request_revision(model.pk, criteria=chosen, reason=REASON, by=district.appraiser, at=hours(2))
    model.versions.get().remarks.update(answer="Đã bổ sung", answered_by=district.secretary, answered_at=hours(3))
    return model


def told(verb):
    found = Notice.objects.filter(event__verb=verb).select_related("recipient", "event__actor")
    return [(one.recipient, one.kind, one.words, one.who) for one in found]


def test_the_unit_is_told_who_returned_what(district, returned):
    words = f"Yêu cầu bổ sung: {returned.title}"
    assert told("dossier.request_revision") == [(district.secretary, "returned", words, district.appraiser.full_name)]


def test_who_asked_is_told_of_the_answer_and_nobody_else_of_the_board(district, returned):
    person(district.board, "appraiser")
    assert told("dossier.submit") == []
    take_step(returned.pk, "submit", by=district.secretary, at=hours(4))
    words = f"Đã bổ sung và gửi lại: {returned.title}"
    assert told("dossier.submit") == [(district.appraiser, "answered", words, district.secretary.full_name)]
    with override("en"):
        assert told("dossier.submit")[0][2] == f"Answered and sent again: {returned.title}"


def test_who_asked_and_has_left_the_board_is_told_nothing(district, returned):
    district.appraiser.posts.update(ends_at=hours(3))
    take_step(returned.pk, "submit", by=district.secretary, at=hours(4))
    assert told("dossier.submit") == []


def test_what_is_overdue_is_told_once_to_who_holds_it_and_again_after_an_extension_was_missed(district, returned):
    unit_due = returned.turns.open().get().due_on
    morning = dt.datetime.combine(unit_due + dt.timedelta(days=1), dt.time(6, 10), AT.tzinfo)
    mornings = (morning - dt.timedelta(days=1), morning, morning)
    assert [tell_overdue(at=at) for at in mornings] == [0, 1, 0]
    words = f"Quá hạn bổ sung từ {unit_due:%d/%m/%Y}: {returned.title}"
    assert told("dossier.overdue") == [(district.secretary, "overdue", words, "")]
    later = unit_due + dt.timedelta(days=7)
    extend_turn(returned.pk, later, reason="Đơn vị đang kiện toàn", by=district.appraiser, at=morning)
    week = dt.timedelta(days=7)
    assert [tell_overdue(at=morning), tell_overdue(at=morning + week), tell_overdue(at=morning + 2 * week)] == [0, 1, 0]


def test_an_overdue_dossier_of_the_board_is_told_to_its_holder_else_to_the_heads(district, returned):
    round_ = returned.round
    factories.sent(district, round_, "Chờ nhận")
    held = factories.sent(district, round_, "Đang giữ")
    services.take(held.pk, by=district.appraiser, at=hours(1))
    tell_overdue(at=AT + dt.timedelta(days=60))
    found = {words.split(": ")[1]: who for who, _kind, words, _by in told("dossier.overdue")}
    assert found == {returned.title: district.secretary, "Chờ nhận": district.head, "Đang giữ": district.appraiser}
