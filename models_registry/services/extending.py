"""Giving whoever holds a dossier more time, with a reason everybody reads."""

from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry import gate
from models_registry.lifecycle import EXTENSIONS, Extend, State
from models_registry.models import Extension
from models_registry.querysets.conflicts import is_barred
from models_registry.services.steps import UNIT_ROLES, locked
from organizations.queries import people_at
from vietnamese.display import day_text


@transaction.atomic
def extend_turn(dossier_id: int, due_on: date, *, reason: str, by, at: datetime) -> Extension:
    """Move the due day of the open turn to a later one; the unit is told, whichever side it is.

    The board's own is moved by its head, a unit's by whoever appraises. Raises Dossier.DoesNotExist (out of sight),
    PermissionDenied, gate.StepNotOpen or ValidationError, and then changes nothing.
    """
    dossier = locked(dossier_id, by)
    step = extension_of(dossier.state)
    gate.check(dossier, step, EXTENSIONS, by=by, reason=reason, conflicted=is_barred(by, dossier))
    turn = dossier.turns.open().first()
    if turn is None:
        raise gate.StepNotOpen(dossier, step, EXTENSIONS)
    if due_on <= max(turn.due_on, localdate(at)):
        raise ValidationError({"due_on": _("Hạn mới phải sau hạn đang áp dụng và sau ngày hôm nay.")})
    moved = Extension.objects.create(
        turn=turn, due_before=turn.due_on, due_on=due_on, reason=reason.strip(), by=by, at=at
    )
    turn.due_on, turn.working_days, dossier.due_on = due_on, None, due_on
    turn.save(update_fields=["due_on", "working_days"])
    dossier.save(update_fields=["due_on"])
    record(
        "dossier.extended",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        detail={
            "side": turn.side,
            "from": moved.due_before.isoformat(),
            "to": due_on.isoformat(),
            "reason": moved.reason,
        },
        tell=people_at(dossier.unit, UNIT_ROLES, at),
        text=lambda: (
            _("%(what)s đến %(day)s: %(title)s")
            % {"what": Extend(step).label, "day": day_text(due_on), "title": dossier.title}
        ),
        link=reverse("models_registry:dossier", args=[dossier.pk]),
    )
    return moved


def extension_of(state: str) -> Extend:
    """Return whose due day would be moved in a state."""
    return Extend.UNIT if state == State.REVISION_REQUESTED else Extend.BOARD
