"""Adding and removing the files of a dossier the unit holds."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.lifecycle import Edit
from models_registry.models import Attachment, Dossier
from models_registry.services.drafts import held_dossier, touch
from models_registry.uploads import check_upload, shown_name, stored_name

MOST_FILES = 20


@transaction.atomic
def attach(dossier_id: int, file, *, by, at: datetime, on_behalf_of=None) -> Attachment:
    """Keep an uploaded file with the dossier. Raises ValidationError with the reason it is refused."""
    dossier = held_dossier(dossier_id, Edit.SAVE, by=by)
    if dossier.attachments.kept().count() >= MOST_FILES:
        raise ValidationError(_("Mỗi hồ sơ có nhiều nhất %(most)d tệp.") % {"most": MOST_FILES})
    kind = check_upload(file)
    attachment = Attachment(
        dossier=dossier,
        name=shown_name(file),
        content_type=kind.content_type,
        size=file.size,
        added_by=by,
        added_at=at,
    )
    attachment.file.save(stored_name(kind), file, save=False)
    attachment.save()
    touch(dossier, at)
    _record("dossier.attach", dossier, attachment, by=by, at=at, on_behalf_of=on_behalf_of)
    return attachment


@transaction.atomic
def detach(attachment_id: int, *, by, at: datetime, on_behalf_of=None) -> Dossier:
    """Take a file off the dossier; it is deleted from disk unless a version that was sent names it."""
    attachment = Attachment.objects.visible_to(by).kept().get(pk=attachment_id)
    dossier = held_dossier(attachment.dossier_id, Edit.SAVE, by=by)
    if dossier.version and attachment.added_at <= dossier.submitted_at:
        attachment.removed_at = at
        attachment.save()
    else:
        storage, name = attachment.file.storage, attachment.file.name
        attachment.delete()
        transaction.on_commit(lambda: storage.delete(name))
    touch(dossier, at)
    _record("dossier.detach", dossier, attachment, by=by, at=at, on_behalf_of=on_behalf_of)
    return dossier


def _record(verb: str, dossier: Dossier, attachment: Attachment, *, by, at: datetime, on_behalf_of) -> None:
    record(
        verb,
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        detail={"file": attachment.name},
    )
