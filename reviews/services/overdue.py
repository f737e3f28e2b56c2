"""Telling of what is overdue, once for each due day that was missed."""

from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.models import Told
from journal.services import record
from models_registry.models import Dossier, Turn
from models_registry.querysets.conflicts import unbarred
from models_registry.services.steps import UNIT_ROLES
from organizations.queries import people_at
from reviews.queries.appraisal import holding_of
from vietnamese.display import day_text


def tell_overdue(*, at: datetime) -> int:
    """Record every turn whose due day has passed and tell who holds it; returns how many. Run twice, it tells once."""
    late = list(Turn.objects.late(localdate(at)).untold().order_by("due_on", "id").values_list("pk", flat=True))
    return sum(_tell_one(pk, at=at) for pk in late)


@transaction.atomic
def _tell_one(turn_id: int, *, at: datetime) -> bool:
    found = Turn.objects.late(localdate(at)).untold().filter(pk=turn_id)
    turn = found.select_for_update(of=("self",)).select_related("dossier__unit", "dossier__body").first()
    if turn is None:
        return False
    turn.told_late_for = turn.due_on
    turn.save(update_fields=["told_late_for"])
    dossier, of_board = turn.dossier, turn.side == Turn.Side.BOARD
    record(
        "dossier.overdue",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=None,
        at=at,
        detail={"side": turn.side, "due_on": turn.due_on.isoformat()},
        kind=Told.OVERDUE,
        tell=_of_board(dossier, at) if of_board else people_at(dossier.unit, UNIT_ROLES, at),
        text=lambda: _sentence(turn) % {"day": day_text(turn.due_on), "title": dossier.title},
        link=reverse("reviews:appraise" if of_board else "models_registry:dossier", args=[dossier.pk]),
    )
    return True


def _sentence(turn: Turn) -> str:
    if turn.side == Turn.Side.BOARD:
        return _("Quá hạn thẩm định từ %(day)s: %(title)s")
    return _("Quá hạn bổ sung từ %(day)s: %(title)s")


def _of_board(dossier: Dossier, at: datetime) -> list:
    """Return who holds the dossier, else the heads; never whom a conflict of interest keeps from it."""
    holding = holding_of(dossier.pk)
    seated = people_at(dossier.body, ("appraiser", "head") if holding else ("head",), at)
    return unbarred([one for one in seated if holding is None or one.pk == holding.appraiser_id], dossier)
