"""Writing the clock: who holds a dossier from when to when, and until when it is to be answered."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import DateTimeField, F
from django.db.models.functions import Greatest
from django.utils.timezone import localdate

from journal.questions import Among, Blank, Change, Question
from models_registry.lifecycle import State
from models_registry.models import Dossier, Turn
from models_registry.queries.calendar import working_calendar

HOLDER = {
    State.SUBMITTED: Turn.Side.BOARD,
    State.UNDER_APPRAISAL: Turn.Side.BOARD,
    State.REVISION_REQUESTED: Turn.Side.UNIT,
}
# Working days a unit has to answer a return, where the appraiser names no day.
REVISION_DAYS = 10


@Change
def _ended():
    ended_at = Greatest(Blank("at", DateTimeField()), F("began_at"))
    return Turn.objects.open().filter(Among("dossier", "dossiers")), {"ended_at": ended_at}


def pass_on(dossiers: Iterable[Dossier], target: str, *, at: datetime, due_on: date | None = None) -> None:
    """End the open turns and begin the other side's, where going to the state `target` changes who holds a dossier.

    A new turn is due on `due_on`, else after the round's working days (the board) or 10 (the unit). Sets the dossiers'
    own `due_on`, which the caller saves. One query where nobody holds them further, at most four a dossier where
    somebody does; none while they stay in the same hands.
    """
    side = HOLDER.get(target)
    leaving = [dossier for dossier in dossiers if HOLDER.get(dossier.state) != side]
    for dossier in leaving:
        dossier.due_on = _begin(dossier, side, at=at, due_on=due_on) if side else None
    if leaving and side is None:
        # Clocks of servers differ a little; no turn ends before it began.
        _ended(dossiers=[dossier.pk for dossier in leaving], at=at)


@Question
def _last_turn():
    return Turn.objects.filter(dossier=Blank("dossier")).order_by("-number")[:1]


def _begin(dossier: Dossier, side: str, *, at: datetime, due_on: date | None) -> date:
    last = next(iter(_last_turn(dossier=dossier.pk)), None)
    if last is not None:
        # Nor do turns overlap.
        at = max(at, last.ended_at or last.began_at)
        dossier.turns.open().update(ended_at=at)
    number, working_days = last.number + 1 if last else 1, None
    if due_on is None:
        working_days = dossier.round.appraisal_days if side == Turn.Side.BOARD else REVISION_DAYS
        due_on = working_calendar().add(localdate(at), working_days)
    dossier.turns.create(number=number, side=side, began_at=at, due_on=due_on, working_days=working_days)
    return due_on
