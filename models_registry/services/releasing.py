"""Files that came while the antivirus was away: looked at once it answers, then handed out or taken off the disk."""

import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.antivirus import Away, finding
from journal.services import record
from models_registry.kept_files import take_off_disk
from models_registry.models import Attachment, Consent
from models_registry.models.files import StoredFile
from organizations.models import Post
from organizations.queries import people_at

ENTERED_BY = (Post.Role.SECRETARY, Post.Role.DEPUTY, Post.Role.CLERK)
INFECTED = "file.infected"
PATIENCE = 3  # files without an answer, after which the antivirus is left alone until the next minute
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Place:
    """What a file belongs to, as the journal names it, whose it is, who is told of it, and where it is shown."""

    subject: str
    subject_id: int
    unit_id: int
    tell: list
    link: str


def release_files(model: type[StoredFile], place_of: Callable[[StoredFile, datetime], Place], *, at: datetime) -> int:
    """Look at the waiting files of one kind; returns how many were. A clean one may be opened from then on.

    An infected one is deleted, its row says so, and who entered it is told. Ends where the antivirus does not answer,
    and says nothing of a file it cannot judge: taken in any order, such a one holds back none for long.
    One query where none waits.
    """
    looked_at = unanswered = 0
    waiting = list(model.objects.filter(held=StoredFile.Held.WAITING).order_by("?"))
    for row in waiting:
        try:
            with row.file.open("rb") as file:
                found = finding(file)
        except Away as away:
            unanswered += 1
            if unanswered == PATIENCE or unanswered == len(waiting):
                logger.error("Antivirus gave no answer, %d files wait: %s", len(waiting) - looked_at, away)
                break
            logger.warning("Antivirus said nothing of file %s %d: %s", model.__name__, row.pk, away)
            continue
        except FileNotFoundError:  # its draft was deleted meanwhile
            continue
        if found:
            _take_away(row, found, place_of, at)
        else:
            model.objects.filter(pk=row.pk, held=StoredFile.Held.WAITING).update(held="")
        looked_at += 1
    return looked_at


def place_of_attachment(file: Attachment, at: datetime) -> Place:
    dossier = file.dossier
    tell = people_at(dossier.unit_id, ENTERED_BY, at)
    link = reverse("models_registry:dossier", args=[dossier.pk])
    return Place("dossier", dossier.pk, dossier.unit_id, tell, link)


def place_of_consent(file: Consent, at: datetime) -> Place:
    dossier = file.photo.dossier if file.photo else file.exemplar.practice.dossier
    tell = people_at(dossier.unit_id, ENTERED_BY, at)
    return Place("dossier", dossier.pk, dossier.unit_id, tell, reverse("models_registry:consent", args=[dossier.pk]))


@transaction.atomic
def _take_away(row: StoredFile, found: str, place_of: Callable, at: datetime) -> None:
    left = {"held": StoredFile.Held.INFECTED, "finding": found, "file": "", "thumbnail": ""}
    if not type(row).objects.filter(pk=row.pk, held=StoredFile.Held.WAITING).update(**left):
        return
    place, name = place_of(row, at), row.name
    record(
        INFECTED,
        subject=place.subject,
        subject_id=place.subject_id,
        unit_id=place.unit_id,
        by=None,
        at=at,
        detail={row._meta.model_name: row.pk, "finding": found},
        tell=place.tell,
        text=lambda: _("Tệp “%(name)s” có mã độc nên đã bị loại bỏ. Hãy gửi một tệp khác.") % {"name": name},
        link=place.link,
    )
    transaction.on_commit(lambda: take_off_disk(row))
