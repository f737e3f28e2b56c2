"""An archive against what the database holds: what is new, what is there already, what cannot be."""

from dataclasses import dataclass, field
from datetime import date

from django.utils.translation import gettext as _

from completion import bulk
from completion.history.archive import check_due_day
from completion.history.cells import Unreadable
from completion.history.rows import Archive, EventRow, ItemRow, SuccessionRow
from completion.history.successions import Kept, ends_told, match_successions
from completion.quarters import local_day
from completion.rates import Fact
from models_registry.models import WorkItem
from organizations.models import Placement, Unit
from organizations.services.imports import NewUnit
from progress import models as progress_models


@dataclass(slots=True)
class Load:
    """An archive on its way in, and what of it stands in the database already."""

    archive: Archive
    units: dict[str, int] = field(default_factory=dict)
    new_units: list[NewUnit] = field(default_factory=list)
    ended: dict[int, date] = field(default_factory=dict)  # units loaded before that this archive's changes end
    new_successions: list[SuccessionRow] = field(default_factory=list)
    items: dict[str, int] = field(default_factory=dict)
    new_items: list[ItemRow] = field(default_factory=list)
    known: dict[str, ItemRow] = field(default_factory=dict)  # every item the events speak of, loaded before or now
    kept_facts: dict[str, list[Fact]] = field(default_factory=dict)
    new_facts: dict[str, list[Fact]] = field(default_factory=dict)


def match(archive: Archive) -> Load:
    """Return what an archive would add; what cannot be is noted in its problems. Some nine queries."""
    load = Load(archive)
    _match_units(load)
    _match_items(load)
    _match_events(load)
    return load


def _match_units(load: Load) -> None:
    """Tell new units from those that stand already and say the same; name unknown parents."""
    archive = load.archive
    named = {unit.parent_code for unit in archive.units.values()} - {None}
    owners = {item.unit_code for item in archive.items.values()}
    owners |= {event.unit_code for events in archive.events.values() for event in events} - {None}
    changed = {code for row in archive.successions.values() for code in (row.predecessor_code, row.successor)}
    codes = bulk.these(named | owners | changed | set(archive.units), kind="text")
    standing = {unit.code: unit for unit in Unit.objects.filter(code__in=codes).order_by()}
    load.units = {code: unit.pk for code, unit in standing.items()}
    edges = Placement.objects.filter(unit__in=bulk.these(load.units.values())).order_by("-valid_from")
    first_parent = dict(edges.values_list("unit_id", "parent__code"))
    told, ends = Kept.of(load.units.values()), ends_told(archive)
    for row in archive.units.values():
        if row.parent_code is not None and not _stands(load, row.parent_code):
            archive.refuse("units.csv", row.line, _unknown("parent_code", row.parent_code))
        unit = standing.get(row.code)
        if unit is None:
            load.new_units.append(NewUnit(row.code, row.name, row.kind, row.valid_from, row.valid_to, row.parent_code))
            continue
        names = (unit.name, told.first_names.get(unit.pk))
        placed = unit.pk in told.moved_at_birth or first_parent.get(unit.pk) == row.parent_code
        if unit.valid_to is None and row.valid_to in ends.get(row.code, ()):
            unit.valid_to = load.ended[unit.pk] = row.valid_to
        same = (unit.kind, unit.valid_from, unit.valid_to) == (row.kind, row.valid_from, row.valid_to)
        if not (same and placed and row.name in names):
            archive.refuse("units.csv", row.line, _differs(row.code))
    dates = {code: (unit.valid_from, unit.valid_to) for code, unit in standing.items()}
    dates |= {row.code: (row.valid_from, row.valid_to) for row in archive.units.values()}
    load.new_successions = match_successions(archive, told, lambda code: _stands(load, code), dates)


