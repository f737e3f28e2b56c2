"""Who issues a document and who signs it, by the names and places of its day."""

from dataclasses import dataclass
from datetime import date, datetime

from django.utils.timezone import localdate

from journal.models import Event
from models_registry.lifecycle import Step
from models_registry.models import Dossier, DossierVersion
from organizations.models import Post
from organizations.queries import names_on, parents_on

SIGNING_ROLES = (Post.Role.SECRETARY, Post.Role.DEPUTY)


@dataclass(frozen=True, slots=True)
class Signer:
    """Who signs for the unit: as what, under which title of the own post, and by which name; "" where unknown."""

    role: str = Post.Role.SECRETARY
    title: str = ""
    name: str = ""


@dataclass(frozen=True, slots=True)
class Letterhead:
    """What the head and the foot of a document say of its unit. `dated` is False while the day is still to be set."""

    kind: str
    issuer: str
    superior: str
    day: date
    dated: bool
    signer: Signer


def letterhead_of(dossier: Dossier, version: DossierVersion | None, *, by, at: datetime) -> Letterhead:
    """Return the letterhead of a version on the day it was sent, or of the draft today; four queries at most.

    Who sent a version signs it; a draft is for the deputy who asks to sign, else for the unit's secretary.
    """
    day = localdate(version.submitted_at if version else at)
    parent = parents_on(day, [dossier.unit]).get(dossier.unit_id)
    names = names_on(day, filter(None, [dossier.unit, parent]))
    return Letterhead(
        kind=dossier.unit.kind,
        issuer=names[dossier.unit_id],
        superior=names[parent.pk] if parent else "",
        day=day,
        dated=version is not None,
        signer=_sender(version) if version else _signer_of_draft(dossier, by, at),
    )


def letterhead_for(user, at: datetime) -> Letterhead:
    """Return the letterhead of what this person draws up today for the unit of the own post; two queries."""
    unit, day = user.post.unit, localdate(at)
    parent = parents_on(day, [unit]).get(unit.pk)
    names = names_on(day, filter(None, [unit, parent]))
    return Letterhead(
        kind=unit.kind,
        issuer=names[unit.pk],
        superior=names[parent.pk] if parent else "",
        day=day,
        dated=False,
        signer=Signer(user.post.role, user.post.title),
    )


def _sender(version: DossierVersion) -> Signer:
    sent = Event.objects.filter(subject="dossier", subject_id=version.dossier_id, verb=f"dossier.{Step.SUBMIT}")
    role = sent.filter(detail__version=version.number).values_list("role", flat=True).first()
    return Signer(role or Post.Role.SECRETARY, name=version.submitted_by.full_name)


def _signer_of_draft(dossier: Dossier, by, at: datetime) -> Signer:
    if by.post is not None and by.post.unit_id == dossier.unit_id and by.post.role == Post.Role.DEPUTY:
        return Signer(by.post.role, by.post.title, by.full_name)
    posts = Post.objects.current(at).filter(unit=dossier.unit_id, role=Post.Role.SECRETARY, person__is_active=True)
    held = posts.select_related("person").first()
    return Signer(held.role, held.title, held.person.full_name) if held else Signer()
