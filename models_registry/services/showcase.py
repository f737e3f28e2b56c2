"""Putting an approved model into the showcase, taking it out, judging it there."""

from collections.abc import Callable
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.lifecycle import Reason, State
from models_registry.models import Dossier, Publication, Vote
from organizations.permissions import Action, may
from organizations.queries import people_at

UNIT_ROLES = ("secretary", "deputy")
REASON_LENGTH = Reason.REQUIRED.value


def publishes(user, dossier: Dossier) -> bool:
    """Whether this person may put the model into the showcase: who decides at its body, once it is approved."""
    decides = may(user, Action.DECIDE) and dossier.body_id == user.post.unit_id
    return decides and dossier.is_model and dossier.state == State.APPROVED


@transaction.atomic
def publish(dossier_id: int, *, summary: str, agreed: bool, by, at: datetime) -> Publication:
    """Show an approved model to everyone of its tree; one that stands there already is returned as it is.

    `agreed` says that the unit knows and agrees. Raises Dossier.DoesNotExist, PermissionDenied or ValidationError.
    """
    dossier = _locked(dossier_id, by)
    if not publishes(by, dossier):
        raise PermissionDenied
    if standing := dossier.publications.filter(withdrawn_at__isnull=True).first():
        return standing
    if not agreed:
        raise ValidationError({"agreed": _("Chỉ giới thiệu mô hình khi đơn vị đã biết và đồng ý.")})
    made = Publication.objects.create(dossier=dossier, summary=summary, published_at=at, published_by=by)
    _tell(
        "dossier.publish",
        dossier,
        lambda: _("Mô hình “%(title)s” được đưa vào Kho mô hình hay") % {"title": dossier.title},
        by=by,
        at=at,
    )
    return made


@transaction.atomic
def unpublish(dossier_id: int, *, reason: str, by, at: datetime) -> None:
    """Take a model out of the showcase; from this instant nothing there shows it. Once out, it stays as it is.

    Raises Dossier.DoesNotExist, PermissionDenied or ValidationError (reason), and then changes nothing.
    """
    dossier = _locked(dossier_id, by)
    if not publishes(by, dossier):
        raise PermissionDenied
    reason = reason.strip()
    if len(reason) < REASON_LENGTH:
        raise ValidationError({"reason": _("Hãy nêu lý do, ít nhất %(count)d ký tự.") % {"count": REASON_LENGTH}})
    standing = dossier.publications.filter(withdrawn_at__isnull=True)
    if standing.update(withdrawn_at=at, withdrawn_by=by, reason=reason):
        told = {"title": dossier.title, "reason": reason}
        _tell(
            "dossier.unpublish",
            dossier,
            lambda: _("Mô hình “%(title)s” được gỡ khỏi Kho mô hình hay: %(reason)s") % told,
            by=by,
            at=at,
            detail={"reason": reason},
        )


@transaction.atomic
def vote(dossier_id: int, *, stars: int, by, at: datetime) -> Vote:
    """Judge a model of the showcase, or judge it anew.

    Raises Dossier.DoesNotExist, or PermissionDenied: of an own one, and by whoever only reads on.
    """
    dossier = Dossier.objects.shown_to(by).get(pk=dossier_id)
    if may(by, Action.READ_LEFT) or is_own(by, dossier, at):
        raise PermissionDenied
    given, _made = Vote.objects.update_or_create(dossier=dossier, person=by, defaults={"stars": stars, "at": at})
    # That one voted is recorded, not what one thinks.
    record("dossier.vote", subject="dossier", subject_id=dossier.pk, unit_id=dossier.unit_id, by=by, at=at)
    return given


def is_own(user, dossier: Dossier, at: datetime) -> bool:
    """Whether this person wrote or sent the model, or holds a post at its unit; one query."""
    if user.pk in (dossier.author_id, dossier.submitted_by_id):
        return True
    return user.posts.current(at).filter(unit=dossier.unit_id).exists()


def _locked(dossier_id: int, by) -> Dossier:
    return Dossier.objects.visible_to(by).select_related("unit").select_for_update(of=("self",)).get(pk=dossier_id)


def _tell(verb: str, dossier: Dossier, text: Callable[[], str], *, by, at: datetime, detail=None) -> None:
    """Record it and tell whoever acts for the unit."""
    record(
        verb,
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail=detail,
        tell=people_at(dossier.unit, UNIT_ROLES, at),
        text=text,
        link=reverse("models_registry:dossier", args=[dossier.pk]),
    )
