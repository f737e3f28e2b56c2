"""A decision that ends a board hands on what the board has open, or is refused in words where nobody could take it."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.urls import reverse

from journal.models import Event, Notice
from models_registry.models import ConflictDeclaration, Dossier, RegistrationRound
from models_registry.queries.plans import units_reached_by
from models_registry.replay import replay
from organizations.models import Unit
from organizations.queries import appraising_body_of
from organizations.services import let_appraise
from organizations.services.reorganising import Founded
from progress.services.reorganising import rehearse, reorganise
from reviews import services
from reviews.models import Assignment, Decision, Judgement
from tests import factories
from tests.factories import AT, FOUNDED, person
from tests.models_registry.plans import round_of
from tests.progress.decisions import DAY, NOW, plan
from tests.reviews.factories import judged_round, sent

pytestmark = pytest.mark.django_db
NAMES = ("waits", "proposed", "signed", "returned")


@pytest.fixture
def busy(district):
    """The district's board with a dossier in the queue, one proposed, one signed and not told, one returned."""
    district.round = judged_round(district)
    district.dossiers = {name: sent(district, district.round, name).pk for name in NAMES}
    for name in NAMES[1:]:
        services.take(district.dossiers[name], by=district.appraiser, at=AT)
    criteria = list(district.round.model_criteria.criteria.all())
    for name in ("proposed", "signed"):
        marks = {one.pk: services.Judged("met") for one in criteria}
        services.save_judgements(district.dossiers[name], marks, by=district.appraiser, at=AT)
        services.propose(district.dossiers[name], "approve", by=district.appraiser, at=AT)
    services.approve(district.dossiers["signed"], by=district.head, at=AT, announce=False)
    asked = {"criteria": [criteria[0].pk], "reason": "Nội dung còn chung chung."}
    services.request_revision(district.dossiers["returned"], **asked, by=district.appraiser, at=AT)
    return district


def states(busy):
    found = Dossier.objects.in_bulk(busy.dossiers.values())
    return {name: (found[pk].state, found[pk].body.name) for name, pk in busy.dossiers.items()}


def merged_boards(busy):
    other = factories.unit("Ban Dân vận", "advisory_body", busy.top)
    let_appraise(other, busy.other_commune, valid_from=FOUNDED, by=None, at=AT)
    founds = [Founded("BAN-M", "Ban Tuyên giáo và Dân vận", "advisory_body", busy.top)]
    return plan("merge", [busy.board, other], founds=founds)


def test_boards_that_merge_go_on_as_one_with_everything_in_hand(busy):
    due = dict(Dossier.objects.values_list("pk", "due_on"))
    outcome = reorganise(merged_boards(busy), by=busy.administrator, at=NOW)
    new = Unit.objects.get(code="BAN-M")
    assert states(busy) == {
        "waits": ("submitted", new.name), "proposed": ("under_appraisal", new.name),
        "signed": ("under_appraisal", new.name), "returned": ("revision_requested", new.name),
    }  # fmt: skip
    assert dict(Dossier.objects.values_list("pk", "due_on")) == due
    assert {appraising_body_of(unit, DAY) for unit in (busy.cell, busy.other_cell)} == {new}
    held = Assignment.objects.held().get(dossier=busy.dossiers["proposed"])
    assert (held.appraiser, held.proposed, Judgement.objects.count()) == (busy.appraiser, "approve", 12)
    signed = Decision.objects.prepared().get()
    assert signed.version.dossier_id == busy.dossiers["signed"]
    head = busy.head.acting_as(new.posts.select_related("unit").get(person=busy.head))
    services.announce(services.plan_announcement([signed.pk], due_at=NOW, by=head, at=NOW).pk, at=NOW)
    assert states(busy)["signed"][0] == "approved"
    told = dict(outcome.parts)["Ban Tuyên giáo và Dân vận tiếp nhận từ Ban Tuyên giáo Huyện ủy Mẫu"]
    assert told[:2] == [
        "từ nay thẩm định cho Huyện ủy Mẫu",
        "4 hồ sơ chưa kết luận sang Ban Tuyên giáo và Dân vận, giữ nguyên hạn, nhận xét và điểm đã chấm",
    ]
    mine = Notice.objects.filter(recipient=busy.secretary, event__verb="unit.board_changed").get()
    assert mine.text == (
        "Ban Tuyên giáo và Dân vận thẩm định hồ sơ của đơn vị thay Ban Tuyên giáo Huyện ủy Mẫu theo 12-QĐ/HU; "
        "không phải gửi lại."
    )


