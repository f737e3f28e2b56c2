"""What somebody of the board may not judge is in none of their reads; what is no appraisal stays (ADR 11)."""

import datetime as dt
from types import SimpleNamespace

import pytest
import time_machine
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from completion.quarters import Quarter
from completion.services import compute_provisional
from journal.models import Notice
from models_registry.models import Attachment, ConflictDeclaration, PracticeModel, Recognition
from models_registry.services.recognition import withdraw_recognition
from models_registry.services.showcase import publish
from organizations.services import give_post
from progress import services as progress
from progress.models import ChangeRequest, CompletionReport, Evidence
from reviews.models import Assignment
from tests.factories import AT, person
from tests.models_registry.registry_factories import stored_sample
from tests.progress import making
from tests.progress.making import instant
from tests.reviews import factories
from tests.reviews.pages import REASON
from tests.reviews.papers import decision_on, issued_decision, session_of

TITLE, WORK = "Mô hình hũ gạo", "Việc góp gạo"
MAY = instant("2026-05-10")


@pytest.fixture(autouse=True)
def today():
    with time_machine.travel(MAY, tick=False):
        yield


@pytest.fixture
def world(district, settings, tmp_path):
    """A model before the board, another that was approved with its works: a head and an appraiser may judge neither."""
    settings.MEDIA_ROOT = tmp_path
    round_ = factories.judged_round(district)
    before = factories.sent(district, round_, TITLE, state="under_appraisal")
    holder = person(district.board, "appraiser", "Người giữ")
    Assignment.objects.create(dossier=before, appraiser=holder, taken_at=AT)
    approved = factories.sent(district, round_, f"{TITLE} đã duyệt")
    PracticeModel.objects.create(dossier=approved)
    decision_on(approved, by=district.head)
    works = {"folded": "viec gop gao", "approved_at": instant("2026-01-10")}
    reported = making.item(approved, title=WORK, state="reported", **works)
    ongoing = making.item(approved, title=f"{WORK} hằng tháng", ongoing=True, **works)
    report = CompletionReport.objects.create(
        item=reported, completed_on=dt.date(2026, 2, 2), result="Xong", reported_by=district.secretary, reported_at=AT
    )
    photo = {"name": "anh.jpg", "file": stored_sample(), "thumbnail": stored_sample(), "size": 9}
    asking = {"kind": "suspend", "reason": "Chờ kinh phí", "asked_by": district.secretary, "asked_at": AT}
    made = SimpleNamespace(
        before=before,
        approved=approved,
        reported=reported,
        ongoing=ongoing,
        photo=Attachment.objects.create(dossier=before, added_by=district.secretary, added_at=AT, **photo),
        evidence=Evidence.objects.create(report=report, content_type="image/jpeg", **photo),
        request=ChangeRequest.objects.create(item=reported, **asking),
        session=session_of(district.board, before),
        decision=issued_decision(district.board, district.head, approved),
    )
    for who in (district.appraiser, district.head):
        ConflictDeclaration.objects.create(
            body=district.board, person=who, unit=district.cell, reason=REASON, declared_by=who, declared_at=AT
        )
    return made


def gone(world):
    """The address of every page, file and form about them that the board has."""
    at = [
        ("models_registry", world.before, "dossier print paper files"),
        ("models_registry", world.photo, "attachment thumbnail"),
        ("models_registry", world.approved, "publish recognise_model adoptions consent"),
        ("progress", world.reported, "item"),
        ("progress", world.evidence, "evidence thumbnail"),
        ("progress", world.request, "decide"),
        ("reviews", world.before, "appraise compare history timeline who extend declare_conflict ask_override"),
        ("reviews", world.approved, "reopen"),
        ("reviews", world.session, "minutes"),
    ]
    for app, row, names in at:
        yield from (reverse(f"{app}:{name}", args=[row.pk]) for name in names.split())
    yield reverse("models_registry:word", args=[world.before.pk, "dossier"])
    yield reverse("progress:step", args=[world.reported.pk, "confirm"])
    yield reverse("progress:check", args=[world.ongoing.pk, 1])
    yield reverse("progress:ask", args=[world.reported.pk, "suspend"])
    yield reverse("reviews:appraisal_paper", args=[world.approved.pk, 1])


