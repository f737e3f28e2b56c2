"""Writes what an archive adds, set-based: units, items, facts, and the columns of items that repeat their facts."""

from collections.abc import Callable, Iterable
from datetime import date, datetime

from completion import bulk
from completion.history.matching import Load
from completion.history.rows import ItemRow
from completion.history.successions import write_successions
from completion.models import Revision
from completion.quarters import Quarter, local_day
from completion.rates import LATE_EXCLUSIONS, Fact, Frame, Item, due_in_force
from completion.services import drop_provisional
from journal.services import record
from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from organizations.models import Placement, Succession, Unit
from organizations.services.imports import add_units, end_units, lay_paths
from progress import models as progress_models
from vietnamese.searching import search_text


def write(load: Load, counts: dict[str, int], *, at: datetime, by, progress: Callable[[int], None]) -> None:
    if load.new_units:
        load.units |= add_units(load.new_units, source="units.csv", by=by, at=at)
    end_units(load.ended)
    if load.new_successions:
        write_successions(load.new_successions, load.units, at=at)
    bulk.analyze(Unit, Placement, Succession)
    lay_paths(at=at)
    done = len(load.new_units)
    progress(done)
    bulk.insert_rows(
        WorkItem, _ITEM_COLUMNS, map(_item_row(load), load.new_items), progress=lambda count: progress(done + count)
    )
    done += len(load.new_items)
    fresh = bulk.these((item.code for item in load.new_items), kind="text")
    load.items |= dict(WorkItem.objects.filter(code__in=fresh).order_by().values_list("code", "pk"))
    bulk.insert_rows(
        progress_models.Fact, _FACT_COLUMNS, _fact_rows(load), progress=lambda count: progress(done + count)
    )
    _refresh_kept_items(load)
    for file in counts:
        if file != "units.csv" or not load.new_units:
            detail = {"file": file, "rows": counts[file]}
            verb = f"{file.removesuffix('.csv')}.imported"
            record(verb, subject="archive", subject_id=None, by=by, at=at, detail=detail)
    years = {load.known[code].year for code in load.new_facts} | {item.year for item in load.new_items}
    stale = Revision.objects.filter(number=0)
    drop_provisional(stale if load.new_units or load.new_successions else stale.filter(period__year__in=years))
    bulk.analyze(WorkItem, progress_models.Fact)


_ITEM_COLUMNS = (
    "code", "kind", "year", "title", "folded", "due_on", "ongoing", "approved_at", "imported",
    "unit_id", "first_unit_id", "state", "due_in_force", "completed_on", "confirmed_at", "excluded_at", "plain",
)  # fmt: skip
_FACT_COLUMNS = ("item_id", "kind", "at", "on", "due_on", "exclusion", "unit_id", "imported")


def _item_row(load: Load) -> Callable[[ItemRow], tuple]:
    """Return the function that turns an item into its row, by _ITEM_COLUMNS."""

    def row(item: ItemRow) -> tuple:
        standing = columns_of(item, load.new_facts.get(item.code, ()), load.units)
        registered = (item.code, item.kind, item.year, item.title, search_text(item.title), item.due_on, item.ongoing)
        return (*registered, item.approved_at, True, *standing.values())

    return row


def columns_of(item: ItemRow, facts: Iterable[Fact], units: dict[str, int]) -> dict:
    """Return the columns of a WorkItem that repeat its facts, in the order of _ITEM_COLUMNS."""
    facts = sorted(facts, key=lambda fact: fact.at)
    kinds = [fact.kind for fact in facts]
    registered = Item(item.unit_code, item.due_on or date(item.year, 12, 31), item.approved_at, item.ongoing)
    due = due_in_force(registered, facts, _year_frame(item.year))
    claims = [fact.on for fact in facts if fact.kind == "completed"]
    words = [fact for fact in facts if fact.kind in ("confirmed", "revoked")]
    confirmed_at = words[-1].at if words and words[-1].kind == "confirmed" else None
    revoked = bool(words) and confirmed_at is None
    owners = [fact.unit for fact in facts if fact.kind == "transferred"]
    state = ItemState.IN_PROGRESS
    if claims and not revoked:
        state = ItemState.COMPLETED if confirmed_at else ItemState.REPORTED
    return {
        "unit_id": units[owners[-1] if owners else item.unit_code],
        "first_unit_id": units[item.unit_code] if owners else None,
        "state": str(state),
        "due_in_force": due,
        "completed_on": claims[-1] if claims and not revoked else None,
        "confirmed_at": confirmed_at,
        "excluded_at": next((fact.at for fact in facts if fact.kind == "excluded" and _excludes(fact, due)), None),
        "plain": len(claims) <= 1 and len(words) <= 1 and set(kinds) <= {"completed", "confirmed", "refused"},
    }


def _excludes(fact: Fact, due: date) -> bool:
    return local_day(fact.at) <= due or fact.exclusion in LATE_EXCLUSIONS


def _fact_rows(load: Load):
    for code, facts in load.new_facts.items():
        item = load.items[code]
        for fact in facts:
            unit = load.units[fact.unit] if fact.unit is not None else None
            yield item, fact.kind, fact.at, fact.on, fact.due_on, fact.exclusion, unit, True


def _refresh_kept_items(load: Load) -> None:
    """Let items loaded before repeat the facts that came now."""
    late = load.new_facts.keys() - {item.code for item in load.new_items}
    if not late:
        return
    items = list(WorkItem.objects.filter(code__in=bulk.these(late, kind="text")).order_by())
    owners = {fact.unit for code in late for fact in load.kept_facts.get(code, ())} - {None}
    owners |= {load.known[code].unit_code for code in late}
    units = load.units | dict(Unit.objects.filter(code__in=owners - load.units.keys()).values_list("code", "pk"))
    for item in items:
        facts = [*load.kept_facts.get(item.code, ()), *load.new_facts[item.code]]
        for name, value in columns_of(load.known[item.code], facts, units).items():
            setattr(item, name, value)
    names = columns_of(load.known[items[0].code], (), units).keys()
    WorkItem.objects.bulk_update(items, [name.removesuffix("_id") for name in names], batch_size=500)


def _year_frame(year: int) -> Frame:
    last = Quarter(year, 4)
    return Frame.of(last, known_until=last.closes_at())
