"""Giving dossiers to the board's people: one by hand, many by a plan; who is away, and the rules of who gets what."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.models import Told
from journal.services import record
from models_registry import gate
from models_registry.lifecycle import MOVES, State, Step
from models_registry.models import Dossier
from models_registry.querysets.conflicts import is_barred
from models_registry.services.steps import advance, locked
from organizations.models import Person, Unit
from organizations.permissions import Action, may
from organizations.queries import people_at
from reviews.models import Absence, Assignment, AssignmentRule
from reviews.queries.appraisal import holding_of
from reviews.querysets import BOARD_ROLES
from reviews.services.holding import prepared_of, refuse_full, refuse_prepared, release, seat
from reviews.services.panel import has_read_others


@transaction.atomic
def assign(dossier_id: int, person_id: int, *, by, at: datetime, edition: int | None = None) -> Assignment:
    """Put a dossier that waits, or is in other hands, into those of somebody of the board; tell who gains and loses.

    For a head. What was judged stays with the version; what was proposed goes with the assignment. Raises
    Dossier.DoesNotExist, PermissionDenied, gate.StepNotOpen, DecisionPrepared, and ValidationError where the person
    may not judge it, is away, has no post at the board or holds it already; then changes nothing.
    """
    _heads_only(by)
    dossier = locked(dossier_id, by)
    person = _fit(dossier, person_id, at)
    before = None
    if dossier.state == State.SUBMITTED:
        advance(dossier, Step.TAKE, by=by, at=at, edition=edition, on_behalf_of=person)
    else:
        before = _taken_from(dossier, person, edition=edition, by=by, at=at)
    made = seat(dossier, person, at=at, is_lead=True, assigned_by=by)
    about = {"subject": "dossier", "subject_id": dossier.pk, "unit_id": dossier.unit_id, "by": by, "at": at}
    link = reverse("reviews:appraise", args=[dossier.pk])
    record(
        "appraisal.assigned",
        **about,
        detail={"version": dossier.version, "to": person.pk, "from": before.appraiser_id if before else None},
        kind=Told.ASSIGNED,
        tell=[person],
        text=lambda: _("Bạn được giao thẩm định: %(title)s") % {"title": dossier.title},
        link=link,
    )
    _tell_before(before, dossier, by=by, at=at)
    return made


@transaction.atomic
def add_scorer(
    dossier_id: int, person_id: int, instead_of: int | None = None, *, by, at: datetime, edition: int | None = None
) -> Assignment:
    """Give somebody of the board a free seat beside who holds the dossier, or another scorer's; tell both; for a head.

    What that scorer has marked stays a draft that counts nowhere. Raises as `assign`, and ValidationError where as many
    sit as the round asks for or that scorer's seat is not open; then changes nothing.
    """
    _heads_only(by)
    dossier = locked(dossier_id, by)
    if dossier.state != State.UNDER_APPRAISAL or (edition is not None and edition != dossier.edition):
        raise gate.StepNotOpen(dossier, Step.TAKE, MOVES)
    refuse_prepared(prepared_of(dossier))
    person = _fit(dossier, person_id, at)
    if Assignment.objects.held().filter(dossier=dossier, appraiser=person).exists():
        raise ValidationError(_("%(person)s đang chấm hồ sơ này rồi.") % {"person": person})
    if has_read_others(dossier, person, at):
        told = _("%(person)s đọc được phiếu đã nộp, nên không cùng chấm độc lập được nữa.")
        raise ValidationError(told % {"person": person})
    before = _seat_of(dossier, instead_of) if instead_of else None
    release(before, at)
    if before is None:
        refuse_full(dossier)
    made = seat(dossier, person, at=at, is_lead=False, assigned_by=by)
    record(
        "appraisal.seated",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": dossier.version, "to": person.pk, **({"from": instead_of} if instead_of else {})},
        kind=Told.ASSIGNED,
        tell=[person],
        text=lambda: _("Bạn được giao cùng chấm: %(title)s") % {"title": dossier.title},
        link=reverse("reviews:appraise", args=[dossier.pk]),
    )
    _tell_before(before, dossier, by=by, at=at)
    return made


def _seat_of(dossier: Dossier, person_id: int) -> Assignment:
    """Return a scorer's seat beside the lead that may be given to another; raises ValidationError.

    A sheet that was handed in keeps its seat, unless its owner may not judge the dossier.
    """
    own = Assignment.objects.held().filter(dossier=dossier, appraiser=person_id, is_lead=False)
    own = own.select_related("appraiser").first()
    if own is None:
        raise ValidationError(_("Người được thay không còn cùng chấm hồ sơ này."))
    if not own.is_at_work and not is_barred(own.appraiser, dossier):
        raise ValidationError(_("%(person)s đã nộp phiếu chấm rồi.") % {"person": own.appraiser})
    return own


def _tell_before(before: Assignment | None, dossier: Dossier, *, by, at: datetime) -> None:
    """Tell who gave a seat up that it went to another, unless they may not hear of the dossier."""
    if before is None or is_barred(before.appraiser, dossier):
        return
    record(
        "appraisal.taken_away",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": dossier.version},
        tell=[before.appraiser],
        text=lambda: _("Hồ sơ đã được giao cho người khác: %(title)s") % {"title": dossier.title},
        link=reverse("reviews:appraise", args=[dossier.pk]),
    )


def _fit(dossier: Dossier, person_id: int, at: datetime) -> Person:
    """Return who is to judge a dossier; raises ValidationError where they cannot."""
    person = next((one for one in people_at(dossier.body, BOARD_ROLES, at) if one.pk == person_id), None)
    if person is None:
        raise ValidationError(_("Người này không có vai trò ở Ban."))
    if Absence.objects.filter(body=dossier.body_id, person=person).on(localdate(at)).exists():
        raise ValidationError(_("%(person)s đang vắng mặt.") % {"person": person})
    if is_barred(person, dossier):
        raise ValidationError(_("%(person)s không thẩm định hồ sơ này vì xung đột lợi ích.") % {"person": person})
    return person


def _taken_from(dossier: Dossier, person: Person, *, edition: int | None, by, at: datetime) -> Assignment:
    """Release whose hands a dossier is in; only while it is being appraised and nothing is prepared."""
    if dossier.state != State.UNDER_APPRAISAL or (edition is not None and edition != dossier.edition):
        raise gate.StepNotOpen(dossier, Step.TAKE, MOVES)
    refuse_prepared(prepared_of(dossier))
    holding = holding_of(dossier.pk)
    if holding is not None and holding.appraiser_id == person.pk:
        raise ValidationError(_("%(person)s đang giữ hồ sơ này rồi.") % {"person": person})
    release(holding, at)
    return holding


def _heads_only(by) -> None:
    if not may(by, Action.DECIDE):
        raise PermissionDenied


@transaction.atomic
def set_absence(person_id: int, *, first_day: date, last_day: date, reason: str = "", by, at: datetime) -> Absence:
    """Note that somebody of the own board is away; for oneself, or by a head. What they hold stays until given on.

    Raises PermissionDenied or ValidationError.
    """
    if not may(by, Action.APPRAISE) or (person_id != by.pk and not may(by, Action.DECIDE)):
        raise PermissionDenied
    if person_id not in {one.pk for one in people_at(by.post.unit_id, BOARD_ROLES, at)}:
        raise ValidationError({"person": _("Người này không có vai trò ở Ban.")})
    if last_day < first_day:
        raise ValidationError({"last_day": _("Ngày cuối phải từ ngày đầu trở đi.")})
    made = Absence.objects.create(
        body=by.post.unit, person_id=person_id, first_day=first_day, last_day=last_day, reason=reason, made_by=by,
        made_at=at,
    )  # fmt: skip
    detail = {"first_day": first_day.isoformat(), "last_day": last_day.isoformat()}
    record("absence.set", subject="person", subject_id=person_id, by=by, at=at, detail=detail)
    return made


@transaction.atomic
def drop_absence(absence: Absence, *, by, at: datetime) -> None:
    """Take an absence back: from now on the person is there; by oneself or a head."""
    if absence.person_id != by.pk and not may(by, Action.DECIDE):
        raise PermissionDenied
    detail = {"first_day": absence.first_day.isoformat(), "last_day": absence.last_day.isoformat()}
    record("absence.dropped", subject="person", subject_id=absence.person_id, by=by, at=at, detail=detail)
    absence.delete()


@transaction.atomic
def add_rule(*, appraiser: Person, order: int, kind="", programme="", theme=None, unit: Unit | None = None, by, at):
    """Keep a rule of who gets which dossiers of the own board; for a head. Returns it."""
    _heads_only(by)
    made = AssignmentRule.objects.create(
        body=by.post.unit, order=order, kind=kind, programme=programme, theme=theme, unit=unit, appraiser=appraiser,
        made_by=by, made_at=at,
    )  # fmt: skip
    record("assignment_rule.added", subject="assignment_rule", subject_id=made.pk, by=by, at=at, detail=_said(made))
    return made


@transaction.atomic
def drop_rule(rule: AssignmentRule, *, by, at: datetime) -> None:
    _heads_only(by)
    record("assignment_rule.dropped", subject="assignment_rule", subject_id=rule.pk, by=by, at=at, detail=_said(rule))
    rule.delete()


def _said(rule: AssignmentRule) -> dict:
    said = {"to": rule.appraiser_id, "order": rule.order, "kind": rule.kind, "programme": rule.programme}
    return said | {"theme": rule.theme_id, "unit": rule.unit_id}
