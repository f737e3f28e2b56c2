"""Adding and removing the files of a dossier the unit holds."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.kept_files import put_away, take_off_disk_later
from models_registry.lifecycle import Edit
from models_registry.models import Attachment, Dossier
from models_registry.queries.remarks import reopened_of
from models_registry.reopening import NotReopened
from models_registry.services.drafts import held_dossier, touch
from models_registry.uploads import take_in
from organizations.queries import entered_for

FILES = "files"
MOST_FILES = 20


@transaction.atomic
def attach(dossier_id: int, file, *, by, at: datetime, on_behalf_of=None) -> Attachment:
    """Keep a file with the dossier, as `uploads.take_in` takes or returns it; the same sent again is the one there.

    Raises ValidationError with the reason it is refused.
    """
    dossier, taken = held_dossier(dossier_id, Edit.SAVE, by=by), take_in(file)
    kept = list(dossier.attachments.kept())
    if there := next((one for one in kept if one.digest == taken.digest), None):
        return there
    if scan := dossier.attachments.signed().filter(digest=taken.digest, removed_at__isnull=True).first():
        raise ValidationError(_("Tệp này đã có trong hồ sơ: “%(name)s”.") % {"name": scan.name})
    if len(kept) >= MOST_FILES:
        raise ValidationError(_("Mỗi hồ sơ có nhiều nhất %(most)d tệp.") % {"most": MOST_FILES})
    _refuse_if_closed(dossier)
    attachment = Attachment(dossier=dossier, added_by=by, added_at=at)
    put_away(attachment, taken)
    attachment.save()
    touch(dossier, at)
    _record("dossier.attach", dossier, attachment.pk, by=by, at=at, on_behalf_of=on_behalf_of)
    return attachment


@transaction.atomic
def detach(attachment_id: int, *, by, at: datetime, on_behalf_of=None) -> Dossier:
    """Take a file off the dossier; it is deleted from disk unless a version that was sent names it."""
    attachment = Attachment.objects.visible_to(by).kept().get(pk=attachment_id)
    dossier = held_dossier(attachment.dossier_id, Edit.SAVE, by=by)
    _refuse_if_closed(dossier)
    if dossier.version and attachment.added_at <= dossier.submitted_at:
        attachment.removed_at = at
        attachment.save()
    else:
        for file in (attachment, *attachment.consents.all()):
            take_off_disk_later(file)
        attachment.delete()
    touch(dossier, at)
    _record("dossier.detach", dossier, attachment_id, by=by, at=at, on_behalf_of=on_behalf_of)
    return dossier


def _refuse_if_closed(dossier: Dossier) -> None:
    if not reopened_of(dossier).section(FILES):
        raise NotReopened([FILES])


def _record(verb: str, dossier: Dossier, attachment_id: int, *, by, at: datetime, on_behalf_of) -> None:
    record(
        verb,
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of or entered_for(by, at),
        detail={"attachment": attachment_id},
    )
