"""Comments on a dossier: between unit and board, or within the board."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.lifecycle import State
from models_registry.models import Comment, Dossier
from models_registry.querysets.conflicts import unbarred
from organizations.permissions import Action, may
from organizations.queries import people_at
from vietnamese.folding import clean
from vietnamese.secrecy import carries_secret_mark

LONGEST = 500
UNIT_ROLES = ("secretary", "deputy", "clerk")
BOARD_ROLES = ("appraiser", "head")


@transaction.atomic
def add_comment(dossier_id: int, *, text: str, audience: str, by, at: datetime) -> Comment:
    """Add a comment of 1 to 500 characters and tell the other side, or the board's own people of an internal one.

    Raises Dossier.DoesNotExist, PermissionDenied or ValidationError, and then changes nothing.
    """
    dossier = Dossier.objects.visible_to(by).select_related("unit", "body").get(pk=dossier_id)
    if audience not in audiences_for(by, dossier):
        raise PermissionDenied
    text = clean(text).strip()
    if not 0 < len(text) <= LONGEST or "\0" in text:
        raise ValidationError({"text": _("Ý kiến dài từ 1 đến %(most)d ký tự.") % {"most": LONGEST}})
    if carries_secret_mark(text):
        raise ValidationError({"text": _("Cổng này không nhận nội dung mật.")})
    comment = Comment.objects.create(
        dossier=dossier, audience=audience, author=by, unit_id=by.post.unit_id, text=text, at=at
    )
    record(
        "dossier.comment" if audience == Comment.Audience.BOTH else "dossier.note",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"comment": comment.pk},
        tell=_listeners(dossier, audience, by, at),
        text=lambda: _("Ý kiến mới về “%(title)s”") % {"title": dossier.title},
        link=reverse("models_registry:dossier", args=[dossier.pk]) + "#comments",
    )
    return comment


def audiences_for(user, dossier: Dossier) -> list[str]:
    """Return whom this person may address on this dossier: the unit's people the board, the board's both. No query."""
    audiences = Comment.Audience
    if may(user, Action.APPRAISE) and dossier.body_id == user.post.unit_id:
        return [audiences.BOTH, audiences.BOARD]
    if may(user, Action.REGISTER) and dossier.unit_id == user.post.unit_id and dossier.state != State.DRAFT:
        return [audiences.BOTH]
    return []


def _listeners(dossier: Dossier, audience: str, by, at: datetime) -> list:
    board = unbarred(people_at(dossier.body, BOARD_ROLES, at), dossier)
    unit = people_at(dossier.unit, UNIT_ROLES, at) if audience == Comment.Audience.BOTH else []
    return [*board, *unit]