def test_a_round_that_goes_over_is_still_for_those_it_was_for(busy):
    local = factories.unit("Ban của xã Bình", "advisory_body", busy.top)
    let_appraise(local, busy.other_commune, valid_from=FOUNDED, by=None, at=AT)
    own = judged_round(busy, name="Đợt của xã")
    RegistrationRound.objects.filter(pk=own.pk).update(body=local)
    reorganise(plan("dissolve", [local], board=busy.board), by=busy.administrator, at=NOW)
    own.refresh_from_db()
    assert own.body == busy.board
    assert set(units_reached_by(own, DAY)) == {busy.other_cell}
    assert own in RegistrationRound.objects.visible_to(busy.other_secretary)
    assert own not in RegistrationRound.objects.visible_to(busy.secretary)
    assert own in RegistrationRound.objects.visible_to(busy.head)
    two = Founded("DU-M", "Đảng ủy xã Mới", "grassroots_committee", busy.top)
    reorganise(plan("merge", [busy.commune, busy.other_commune], founds=[two]), by=busy.administrator, at=NOW)
    assert set(units_reached_by(own, DAY)) == {busy.cell, busy.other_cell}


def test_another_board_takes_over_and_judges_anew_what_nobody_of_it_holds(busy):
    office = factories.unit("Ban Xây dựng Đảng", "advisory_body", busy.top)
    head, newcomer = person(office, "head"), person(office, "appraiser")
    elsewhere = factories.unit("Huyện ủy Khác", "district_committee")
    let_appraise(office, elsewhere, valid_from=FOUNDED, by=None, at=AT)
    own = round_of(office, name="Đợt của huyện khác")
    stranger = person(factories.unit("Chi bộ xa", parent=elsewhere), "secretary")
    ConflictDeclaration.objects.create(
        body=busy.board, person=busy.appraiser, unit=busy.commune, reason="Người nhà ở đó.", declared_by=busy.appraiser,
        declared_at=AT,
    )  # fmt: skip
    outcome = reorganise(plan("dissolve", [busy.board], board=office), by=busy.administrator, at=NOW)
    assert states(busy) == {
        "waits": ("submitted", office.name), "proposed": ("submitted", office.name),
        "signed": ("submitted", office.name), "returned": ("revision_requested", office.name),
    }  # fmt: skip
    assert not Assignment.objects.held().exists()
    assert (Decision.objects.prepared().count(), Judgement.objects.count()) == (0, 12)
    for pk in busy.dossiers.values():
        dossier, events = Dossier.objects.get(pk=pk), Event.objects.about("dossier", pk).order_by("pk")
        assert events.filter(verb="dossier.board_changed").count() == 1
        if events.filter(verb="dossier.give_back"):
            assert events.last().detail["edition"] == dossier.edition
    assert "2 hồ sơ về hàng chờ: người đang thẩm định không ở cơ quan mới, hoặc có xung đột lợi ích" in str(
        outcome.parts
    )
    assert "1 quyết định đã ký mà chưa công bố được bỏ; cơ quan mới quyết định lại" in str(outcome.parts)
    assert "nhận bàn giao việc, hồ sơ của Ban Tuyên giáo Huyện ủy Mẫu" in (
        Notice.objects.filter(recipient=newcomer).latest("pk").text
    )
    assert Notice.objects.filter(recipient=head, event__verb="board.succeeded").exists()
    assert ConflictDeclaration.objects.standing().get().body == office
    services.take(busy.dossiers["proposed"], by=newcomer, at=NOW)
    assert set(RegistrationRound.objects.visible_to(stranger)) == {own}
    assert set(RegistrationRound.objects.visible_to(busy.secretary)) == {busy.round}


