"""Several scorers on one dossier: taking a seat, handing a scoresheet in, taking it back while nothing was seen."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.models import Dossier
from models_registry.querysets.conflicts import unbarred
from organizations.models import Post
from reviews.lifecycle import HAND_IN, JOIN, LEAVE, REWORK
from reviews.models import Assignment
from reviews.queries.appraisal import holding_of
from reviews.services.holding import finish, opened, refuse_full, refuse_half_judged, release, seat


@transaction.atomic
def join(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Assignment:
    """Score beside the one who holds the dossier, where the round asks for more than sit there; who sits there stays.

    Raises PermissionDenied, gate.StepNotOpen, or ValidationError where no seat is free and for a head once a sheet was
    handed in, who could have read it; then changes nothing.
    """
    dossier = opened(dossier_id, JOIN, by=by, edition=edition)
    seats = Assignment.objects.held().filter(dossier=dossier)
    # A lead stays the lead.
    if own := seats.filter(appraiser=by).first():
        return own
    if has_read_others(dossier, by, at):
        raise ValidationError(_("Đã có phiếu nộp mà bạn đọc được, nên bạn không cùng chấm độc lập được nữa."))
    refuse_full(dossier)
    own = seat(dossier, by, at=at, is_lead=False)
    _record("joined", dossier, by=by, at=at)
    return own


@transaction.atomic
def leave(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> None:
    """Give the own seat beside the lead back; the marks stay as drafts that count nowhere.

    Raises as `join`, HeldByAnother without a seat, and ValidationError for a sheet that was handed in.
    """
    dossier = opened(dossier_id, LEAVE, by=by, edition=edition)
    own = _own(dossier, by)
    if own.is_lead or own.finished_at:
        raise ValidationError(_("Chỉ thôi chấm được khi chưa nộp phiếu và không giữ hồ sơ."))
    release(own, at)
    _record("left", dossier, by=by, at=at)


@transaction.atomic
def hand_in(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Assignment:
    """Hand the own scoresheet in: from now on it counts, is shut, and its owner sees the others'. The lead is told.

    Raises as `save_judgements`, and ValidationError naming the criteria without a mark; then changes nothing.
    """
    dossier = opened(dossier_id, HAND_IN, by=by, edition=edition)
    own = _own(dossier, by)
    if own.finished_at is None:
        refuse_half_judged(dossier, by)
        finish([own], at)
        lead = holding_of(dossier.pk)
        _record("handed_in", dossier, by=by, at=at, tell=[lead.appraiser] if lead and not own.is_lead else [])
    return own


@transaction.atomic
def rework(dossier_id: int, *, by, at: datetime, edition: int | None = None) -> Assignment:
    """Open the own sheet again, and take back what was proposed on it.

    Never once another's was handed in: its owner could have read it. Raises as `hand_in`.
    """
    dossier = opened(dossier_id, REWORK, by=by, edition=edition)
    own = _own(dossier, by)
    if others_handed_in(dossier, by):
        raise ValidationError(_("Đã có phiếu của người khác nên phiếu của bạn không sửa được nữa."))
    own.finished_at = own.proposed_at = None
    own.proposed = own.proposed_reason = ""
    own.save()
    _record("reworked", dossier, by=by, at=at)
    return own


def has_read_others(dossier: Dossier, who, at: datetime) -> bool:
    """Whether this person may have read others' sheets without an own one: a head of the board, in whichever of the
    own posts they act now; two queries."""
    is_head = Post.objects.current(at).filter(person=who, unit=dossier.body_id, role=Post.Role.HEAD).exists()
    return is_head and others_handed_in(dossier, who)


def others_handed_in(dossier: Dossier, who) -> bool:
    """Whether anybody else handed a sheet in on the version at hand; one query."""
    sheets = Assignment.objects.filter(dossier=dossier, version=dossier.version, finished_at__isnull=False)
    return sheets.exclude(appraiser=who).exists()


def _own(dossier: Dossier, by) -> Assignment:
    return Assignment.objects.held().get(dossier=dossier, appraiser=by)


def _record(verb: str, dossier: Dossier, *, by, at: datetime, tell=()) -> None:
    record(
        f"appraisal.{verb}",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={"version": dossier.version},
        tell=unbarred(tell, dossier),
        text=lambda: _("%(who)s đã nộp phiếu chấm: %(title)s") % {"who": by, "title": dossier.title},
        link=reverse("reviews:appraise", args=[dossier.pk]),
    )
