"""Sending a dossier from its summary page, where the same tap may arrive twice."""

from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from models_registry import gate
from models_registry.lifecycle import EDITS, MOVES, Reason, State, Step
from models_registry.models import Comment, Dossier
from models_registry.services.comments import add_comment
from models_registry.services.steps import advance, locked

ANSWER_LENGTH = Reason.REQUIRED.value


def submit(dossier_id: int, *, edition: int, by, at: datetime, on_behalf_of=None, answer: str = "") -> Dossier:
    """Send the edition that was shown; the same tap again returns what the first one sent.

    A returned dossier that is sent again as it was needs an `answer` to the board of at least 10 characters, which
    becomes a comment; otherwise none is kept. Two queries more for what was returned.

    Raises as `take_step` does, and ValidationError with "answer" or, of the comment, "text"; then nothing is changed.
    """
    try:
        return _send(dossier_id, answer, edition=edition, by=by, at=at, on_behalf_of=on_behalf_of)
    except gate.StepNotOpen as shut:
        sent = shut.row
        if sent.state == State.SUBMITTED and sent.submitted_by_id == by.pk and sent.edition == edition + 1:
            return sent
        if sent.can_be_edited:  # it did not move: somebody saved it after the page was shown
            raise gate.StepNotOpen(sent, Step.SUBMIT, {**MOVES, **EDITS}) from shut
        raise


@transaction.atomic
def _send(dossier_id: int, answer: str, *, by, at: datetime, **how) -> Dossier:
    sent = advance(locked(dossier_id, by), Step.SUBMIT, by=by, at=at, **how)
    if sent.version > 1 and _is_unchanged(sent):
        if len(answer.strip()) < ANSWER_LENGTH:
            raise ValidationError({"answer": _("Hãy trả lời Ban, ít nhất %(count)d ký tự.") % {"count": ANSWER_LENGTH}})
        add_comment(sent.pk, text=answer, audience=Comment.Audience.BOTH, by=by, at=at)
    return sent


def _is_unchanged(sent: Dossier) -> bool:
    before, now = sent.versions.filter(number__gte=sent.version - 1).values_list("content", flat=True)
    return before == now
