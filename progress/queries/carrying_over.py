"""The turn of the year: which works are still open, and which requests to carry them over wait."""

from datetime import date, datetime

from django.db.models import Exists, OuterRef

from models_registry.models import WorkItem
from progress.lifecycle import ITEM_MOVES, ItemStep, carry_over_asked_from
from progress.models import ChangeRequest
from progress.queries.authority import requests_waiting_for


def year_in_hand(day: date) -> int:
    """Return the year whose open works may be asked into the next: from December the present one, else the last."""
    return day.year if day >= carry_over_asked_from(day.year) else day.year - 1


def may_be_carried(user, year: int):
    """Return the own unit's works of a year that are still open and of which nothing waits to be decided."""
    waiting = ChangeRequest.objects.undecided().filter(item=OuterRef("pk"))
    own = WorkItem.objects.visible_to(user).counted().filter(unit=user.post.unit_id, year=year)
    own = own.filter(state__in=ITEM_MOVES[ItemStep.CARRY_OVER].sources, excluded_at__isnull=True)
    return own.filter(~Exists(waiting)).select_related("dossier__round", "measure").nearest_due_first()


def carry_overs_waiting_for(user, at: datetime):
    """Return the requests to carry over that this board head decides, by unit."""
    return requests_waiting_for(user, at).filter(kind=ItemStep.CARRY_OVER).order_by("item__unit__path", "id")
