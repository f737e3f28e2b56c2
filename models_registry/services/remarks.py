"""What the board asks of a version it returns, and what the unit answers before it sends again."""

from collections.abc import Mapping
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from models_registry.lifecycle import Edit, Reason
from models_registry.models import Dossier, Remark
from models_registry.reopening import WHOLE
from models_registry.services.drafts import held_dossier, record_edit

ANSWER_LENGTH = Reason.REQUIRED.value
ANSWERED = "dossier.answer"


def pin_remarks(dossier: Dossier, remarks: Mapping[str, str], *, reason: str, by, at: datetime) -> None:
    """Pin these remarks ({place: text}) to the version at hand; without any, the reason as one on the whole."""
    said = {place: text.strip() for place, text in remarks.items() if text.strip()} or {WHOLE: reason.strip()}
    version = dossier.versions.only("pk").get(number=dossier.version)
    Remark.objects.bulk_create(
        Remark(version=version, place=place, text=text, asked_by=by, asked_at=at) for place, text in said.items()
    )


@transaction.atomic
def answer_remarks(
    dossier_id: int, answers: Mapping[int, str], *, by, at: datetime, edition: int | None = None
) -> Dossier:
    """Keep the answers ({remark's id: text}) to the remarks of the last return; "" takes one back.

    They are the unit's own, and may be written anew, until it sends. Nothing new counts no edition. Raises as
    `save_draft` does, and ValidationError for an answer shorter than 10 characters.
    """
    dossier = held_dossier(dossier_id, Edit.ANSWER, by=by, edition=edition)
    changed = [one for one in Remark.objects.on(dossier) if answers.get(one.pk, one.answer).strip() != one.answer]
    for remark in changed:
        remark.answer = answers[remark.pk].strip()
        if 0 < len(remark.answer) < ANSWER_LENGTH:
            raise ValidationError(_("Hãy trả lời Ban, ít nhất %(count)d ký tự.") % {"count": ANSWER_LENGTH})
        remark.answered_by, remark.answered_at = (by, at) if remark.answer else (None, None)
    if changed:
        Remark.objects.bulk_update(changed, ["answer", "answered_by", "answered_at"])
        dossier.edition += 1
        dossier.changed_at = at
        dossier.save(update_fields=["edition", "changed_at"])
        record_edit(ANSWERED, dossier, by=by, at=at, detail={"version": dossier.version, "answers": len(changed)})
    return dossier


def refuse_unanswered(dossier: Dossier) -> None:
    """Raise ValidationError while a remark of the last return has no answer; one query."""
    if dossier.version and (count := Remark.objects.on(dossier).unanswered().count()):
        raise ValidationError(
            _("Còn %(count)d ý kiến của Ban chưa được trả lời. Hãy trả lời từng ý kiến rồi gửi lại.") % {"count": count}
        )
