"""Declaring a conflict of interest, lifting it, and setting one aside for one round: that takes two people."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.lifecycle import State, Step
from models_registry.models import ConflictDeclaration, ConflictOverride, Dossier
from models_registry.querysets.conflicts import conflicts, unbarred
from models_registry.services.steps import advance, locked
from organizations.models import AppraisalLink, Person, Unit
from organizations.permissions import Action, may, reaches
from organizations.queries import people_at
from reviews.queries.appraisal import holding_of
from reviews.querysets import ANSWERS, BOARD_ROLES
from reviews.services.holding import prepared_of, refuse_prepared, release

SHORTEST = 10


@transaction.atomic
def declare(
    person_id: int, *, reason: str, by, at: datetime, dossier_id: int | None = None, unit: Unit | None = None
) -> ConflictDeclaration:
    """Keep somebody of the own board from judging a dossier, or what a unit and all below it send, until it is lifted.

    By that person, or by a head about anybody. A dossier in those hands goes back to the queue. The person is told only
    what somebody else declared, and never of which dossier; so are the heads. Raises Dossier.DoesNotExist,
    PermissionDenied or ValidationError, and then changes nothing.
    """
    if not may(by, Action.APPRAISE) or (person_id != by.pk and not may(by, Action.DECIDE)):
        raise PermissionDenied
    if person_id not in {one.pk for one in people_at(by.post.unit_id, BOARD_ROLES, at)}:
        raise ValidationError({"person": _("Người này không có vai trò ở Ban.")})
    _refuse_short(reason)
    about = {"dossier": dossier_id} if dossier_id else {"unit": unit.pk}
    if dossier_id:
        _give_up(locked(dossier_id, by), person_id, by=by, at=at)
    standing = ConflictDeclaration.objects.standing().filter(person=person_id, **about)
    if standing.exists():
        raise ValidationError(_("Xung đột này đã được khai báo rồi."))
    made = ConflictDeclaration.objects.create(
        body=by.post.unit, person_id=person_id, dossier_id=dossier_id, unit=unit, reason=reason.strip(), declared_by=by,
        declared_at=at,
    )  # fmt: skip
    heads = people_at(by.post.unit_id, ("head",), at)
    record(
        "conflict.declared",
        subject="dossier" if dossier_id else "unit",
        subject_id=dossier_id or unit.pk,
        by=by,
        at=at,
        detail={"person": person_id, "reason": reason.strip()},
        tell=[one for one in heads if one.pk != person_id],
        text=lambda: _("%(person)s khai báo xung đột lợi ích") % {"person": made.person},
        link=reverse("reviews:conflicts"),
    )
    return made


def _give_up(dossier: Dossier, person_id: int, *, by, at: datetime) -> None:
    """Take a dossier out of the hands of who may not judge it (any more)."""
    seat = dossier.assignments.filter(appraiser=person_id, released_at=None).first()
    if seat is None:
        return
    refuse_prepared(prepared_of(dossier))
    holding = holding_of(dossier.pk)
    if holding is not None and holding.pk == seat.pk:
        advance(dossier, Step.GIVE_BACK, by=by, at=at)
    release(seat, at)


@transaction.atomic
def lift(declaration: ConflictDeclaration, *, reason: str, by, at: datetime) -> None:
    """End a declaration, with a reason; for a head who is not the person concerned."""
    if not may(by, Action.DECIDE) or by.post.unit_id != declaration.body_id or declaration.person_id == by.pk:
        raise PermissionDenied
    _refuse_short(reason)
    found = ConflictDeclaration.objects.standing().filter(pk=declaration.pk)
    if not found.update(lifted_by=by, lifted_at=at, lift_reason=reason.strip()):
        raise ValidationError(_("Khai báo này đã được gỡ trước đó."))
    record(
        "conflict.lifted",
        subject="dossier" if declaration.dossier_id else "unit",
        subject_id=declaration.dossier_id or declaration.unit_id,
        by=by,
        at=at,
        detail={"person": declaration.person_id, "reason": reason.strip()},
    )


@transaction.atomic
def ask_override(dossier_id: int, person_id: int, *, reason: str, by, at: datetime) -> ConflictOverride:
    """Ask that somebody may judge the version at hand in spite of a conflict; who may answer is told.

    For who may judge it themselves, or a leader above its unit; never for oneself. Raises Dossier.DoesNotExist,
    PermissionDenied or ValidationError, and then changes nothing.
    """
    if person_id == by.pk or not (may(by, Action.APPRAISE) or by.post.role == "leader"):
        raise PermissionDenied
    dossier = locked(dossier_id, by)
    _refuse_short(reason)
    if dossier.state not in (State.SUBMITTED, State.UNDER_APPRAISAL):
        raise ValidationError(_("Hồ sơ không còn ở Ban."))
    if dossier.pk not in conflicts([person_id], body=dossier.body_id, dossiers=[dossier.pk])[person_id]:
        raise ValidationError(_("Người này không có xung đột lợi ích với hồ sơ."))
    if dossier.overrides.of_this_round().filter(person=person_id).exclude(granted=False).exists():
        raise ValidationError(_("Đã có đề nghị cho người này."))
    made = ConflictOverride.objects.create(
        dossier=dossier, version=dossier.version, person_id=person_id, reason=reason.strip(), requested_by=by,
        requested_at=at,
    )  # fmt: skip
    _record("conflict.override_asked", made, by=by, at=at, reason=reason, tell=_second_people(made, at))
    return made


def _second_people(asked: ConflictOverride, at: datetime) -> list[Person]:
    """Return the heads who may answer; where the board has no other, the leaders of whom it serves."""
    others = (asked.person_id, asked.requested_by_id)
    heads = [one for one in people_at(asked.dossier.body, ("head",), at) if one.pk not in others]
    if able := unbarred(heads, asked.dossier):
        return able
    above = [*asked.dossier.unit.ancestor_ids, asked.dossier.unit_id]
    links = AppraisalLink.objects.on(localdate(at)).filter(body=asked.dossier.body, serves__in=above)
    return [one for unit in links.values_list("serves", flat=True) for one in people_at(unit, ("leader",), at)]


@transaction.atomic
def answer_override(override_id: int, *, granted: bool, answer: str = "", by, at: datetime) -> ConflictOverride:
    """Grant or refuse an override: a head who may judge the dossier, a leader or an administrator above its unit.

    Neither who asked nor who it is for. Who asked is told, and of a grant who it is for. Raises
    ConflictOverride.DoesNotExist (out of sight), PermissionDenied, or ValidationError (answered already).
    """
    seen = ConflictOverride.objects.of_this_round().select_for_update(of=("self",))
    asked = seen.select_related("dossier__unit", "dossier__body", "person", "requested_by").get(pk=override_id)
    if not may_answer(by, asked):
        raise PermissionDenied
    if asked.answered_at is not None:
        raise ValidationError(_("Đề nghị này đã được trả lời."))
    if not granted:
        _refuse_short(answer)
    asked.granted, asked.answered_by, asked.answered_at, asked.answer = granted, by, at, answer.strip()
    asked.save(update_fields=["granted", "answered_by", "answered_at", "answer"])
    verb = "conflict.override_granted" if granted else "conflict.override_refused"
    tell = [asked.requested_by, *([asked.person] if granted else [])]
    _record(verb, asked, by=by, at=at, reason=answer, tell=tell)
    return asked


def may_answer(user, asked: ConflictOverride) -> bool:
    """Whether this person is the second one an override takes; one query for a head, none for others."""
    post, dossier = user.post, asked.dossier
    if post is None or post.role not in ANSWERS or user.pk in (asked.person_id, asked.requested_by_id):
        return False
    if post.role == "head":
        return Dossier.objects.visible_to(user).filter(pk=dossier.pk).exists()
    return reaches(user, dossier.unit)


def _record(verb: str, made: ConflictOverride, *, by, at: datetime, reason: str, tell) -> None:
    record(
        verb,
        subject="dossier",
        subject_id=made.dossier_id,
        unit_id=made.dossier.unit_id,
        by=by,
        at=at,
        detail={"person": made.person_id, "version": made.version, "reason": reason.strip()},
        tell=tell,
        text=lambda: (
            _("%(what)s: hồ sơ số %(number)d, %(person)s")
            % {"what": TITLES[verb](), "number": made.dossier_id, "person": made.person}
        ),
        link=reverse("reviews:conflicts"),
    )


TITLES = {
    "conflict.override_asked": lambda: _("Đề nghị cho thẩm định dù có xung đột lợi ích"),
    "conflict.override_granted": lambda: _("Đã đồng ý cho thẩm định dù có xung đột lợi ích"),
    "conflict.override_refused": lambda: _("Không đồng ý cho thẩm định khi có xung đột lợi ích"),
}


def _refuse_short(reason: str) -> None:
    if len(reason.strip()) < SHORTEST:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": SHORTEST}})
