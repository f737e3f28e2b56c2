"""Sending a dossier from its summary page, where the same tap may arrive twice."""

from datetime import datetime

from models_registry import gate
from models_registry.lifecycle import EDITS, MOVES, State, Step
from models_registry.models import Dossier
from models_registry.services.steps import take_step


def submit(dossier_id: int, *, edition: int, by, at: datetime, on_behalf_of=None) -> Dossier:
    """Send the edition that was shown; the same tap again returns what the first one sent.

    Raises as `take_step` does, and then changes nothing.
    """
    try:
        return take_step(dossier_id, Step.SUBMIT, edition=edition, by=by, at=at, on_behalf_of=on_behalf_of)
    except gate.StepNotOpen as shut:
        sent = shut.row
        if sent.state == State.SUBMITTED and sent.submitted_by_id == by.pk and sent.edition == edition + 1:
            return sent
        if sent.can_be_edited:  # it did not move: somebody saved it after the page was shown
            raise gate.StepNotOpen(sent, Step.SUBMIT, {**MOVES, **EDITS}) from shut
        raise
