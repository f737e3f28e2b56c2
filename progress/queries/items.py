"""The lists of approved items and what an item's page shows."""

from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Prefetch, Q
from django.utils.timezone import localdate

from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from organizations.models import Unit
from organizations.permissions import REACH, Reach
from progress.models import CompletionReport, Evidence, Fact
from progress.queries.authority import waiting_for
from vietnamese.folding import fold
from vietnamese.quarters import first_day, last_day

SOON_DAYS = 14
MOST_WORDS = 8


def items_matching(user, values: dict, at: datetime):
    """Return the items within sight that a filter's values ask for, unordered, with what a row shows."""
    found = waiting_for(user, at) if values.get("mine") else WorkItem.objects.visible_to(user).counted()
    found = found.filter(year=values["year"], **{k: values[k] for k in ("kind", "state") if values.get(k)})
    if values.get("unit"):
        unit = Unit.objects.visible_to(user).filter(pk=values["unit"]).first()
        found = found.filter(unit__in=Unit.objects.below(unit)) if unit else found.none()
    if values.get("quarter"):
        found = found.due_between(*days_of(values["year"], values["quarter"]))
    if values.get("when"):
        found = WHEN[values["when"]](found, localdate(at))
    for word in fold(values.get("q") or "").split()[:MOST_WORDS]:
        found = found.filter(folded__contains=word)
    return found.select_related("unit", "dossier__round", "measure").defer("folded")


def due_soon(found, day: date):
    """Still to be done and due within the next fortnight."""
    return found.filter(state=ItemState.IN_PROGRESS, excluded_at__isnull=True).due_between(
        day, day + timedelta(days=SOON_DAYS)
    )


def refusals():
    """Refused reports of the outer item, as a subquery."""
    return Fact.objects.filter(item=OuterRef("pk"), kind=Fact.Kind.REFUSED)


WHEN = {
    "overdue": lambda found, day: found.overdue(day),
    "soon": due_soon,
    "refused": lambda found, day: found.filter(Exists(refusals()), state=ItemState.IN_PROGRESS),
}


def days_of(year: int, quarter: int) -> tuple[date, date]:
    return first_day(year, quarter), last_day(year, quarter)


def unit_choices(user, chosen: str = "") -> list[Unit]:
    """Return the units a list may be narrowed to: those directly below the own place, and the one chosen; one query."""
    post = user.post
    if post is None or post.unit_id is None or REACH[post.role] is Reach.OWN:
        return []
    tops = [path[-8:] for path in (post.served_paths if REACH[post.role] is Reach.SERVED else [post.unit.path])]
    below = Q(placements__parent__in=[int(top) for top in tops], placements__valid_to__isnull=True)
    wanted = below | Q(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else below
    return list(Unit.objects.visible_to(user).filter(wanted).distinct())


def reports_of(item: WorkItem) -> list[CompletionReport]:
    """Return an item's reports, newest first, with evidence and who sent them; two queries."""
    files = Prefetch("evidence", Evidence.objects.order_by("id"))
    return list(item.reports.select_related("reported_by", "measure").prefetch_related(files))


def confirmable(user, at: datetime, *, limit: int) -> list[WorkItem]:
    """Return the reported items that wait for this person, nearest due first, each with `report`; three queries."""
    found = waiting_for(user, at).select_related("unit", "dossier__round", "measure")
    rows = list(found.nearest_due_first()[:limit])
    latest = {}
    reports = CompletionReport.objects.filter(item__in=[row.pk for row in rows]).order_by("id")
    for report in reports.select_related("reported_by", "measure").prefetch_related("evidence"):
        latest[report.item_id] = report
    for row in rows:
        row.report = latest.get(row.pk)
    return rows