def _match_items(load: Load) -> None:
    """Tell new items from those loaded before that say the same; name unknown owners and items."""
    archive = load.archive
    codes = bulk.these({*archive.items, *archive.events}, kind="text")
    kept = WorkItem.objects.filter(code__in=codes).order_by().select_related("unit", "first_unit")
    for item in kept.defer("folded").iterator(chunk_size=5_000):
        load.items[item.code] = item.pk
        load.known[item.code] = _row_of(item)
    for row in archive.items.values():
        if not _stands(load, row.unit_code):
            archive.refuse("items.csv", row.line, _unknown("unit_code", row.unit_code))
        standing = load.known.get(row.code)
        if standing is None:
            load.new_items.append(row)
            load.known[row.code] = row
        elif not _same_item(standing, row):
            archive.refuse("items.csv", row.line, _differs(row.code))


def _match_events(load: Load) -> None:
    """Tell new facts from those known already, and refuse those that cannot be true of their item."""
    _read_kept_facts(load)
    for code, events in load.archive.events.items():
        item = load.known.get(code)
        if item is None:
            for event in events if code not in load.archive.refused else ():
                load.archive.refuse("events.csv", event.line, _unknown("item_code", code))
        elif fresh := _new_facts(load, item, events):
            load.new_facts[code] = fresh


def _new_facts(load: Load, item: ItemRow, events: list[EventRow]) -> list[Fact]:
    kept = load.kept_facts.get(item.code, [])
    seen = {_key(fact) for fact in kept}
    completed = [fact.on for fact in kept if fact.kind == "completed"]
    again = False
    fresh = []
    for event in events:
        try:
            _check_event(load, item, event)
            if event.kind == "completed":
                if again or (completed and event.on not in completed):
                    raise Unreadable(_("việc này đã có ngày hoàn thành, mỗi việc chỉ có một"))
                again = True
        except Unreadable as problem:
            load.archive.refuse("events.csv", event.line, str(problem))
            continue
        known_at = event.at or item.approved_at
        fact = Fact(event.kind, known_at, event.on, event.due_on, event.exclusion, event.unit_code)
        if _key(fact) not in seen:
            seen.add(_key(fact))
            fresh.append(fact)
    return fresh


def _check_event(load: Load, item: ItemRow, event: EventRow) -> None:
    if event.kind == "completed" and event.on < (approved := local_day(item.approved_at)):
        raise Unreadable(
            _("ngày hoàn thành %(day)s trước ngày duyệt %(approved)s") % {"day": event.on, "approved": approved}
        )
    if event.kind == "extended":
        check_due_day(item, event.due_on, "value")
    if event.unit_code is not None and not _stands(load, event.unit_code):
        raise Unreadable(_unknown("value", event.unit_code))


def _stands(load: Load, unit_code: str) -> bool:
    return unit_code in load.archive.units or unit_code in load.units or unit_code in load.archive.refused


def _read_kept_facts(load: Load) -> None:
    if not load.items:
        return
    code_of = {pk: code for code, pk in load.items.items()}
    facts = progress_models.Fact.objects.filter(item__in=bulk.these(code_of)).order_by("at", "id")
    columns = ("item_id", "kind", "at", "on", "due_on", "exclusion", "unit__code")
    for item, *values in facts.values_list(*columns).iterator(chunk_size=20_000):
        load.kept_facts.setdefault(code_of[item], []).append(Fact(*values))


def _row_of(item: WorkItem) -> ItemRow:
    owner = item.first_unit or item.unit
    registered = (item.kind, item.year, item.title, item.approved_at, item.due_on, item.ongoing)
    return ItemRow(0, item.code, owner.code, *registered)


def _same_item(kept: ItemRow, row: ItemRow) -> bool:
    def says(item: ItemRow):
        return item.unit_code, item.kind, item.year, item.title, item.approved_at, item.due_on, item.ongoing

    return says(kept) == says(row)


def _key(fact: Fact) -> tuple:
    """Return what makes two facts the same one, so that loading an archive twice adds nothing."""
    if fact.kind == "completed":
        return fact.kind, fact.on
    on = fact.on if fact.kind in ("excluded", "transferred") else None
    return fact.kind, fact.at, on, fact.due_on, fact.exclusion, fact.unit


def _unknown(name: str, code: str) -> str:
    return _("%(name)s không có: “%(code)s”") % {"name": name, "code": code}


def _differs(code: str) -> str:
    return _("“%(code)s” đã có trong hệ thống với nội dung khác") % {"code": code}
