"""An announced decision is ended by a second person for a reason; nothing that was done vanishes."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.models import Notice
from models_registry.content import content_of
from models_registry.gate import StepNotOpen
from models_registry.models import Dossier, WorkItem
from models_registry.services import save_draft, take_step
from models_registry.validation import problems_of
from reviews import services
from reviews.models import Decision, Judgement
from reviews.queries import criteria_of
from reviews.services import Judged
from tests.factories import AT
from tests.reviews import factories
from tests.reviews.test_announcing import work_of
from vietnamese.display import instant_text

pytestmark = pytest.mark.django_db
LATER, DUE = AT + dt.timedelta(hours=1), AT + dt.timedelta(days=2)
REASON = "Có đơn phản ánh số liệu chưa đúng."
SECTION = {"practice_model": "works", "registration_sheet": "collective"}
COUNTED = ("state", "approved_at", "due_in_force", "completed_on", "confirmed_at")


@pytest.fixture
def approved(district, proposed):
    """The dossier approved, one of its works done and confirmed, one going on."""
    done, going = work_of(proposed), work_of(proposed)
    services.approve(proposed.pk, by=district.head, at=LATER)
    WorkItem.objects.filter(pk=done.pk).update(state="completed", completed_on=DUE.date(), confirmed_at=DUE)
    assert WorkItem.objects.get(pk=going.pk).state == "in_progress"
    proposed.refresh_from_db()
    return proposed


def conclude(district, dossier, outcome, other_head):
    """Take the reopened dossier once more through the board."""
    services.take(dossier.pk, by=district.appraiser, at=DUE)
    entries = {one.pk: Judged("met") for one in criteria_of(dossier)}
    services.save_judgements(dossier.pk, entries, by=district.appraiser, at=DUE)
    services.propose(dossier.pk, outcome, reason=REASON, by=district.appraiser, at=DUE)
    if outcome == "approve":
        return services.approve(dossier.pk, by=other_head, at=DUE)
    return services.reject(dossier.pk, reason=REASON, by=other_head, at=DUE)


def test_reopening_begins_a_round_and_leaves_the_earlier_one_as_it_was(district, approved, other_head):
    works = list(WorkItem.objects.order_by("pk").values(*COUNTED))
    judged = list(Judgement.objects.values("version__number", "mark"))
    services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)
    approved.refresh_from_db()
    assert (approved.state, approved.version, approved.decided_at) == ("submitted", 2, None)
    first, second = approved.versions.order_by("number")
    assert (second.content, second.submitted_at) == (first.content, first.submitted_at)
    assert first.decision.reopening.reason == REASON
    assert list(WorkItem.objects.order_by("pk").values(*COUNTED)) == works
    assert list(Judgement.objects.values("version__number", "mark")) == judged
    told = Notice.objects.filter(event__verb="dossier.reopen").values_list("recipient", flat=True)
    assert set(told) == {district.secretary.pk, district.head.pk}


def test_the_appraisal_says_when_the_unit_sent_it_and_not_when_it_was_reopened(client, district, approved, other_head):
    sent = approved.versions.get().submitted_at
    services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)
    client.force_login(other_head)
    page = client.get(reverse("reviews:appraise", args=[approved.pk])).text
    assert f"2, gửi {instant_text(sent)}, {district.secretary.full_name}" in page


def test_a_second_approval_leaves_what_began_and_begins_what_did_not(district, approved, other_head):
    services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)
    before = list(WorkItem.objects.order_by("pk").values(*COUNTED))
    added = work_of(approved)
    conclude(district, approved, "approve", other_head)
    assert list(WorkItem.objects.exclude(pk=added.pk).order_by("pk").values(*COUNTED)) == before
    added.refresh_from_db()
    assert (added.state, added.approved_at) == ("in_progress", DUE)
    assert list(Decision.objects.values_list("version__number", "outcome")) == [(1, "approved"), (2, "approved")]


def test_no_work_loses_its_dossier_while_it_is_being_done(district, approved, other_head):
    services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)
    with pytest.raises(ValidationError, match="1 việc"):
        take_step(approved.pk, "withdraw", by=district.secretary, at=DUE)
    with pytest.raises(ValidationError, match="1 việc"):
        conclude(district, approved, "reject", other_head)
    WorkItem.objects.filter(state="in_progress").update(state="terminated")
    services.reject(approved.pk, reason=REASON, by=other_head, at=DUE)
    assert Dossier.objects.get().state == "rejected"
    assert WorkItem.objects.counted().count() == 2


def test_works_that_began_are_neither_changed_nor_dropped_when_the_unit_writes_again(district, approved, other_head):
    services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)
    services.take(approved.pk, by=district.appraiser, at=DUE)
    first = criteria_of(approved)[0].pk
    services.request_revision(
        approved.pk, criteria=[first], reason=REASON, by=district.appraiser, at=DUE, remarks={"works": "Bổ sung việc"}
    )
    before = list(WorkItem.objects.order_by("pk").values())
    rows = [{"id": before[1]["id"], "title": "Đổi tên"}, {"title": "Việc mới", "assignee": "Bí thư"}]
    save_draft(approved.pk, by=district.secretary, at=DUE, rows={"COL": rows})
    assert list(WorkItem.objects.order_by("pk").values())[:2] == before
    assert list(WorkItem.objects.filter(approved_at=None).values_list("title", flat=True)) == ["Việc mới"]


@pytest.fixture
def reopened(district, approved, other_head):
    """Reopened, returned about the whole, and held by the unit long after its works were due."""
    services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)
    services.take(approved.pk, by=district.appraiser, at=DUE)
    first = criteria_of(approved)[0].pk
    services.request_revision(approved.pk, criteria=[first], reason=REASON, by=district.appraiser, at=DUE)
    approved.refresh_from_db()
    # As sent: the fixture's works were added to it afterwards.
    approved.versions.filter(number=2).update(content=content_of(approved))
    return approved


def test_the_form_shows_what_began_and_takes_it_in_no_field(client, district, reopened):
    done, going = WorkItem.objects.order_by("pk")
    WorkItem.objects.filter(pk=going.pk).update(approved_at=None, state="planned", title="Việc chưa bắt đầu")
    client.force_login(district.secretary)
    page = client.get(f"/registry/dossiers/{reopened.pk}/edit/{SECTION[reopened.kind]}/")
    assert [form["id"].value() for form in page.context["formset"]] == [going.pk]
    assert [row.key for row in page.context["begun"]] == [f"item.{done.pk}"]
    assert page.context["kept"] == []
    assert "Việc đã bắt đầu, không sửa ở đây" in page.text


def test_a_work_that_began_and_is_past_its_day_keeps_nobody_from_sending_again(district, reopened):
    late = DUE + dt.timedelta(days=3)
    WorkItem.objects.update(due_on=DUE.date())
    assert not any(key.startswith("item.") for key in problems_of(reopened, day=late.date()))
    WorkItem.objects.update(approved_at=None, state="planned")
    assert any(key.startswith("item.") for key in problems_of(reopened, day=late.date()))


def test_who_decided_does_not_reopen_and_others_without_the_right_do_not(district, approved, other_head):
    for by in (district.head, district.appraiser, district.secretary, district.committee):
        with pytest.raises(PermissionDenied):
            services.reopen(approved.pk, reason=REASON, by=by, at=DUE)
    with pytest.raises(ValidationError):
        services.reopen(approved.pk, reason="Ngắn", by=other_head, at=DUE)
    services.reopen(approved.pk, reason=REASON, by=district.leader, at=DUE)
    with pytest.raises(StepNotOpen):
        services.reopen(approved.pk, reason=REASON, by=other_head, at=DUE)


def test_a_refused_sheet_is_not_reopened_beside_its_successor(district, round_, other_head):
    sheet = factories.sent(district, round_, "Bản đăng ký", kind="registration_sheet")
    services.take(sheet.pk, by=district.appraiser, at=AT)
    entries = {one.pk: Judged("not_met") for one in criteria_of(sheet)}
    services.save_judgements(sheet.pk, entries, by=district.appraiser, at=AT)
    services.propose(sheet.pk, "reject", reason=REASON, by=district.appraiser, at=AT)
    services.reject(sheet.pk, reason=REASON, by=district.head, at=LATER)
    another = factories.sent(district, round_, "Bản thay", kind="registration_sheet")
    with pytest.raises(ValidationError):
        services.reopen(sheet.pk, reason=REASON, by=other_head, at=DUE)
    Dossier.objects.filter(pk=another.pk).update(state="withdrawn")
    services.reopen(sheet.pk, reason=REASON, by=other_head, at=DUE)
    assert Dossier.objects.get(pk=sheet.pk).state == "submitted"