LISTS = [
    "/",
    "/registry/dossiers/",
    "/registry/search/?q=gao",
    "/registry/search/?q=gao&in=works",
    "/registry/search/?q=gao&in=models",
    "/reviews/?state=all",
    "/reviews/prepared/",
    "/reviews/papers/decision/",
    "/reviews/sessions/",
    "/reviews/signals/",
    "/reviews/assigning/?source=waiting&method=evenly",
    "/reviews/assigning/?source=unfit&method=evenly",
    "/reviews/conflicts/",
    "/progress/items/",
    "/progress/to-confirm/",
    "/progress/checks/",
    "/progress/requests/",
    "/progress/carry-over/decide/",
    "/journal/notices/",
]


def test_no_page_list_file_or_notice_of_the_board_tells_of_it(client, district, world):
    for who in (district.appraiser, district.head):
        client.force_login(who)
        answers = {path: client.get(path).status_code for path in gone(world)}
        assert {path: status for path, status in answers.items() if status != 404} == {}
        for path in LISTS:
            answer = client.get(path)
            assert answer.status_code in (200, 403), path
            page = answer.content.decode()
            assert (TITLE in page, WORK in page) == (False, False), path


def test_a_request_about_a_work_is_told_to_a_head_who_may_decide_it(district, world):
    other = person(district.board, "head", "Phó ban")
    asked = {"kind": "extend", "reason": "Chờ bố trí kinh phí", "due_on": dt.date(2026, 9, 9)}
    progress.ask_change(world.ongoing.pk, **asked, by=district.secretary, at=MAY)
    told = Notice.objects.filter(event__verb="workitem.request_asked")
    assert {one.recipient_id for one in told} == {other.pk}


def test_a_figure_counts_the_works_and_its_list_says_no_more_of_them(client, district, world):
    compute_provisional(district.top, Quarter(2026, 2), at=MAY)
    asked = {"quarter": "2026-Q2", "rate": "r3", "part": "N"}
    shown = {}
    for who in (district.leader, district.head):
        client.force_login(who)
        answer = client.get(reverse("dashboards:items", args=[district.cell.pk]), asked)
        shown[who] = (len(answer.context["rows"]), WORK in answer.content.decode())
    assert (shown[district.leader], shown[district.head]) == ((2, True), (2, False))


def test_what_everybody_reads_and_what_one_reads_at_home_stays(client, district, world):
    """Table of ADR 11: the showcase, a decision that was issued, recognition, the own unit in a post there."""
    publish(world.approved.pk, summary="Gạo cho hộ nghèo", agreed=True, by=person(district.board, "head"), at=MAY)
    fact = Recognition.objects.create(
        dossier=world.approved, unit=district.cell, recipient="model", stage="selected", on=AT.date(),
        recorded_by=district.committee, recorded_at=AT,
    )  # fmt: skip
    client.force_login(district.head)
    for name, row in (("shown_model", world.approved), ("recognition", fact)):
        assert TITLE in client.get(reverse(f"models_registry:{name}", args=[row.pk])).content.decode()
    assert client.get(reverse("reviews:paper", args=[world.decision.pk])).status_code == 200
    assert TITLE in client.get("/registry/showcase/").content.decode()
    with pytest.raises(PermissionDenied):
        withdraw_recognition(fact.pk, reason=REASON, by=district.head, at=MAY)
    give_post(district.head, unit=district.cell, role="clerk", starts_at=AT, by=None, at=AT)
    at_home = district.head.posts.get(role="clerk")
    district.head.acting_as(at_home)
    client.post(reverse("organizations:switch_post"), {"post": at_home.pk})
    for name, row in (("models_registry:dossier", world.before), ("progress:item", world.reported)):
        assert client.get(reverse(name, args=[row.pk])).status_code == 200
