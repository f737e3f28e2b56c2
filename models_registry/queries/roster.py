"""The roster of a round: who owes, who has sent, as filtered; what the page shows and the export writes."""

from datetime import date

from django.db.models import OuterRef, Subquery

from models_registry.models import RegistrationRound
from organizations.models import Placement, Unit


def roster(registration_round: RegistrationRound, user, day: date, *, status="", kind="", owes="", name="", unit=None):
    """Return the obligations within this person's reach, with their units in tree order, as one query when read.

    Each has `status`, `first_sent_at` and `parent_name` (of the unit directly above, None at a root). Filters are
    taken where given; `name` is compared folded, and `unit` keeps what stands below it.
    """
    rows = registration_round.obligations.visible_to(user).with_status(day).select_related("unit", "exempted_by")
    if unit is not None:
        rows = rows.below(unit)
    if status:
        rows = rows.filter(status=status)
    if kind:
        rows = rows.filter(unit__kind=kind)
    if owes:
        rows = rows.filter(owes=owes)
    if name:
        rows = rows.filter(unit__in=Unit.objects.named_like(name))
    above = Placement.objects.filter(unit=OuterRef("unit"), valid_to__isnull=True).values("parent__name")[:1]
    return rows.annotate(parent_name=Subquery(above)).order_by("unit__path", "owes")
