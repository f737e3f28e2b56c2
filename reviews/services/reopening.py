"""Ending an announced decision: by a second person, for a reason, and with a round of its own."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from models_registry.gate import StepNotOpen
from models_registry.lifecycle import MOVES, Step
from models_registry.services.steps import advance, locked
from reviews.models import Decision, Reopening


@transaction.atomic
def reopen(dossier_id: int, *, reason: str, by, at: datetime, edition: int | None = None) -> Reopening:
    """Put a decided dossier back before the board, as version n+1 with the same words; the unit and who decided hear.

    Nothing that was done vanishes: what was judged and decided of version n stands with it, and works that began under
    an approval go on, are reported, confirmed and counted as before. They change by dated steps of their own alone, so
    that a later refusal waits until each has ended. Works that never began begin when it is approved again.

    For a second person: raises PermissionDenied also for who decided. Raises else what `take_step` raises, and
    ValidationError where the unit has sent another sheet since; then changes nothing.
    """
    dossier = locked(dossier_id, by)
    decision = last_decision(dossier)
    if decision is not None and decision.by_id == by.pk:
        raise PermissionDenied
    told = [decision.by] if decision else []
    advance(dossier, Step.REOPEN, by=by, at=at, reason=reason, edition=edition, also_tell=told)
    if decision is None:
        raise StepNotOpen(dossier, Step.REOPEN, MOVES)
    return Reopening.objects.create(decision=decision, by=by, at=at, reason=reason.strip())


def last_decision(dossier) -> Decision | None:
    """Return what was announced on the version at hand, with who decided; one query."""
    found = Decision.objects.announced().filter(version__dossier=dossier, version__number=dossier.version)
    return found.select_related("by").first()