def test_without_a_name_the_board_above_takes_over_what_its_units_sent(busy):
    local = factories.unit("Ban của xã An", "advisory_body", busy.top)
    let_appraise(local, busy.commune, valid_from=FOUNDED, by=None, at=AT)
    Dossier.objects.filter(pk=busy.dossiers["waits"]).update(body=local)
    outcome = rehearse(plan("dissolve", [local]), by=busy.administrator, at=NOW)
    assert "Ban Tuyên giáo Huyện ủy Mẫu tiếp nhận từ Ban của xã An" in dict(outcome.parts)
    assert states(busy)["waits"] == ("submitted", "Ban của xã An")


def test_where_nobody_could_take_over_the_wizard_says_what_is_left_and_where(busy, client):
    with pytest.raises(ValidationError, match="đang thẩm định cho Huyện ủy Mẫu"):
        rehearse(plan("dissolve", [busy.board]), by=busy.administrator, at=NOW)
    client.force_login(busy.administrator)
    today = f"{dt.date.today():%d/%m/%Y}"
    typed = {"units": busy.board.code, "number": "12-QĐ/HU", "decided_on": today, "effective_on": today, "note": "ghi"}
    page = client.post(reverse("progress:reorganise", args=["dissolve"]), typed)
    shown = page.content.decode()
    assert (page.status_code, "còn 4 hồ sơ chưa kết luận" in shown) == (422, True)
    assert reverse("organizations:unit", args=[busy.top.pk]) in shown
    assert (Unit.objects.filter(valid_to__isnull=False).exists(), "ghi</textarea>" in shown) == (False, True)


def test_the_page_that_ends_a_unit_leads_a_board_to_the_wizard(busy, client):
    client.force_login(busy.administrator)
    page = client.post(reverse("organizations:end_unit", args=[busy.board.pk]), {"on": f"{dt.date.today():%d/%m/%Y}"})
    assert (page.status_code, "có việc thẩm định. Hãy dùng “Sắp xếp theo quyết định”" in page.text) == (422, True)
    assert Unit.objects.get(pk=busy.board.pk).valid_to is None


def test_units_with_boards_of_their_own_merge_once_it_is_said_which_goes_on(busy):
    boards = [factories.unit(f"Ban {name}", "advisory_body", busy.top) for name in ("An", "Bình")]
    for board, unit in zip(boards, (busy.commune, busy.other_commune), strict=True):
        let_appraise(board, unit, valid_from=FOUNDED, by=None, at=AT)
    Dossier.objects.filter(pk=busy.dossiers["waits"]).update(body=boards[0])
    new = Founded("DU-M", "Đảng ủy xã Mới", "grassroots_committee", busy.top)
    asked = {"founds": [new]}
    with pytest.raises(ValidationError) as refused:
        rehearse(plan("merge", [busy.commune, busy.other_commune], **asked), by=busy.administrator, at=NOW)
    assert refused.value.message_dict == {"board": ["Hãy nêu cơ quan nào nhận tiếp: Ban An còn 1 hồ sơ chưa kết luận."]}
    named = plan("merge", [busy.commune, busy.other_commune], **asked, board=boards[1])
    reorganise(named, by=busy.administrator, at=NOW)
    assert states(busy)["waits"] == ("submitted", "Ban Bình")
    assert appraising_body_of(Unit.objects.get(pk=busy.cell.pk), DAY) == boards[1]


def test_what_the_journal_tells_of_a_dossier_that_went_over_leads_where_it_stands(busy):
    office = factories.unit("Ban Xây dựng Đảng", "advisory_body", busy.top)
    pk = busy.dossiers["signed"]
    steps = Event.objects.about("dossier", pk).order_by("pk")
    reorganise(plan("dissolve", [busy.board], board=office), by=busy.administrator, at=NOW)
    sending = Event(verb="dossier.submit", detail={"version": 1, "edition": 1})
    assert replay([sending, *steps]).state == Dossier.objects.get(pk=pk).state == "submitted"
