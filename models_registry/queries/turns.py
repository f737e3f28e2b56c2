"""The clocks of dossiers, as pages show them."""

from collections import defaultdict
from collections.abc import Collection
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, prefetch_related_objects
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.names import name_then
from journal.questions import Among, Blank, Question
from models_registry.clock import Clock, clock_of
from models_registry.models import Dossier, Extension, Turn
from models_registry.queries.calendar import missing_sentence, shown_calendar


def clocks_of(dossiers: Collection[int], at: datetime) -> dict[int, Clock]:
    """Return {dossier id: its clock}; one query whatever the number."""
    turns = defaultdict(list)
    for turn in _turns_of(dossiers=dossiers):
        turns[turn.dossier].append(turn)
    calendar = shown_calendar()
    return {pk: clock_of(turns[pk], calendar, at) for pk in dossiers}


SHOWN = ("dossier", "side", "began_at", "ended_at", "due_on")


@Question
def _turns_of():
    found = Turn.objects.filter(Among("dossier", "dossiers")).order_by("dossier_id", "number")
    return found.values_list(*SHOWN, named=True)


@Question
def _turns():
    moved = Exists(Extension.objects.filter(turn=OuterRef("pk")))
    return Turn.objects.filter(dossier=Blank("dossier")).order_by("number").annotate(moved=moved)


def clock_shown(dossier: Dossier, at: datetime) -> dict:
    """Return what `_due.html` and `_clock.html` show of one dossier; one query, two once a day was moved.

    None, and nothing, before it was sent.
    """
    if not dossier.version:
        return {}
    turns = _turns(dossier=dossier.pk)
    if any(turn.moved for turn in turns):
        moved = Extension.objects.select_related("by").annotate(by_then=name_then("by", "at"))
        prefetch_related_objects(turns, Prefetch("extensions", moved))
    calendar = shown_calendar()
    clock = clock_of(turns, calendar, at)
    sums = [(Turn.Side.BOARD.label, clock.board), (Turn.Side.UNIT.label, clock.unit)]
    if clock.closed.calendar:
        sums.append((_("Đã có kết luận, chờ mở lại"), clock.closed))
    days = [day for turn in turns for day in (localdate(turn.began_at), turn.due_on)]
    return {
        "clock": clock,
        "clock_sums": [*sums, (_("Toàn bộ thời gian"), clock.whole)],
        "unknown_years": missing_sentence(calendar.unknown(min(days), max(days))) if days else "",
    }
