"""Sessions of the board: announced, their agenda filled, what was concluded written down. Minutes are issued papers."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.models import Event
from journal.services import record
from models_registry.models import Dossier, DossierVersion
from organizations.permissions import Action, may
from reviews.models import Session, SessionPoint

KEPT, ADDED, NOTED, REMOVED = "session.kept", "session.added", "session.noted", "session.removed"


class SessionChanged(Exception):
    """Somebody saved meanwhile; `last` is the event that did, with who and when."""

    def __init__(self, session: Session):
        self.last = Event.objects.about("session", session.pk).last()
        super().__init__(f"session {session.pk} was saved again")


@transaction.atomic
def keep_session(row: Session, *, edition: int, by, at: datetime) -> Session:
    """Write a new session of the own board, or its changed facts over that edition. Raises SessionChanged."""
    _refuse_outsiders(by)
    if row.pk is None:
        row.body_id = by.post.unit_id
    else:
        _locked(row.pk, by, edition=edition)
    row.edition, row.changed_at = edition + 1, at
    row.save()
    return _recorded(KEPT, row, by=by, at=at)


@transaction.atomic
def add_points(session_id: int, dossiers: Collection[int], *, by, at: datetime) -> int:
    """Put the present versions of these dossiers on the agenda; those on it already stay once. Returns how many came.

    Raises Session.DoesNotExist out of sight; dossiers out of sight are passed over.
    """
    session = _locked(session_id, by)
    seen = dict(Dossier.objects.visible_to(by).filter(pk__in=dossiers).values_list("pk", "version"))
    versions = DossierVersion.objects.filter(dossier__in=seen).only("dossier", "number").order_by("dossier")
    wanted = [one for one in versions if one.number == seen[one.dossier_id]]
    there = set(session.points.filter(version__in=wanted).values_list("version", flat=True))
    new = [SessionPoint(session=session, version=one) for one in wanted if one.pk not in there]
    SessionPoint.objects.bulk_create(new)
    _touch(session, at)
    _recorded(ADDED, session, by=by, at=at, dossiers=[point.version.dossier_id for point in new])
    return len(new)


@transaction.atomic
def note_point(point_id: int, *, discussion: str, conclusion: str, edition: int, by, at: datetime) -> SessionPoint:
    """Write what was said and concluded of one dossier. Raises SessionChanged when somebody wrote it meanwhile."""
    point = _point(point_id, by)
    if point.edition != edition:
        raise SessionChanged(point.session)
    point.discussion, point.conclusion, point.edition = discussion.strip(), conclusion.strip(), edition + 1
    point.save(update_fields=["discussion", "conclusion", "edition"])
    _touch(point.session, at)
    _recorded(NOTED, point.session, by=by, at=at, dossier=point.version.dossier_id)
    return point


@transaction.atomic
def remove_point(point_id: int, *, by, at: datetime) -> Session:
    """Take a dossier off the agenda, with what was written of it; the journal keeps both texts."""
    point = _point(point_id, by)
    told = {"dossier": point.version.dossier_id, "discussion": point.discussion, "conclusion": point.conclusion}
    point.delete()
    _touch(point.session, at)
    return _recorded(REMOVED, point.session, by=by, at=at, **told)


def _point(point_id: int, by) -> SessionPoint:
    """Return a point whose session is locked. Raises SessionPoint.DoesNotExist where either is out of sight."""
    seen = SessionPoint.objects.filter(version__dossier__in=Dossier.objects.visible_to(by).values("pk"))
    point = seen.select_related("version").defer("version__content").get(pk=point_id)
    try:
        point.session = _locked(point.session_id, by)
    except Session.DoesNotExist as unseen:
        raise SessionPoint.DoesNotExist from unseen
    return point


def _locked(session_id: int, by, *, edition: int | None = None) -> Session:
    session = Session.objects.visible_to(by).select_for_update().get(pk=session_id)
    _refuse_outsiders(by)
    if edition is not None and session.edition != edition:
        raise SessionChanged(session)
    return session


def _refuse_outsiders(by) -> None:
    if not may(by, Action.APPRAISE):
        raise PermissionDenied


def _touch(session: Session, at: datetime) -> None:
    """Say that the minutes would read otherwise now; its own facts' edition stays."""
    session.changed_at = at
    session.save(update_fields=["changed_at"])


def _recorded(verb: str, session: Session, *, by, at: datetime, **detail) -> Session:
    record(verb, subject="session", subject_id=session.pk, by=by, at=at, unit_id=session.body_id, detail=detail)
    return session
