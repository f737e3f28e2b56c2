"""The part of the tree a reorganisation touches, as nested lists for a page."""

from collections.abc import Collection
from datetime import date

from organizations.models import Placement, Unit

MOST_BELOW = 6


def branches(units: Collection[Unit], day: date, *, also: Collection[int] = ()) -> list[dict]:
    """Return nested {"unit", "name", "below", "more"} of units standing on a day: each below what it stands under then.

    What stands directly below one is shown as well, MOST_BELOW of them, `more` says how many are left out. `also` are
    shown though nothing below them is asked for. Three queries.
    """
    asked = [unit.pk for unit in units]
    found = list(_edges(parent__in=asked, day=day))
    above = {edge.unit_id: edge.parent for edge in _edges(unit__in=asked, day=day)}
    below: dict[int, list[Unit]] = {}
    for edge in found:
        below.setdefault(edge.parent_id, []).append(edge.unit)
    standing = {unit.pk: unit for unit in Unit.objects.standing_on(day).filter(pk__in=[*asked, *also])}
    for pk, parent in above.items():
        siblings = below.setdefault(parent.pk, [])
        if pk in standing and all(one.pk != pk for one in siblings):
            siblings.append(standing[pk])
    parents = {parent.pk: parent for parent in above.values()}
    inner = {unit.pk for units_below in below.values() for unit in units_below}
    tops = [unit for pk, unit in (standing | parents).items() if pk not in inner]
    return [_node(unit, below, set(asked)) for unit in sorted(tops, key=lambda one: (one.sort_key, one.pk))]


def _edges(*, day: date, **which):
    found = Placement.objects.on(day).filter(**which).select_related("unit", "parent")
    return found.order_by("unit__sort_key", "unit_id")


def _node(unit: Unit, below: dict[int, list[Unit]], asked: set[int]) -> dict:
    children = below.pop(unit.pk, [])  # taken once, so that no circle is walked
    first = [one for one in children if one.pk in asked or one.pk in below]
    shown = first + [one for one in children if one not in first][: max(0, MOST_BELOW - len(first))]
    shown.sort(key=lambda one: (one.sort_key, one.pk))
    nodes = [_node(one, below, asked) for one in shown]
    return {"unit": unit.pk, "name": unit.name, "below": nodes, "more": len(children) - len(shown)}


def marked(nodes: list[dict], marks: dict[int, str]) -> list[dict]:
    """Return the nodes with `mark` on those of these units: what happens to each."""
    return [node | {"mark": marks.get(node["unit"], ""), "below": marked(node["below"], marks)} for node in nodes]
