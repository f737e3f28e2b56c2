"""What is done around the paper: who took a copy with names on it, and the scan of what was signed."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.kept_files import put_away, take_off_disk_later
from models_registry.lifecycle import Edit
from models_registry.models import Attachment, Dossier
from models_registry.services.drafts import held_dossier
from models_registry.uploads import JPG, PDF, PNG, take_in
from organizations.models import Post
from organizations.queries import people_at

SCANS = (PDF, JPG, PNG)
MOST_PAGES = 20
PRINTED, SIGNED, UNSIGNED = "dossier.printed", "dossier.signed", "dossier.unsigned"


def record_printing(dossier: Dossier, *, document: str, version: int, by, at: datetime) -> None:
    """Record that somebody took a document that names individuals: access to personal data. One insert.

    `document` is the file's kind and ending, `version` 0 for a draft.
    """
    _record(PRINTED, dossier, by=by, at=at, detail={"document": document, "version": version})


def signers_of(dossier: Dossier, at: datetime) -> list:
    """Return who may sign the unit's paper now: its secretary, and whoever is authorised; one query."""
    return people_at(dossier.unit, (Post.Role.SECRETARY, Post.Role.DEPUTY), at)


def version_to_sign(dossier: Dossier) -> int:
    """Return which version a paper signed now is of: the one to be sent while the unit holds it, else the last sent."""
    return dossier.version + 1 if dossier.can_be_edited else dossier.version


@transaction.atomic
def attach_signed(dossier_id: int, file, *, signed_by, by, at: datetime) -> Attachment:
    """Keep a scan of the signed paper; what was sent stays, and the edition. The same scan again is the one there.

    Whoever adds what another signed enters it for them. Raises Dossier.DoesNotExist, PermissionDenied,
    gate.StepNotOpen once it is decided, or ValidationError with the reason the file or the signer is refused.
    """
    dossier, taken = held_dossier(dossier_id, Edit.SIGN, by=by), take_in(file)
    if taken.kind not in SCANS:
        raise ValidationError(_("Bản đã ký là ảnh chụp hoặc bản quét: hãy chọn tệp PDF, JPG hoặc PNG."))
    if signed_by not in signers_of(dossier, at):
        raise ValidationError(_("Người ký phải là bí thư hoặc người được ủy quyền của đơn vị."))
    version = version_to_sign(dossier)
    if there := dossier.attachments.filter(digest=taken.digest, removed_at__isnull=True).first():
        if there.signed_version != version:
            raise ValidationError(_("Tệp này đã có trong hồ sơ: “%(name)s”.") % {"name": there.name})
        return there
    if dossier.attachments.filter(signed_version=version).count() >= MOST_PAGES:
        raise ValidationError(_("Mỗi bản đã ký có nhiều nhất %(most)d tệp.") % {"most": MOST_PAGES})
    scan = Attachment(dossier=dossier, added_by=by, added_at=at, signed_version=version, signed_by=signed_by)
    put_away(scan, taken)
    scan.save()
    _record_scan(SIGNED, dossier, scan, by=by, at=at)
    return scan


@transaction.atomic
def take_off_signed(attachment_id: int, *, by, at: datetime) -> Dossier:
    """Delete a scan of a version that is not sent yet; one of a sent version stays. Raises as `attach_signed`."""
    scan = Attachment.objects.visible_to(by).signed().get(pk=attachment_id)
    dossier = held_dossier(scan.dossier_id, Edit.SIGN, by=by)
    if scan.signed_version <= dossier.version:
        raise ValidationError(_("Bản đã ký của lần đã gửi thì giữ nguyên, không bỏ được."))
    _record_scan(UNSIGNED, dossier, scan, by=by, at=at)
    scan.delete()
    take_off_disk_later(scan)
    return dossier


def _record_scan(verb: str, dossier: Dossier, scan: Attachment, *, by, at: datetime) -> None:
    signer = scan.signed_by if scan.signed_by_id != by.pk else None
    told = {"attachment": scan.pk, "version": scan.signed_version}
    _record(verb, dossier, by=by, at=at, on_behalf_of=signer, detail=told)


def _record(verb: str, dossier: Dossier, *, by, at: datetime, on_behalf_of=None, detail: dict) -> None:
    record(
        verb,
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        detail=detail,
    )
