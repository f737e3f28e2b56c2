"""Lets things happen to items as the portal's services do: the fact, the columns that repeat it, and the change."""

from completion.history.rows import ItemRow
from completion.history.writing import columns_of
from completion.rates import Fact as PlainFact
from models_registry.models import ItemChange, WorkItem
from organizations.models import Unit
from progress.models import Fact


def happen(item: WorkItem, kind: str, at, *, on=None, due_on=None, exclusion="", unit=None) -> None:
    """Write one fact of an item; `unit` is a Unit."""
    ItemChange.objects.create(item=item, unit_id=item.unit_id, at=at)
    Fact.objects.create(item=item, kind=kind, at=at, on=on, due_on=due_on, exclusion=exclusion, unit=unit)
    first = item.first_unit or item.unit
    registered = (item.kind, item.year, item.title, item.approved_at, item.due_on, item.ongoing)
    row = ItemRow(0, item.code, first.code, *registered)
    facts = Fact.objects.filter(item=item).order_by("at", "id")
    facts = [PlainFact(*f) for f in facts.values_list("kind", "at", "on", "due_on", "exclusion", "unit__code")]
    columns = columns_of(row, facts, dict(Unit.objects.values_list("code", "pk")))
    WorkItem.objects.filter(pk=item.pk).update(**columns)
    item.refresh_from_db()
