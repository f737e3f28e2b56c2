"""What every page and every file of figures starts from: the unit within sight, and what the address asks for."""

from dataclasses import dataclass

from django.core.exceptions import PermissionDenied
from django.db.models import OuterRef, Subquery
from django.db.models.functions import Length, Substr
from django.http import Http404
from django.urls import reverse
from django.utils.timezone import localdate

from completion.models import Revision
from completion.quarters import Quarter
from completion.queries.figures import revisions_of
from dashboards.choices import RATES, Choice, offered_quarters, present_quarter, read_choice
from journal.questions import Blank
from organizations.models import Unit
from organizations.paths import STEP
from organizations.permissions import Action, may
from organizations.seats import Sight


def opened(request, pk, *, lineage: bool = False) -> dict:
    """Find the unit within sight and read what is asked for; what every page of figures starts from.

    With `lineage`, quarters are offered from the years of what the unit came from; one query more.
    """
    refuse_unread(request)
    found = next(iter(in_sight(request.user, pk=pk)), None)
    if found is None:
        raise Http404
    today = localdate()
    begins = found.valid_from
    if lineage:
        begins = min([begins, *Unit.objects.predecessors_of(found).values_list("valid_from", flat=True)])
    quarters = offered_quarters(begins.year, today)
    choice, form, fields = read_choice(request.GET, quarters=quarters, usual=_usual_quarter(found, today))
    return {
        "unit": found,
        "above": {"pk": found.ancestor_ids[-1], "name": found.above_name} if found.above_name else None,
        "choice": choice,
        "address": choice.address,
        "items_url": reverse("dashboards:items", args=[found.pk]),
        "form": form,
        "fields": fields,
        "rate_label": RATES[choice.rate],
        "kept": (("revision", choice.revision), ("of", choice.quarter)) if choice.revision else (),
    }


@dataclass(frozen=True, slots=True)
class Versions:
    """The sealed revisions of a quarter that was corrected: the one shown, the newest, and those beside the shown."""

    shown: Revision
    newest: Revision
    others: list[Revision]

    @property
    def is_newest(self) -> bool:
        return self.shown.pk == self.newest.pk


def versions_among(sealed: list[Revision], shown: int) -> Versions | None:
    """Return the revisions to choose from, given newest first; None where there is but one, or none is shown."""
    here = next((one for one in sealed if one.number == shown), None)
    if here is None or len(sealed) < 2:
        return None
    return Versions(here, sealed[0], [one for one in sealed if one is not here])


def versions_of(unit: Unit, choice: Choice, shown: int) -> Versions | None:
    """Return the revisions to choose from beside the one shown; a query only where there may be several."""
    if choice.revision is None and shown < 2:
        return None
    sealed = revisions_of(unit, choice.quarter).filter(sealed=True).newest_first()
    return versions_among(list(sealed), shown)


def _usual_quarter(unit: Unit, today) -> Quarter:
    """Return the present quarter; of a unit that has ended the last it stood to the end of."""
    if unit.valid_to is None or unit.valid_to > today:
        return present_quarter(today)
    return present_quarter(unit.valid_to).before


@Sight
def in_sight(person):
    """The unit `pk` of those within sight, and the name of the one above it."""
    return _with_above(Unit.objects.visible_to(person)).filter(pk=Blank("pk"))


def _with_above(seen):
    """Add `above_name`, of the unit directly above, where it is among those seen too; part of the one query."""
    path = Substr(OuterRef("path"), 1, Length(OuterRef("path")) - STEP)
    return seen.annotate(above_name=Subquery(seen.order_by().filter(path=path).values("name")[:1]))


def refuse_unread(request) -> None:
    if not may(request.user, Action.READ_FIGURES):
        raise PermissionDenied
