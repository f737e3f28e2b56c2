"""Who carries on a model of somebody else: the tree of copies, to any depth, of which only approved ones are told.

A dossier made from another has `copied_from`. Between two units that is an adoption; within one unit, where a model
goes on in another year, it is the same adoption carried on.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass, field

from django.db import connection

from models_registry.lifecycle import State
from models_registry.models import Dossier

# A copy is always younger than its source (a constraint), so that this ends. Written for both databases; in the place
# of {ids} stand as many placeholders.
BELOW = """
    WITH RECURSIVE below(root, id, source) AS (
        SELECT id, id, copied_from_id FROM models_registry_dossier WHERE id IN ({ids})
        UNION ALL
        SELECT below.root, one.id, one.copied_from_id
        FROM models_registry_dossier one JOIN below ON one.copied_from_id = below.id
    )
    {asked}
"""
COPIES = """
    SELECT below.id, below.source, one.state, one.unit_id, unit.name, one.title, one.year
    FROM below
    JOIN models_registry_dossier one ON one.id = below.id
    JOIN organizations_unit unit ON unit.id = one.unit_id
    WHERE below.id <> below.root
    ORDER BY below.id
"""
EDGES = BELOW.format(ids="%s", asked=COPIES)
UNITS = """
    SELECT below.root, COUNT(DISTINCT one.unit_id)
    FROM below
    JOIN models_registry_dossier one ON one.id = below.id
    JOIN models_registry_dossier origin ON origin.id = below.root
    WHERE one.state = %s AND one.unit_id <> origin.unit_id
    GROUP BY below.root
"""
ABOVE = """
    WITH RECURSIVE above(id, source, depth) AS (
        SELECT id, copied_from_id, 0 FROM models_registry_dossier WHERE id = %s
        UNION ALL
        SELECT one.id, one.copied_from_id, above.depth + 1
        FROM models_registry_dossier one JOIN above ON one.id = above.source
    )
    SELECT id FROM above WHERE depth > 0 ORDER BY depth
"""

FAMILY = """
    WITH RECURSIVE above(id, source) AS (
        SELECT id, copied_from_id FROM models_registry_dossier WHERE id = %s
        UNION ALL
        SELECT one.id, one.copied_from_id FROM models_registry_dossier one JOIN above ON one.id = above.source
    ), family(id) AS (
        SELECT id FROM above WHERE source IS NULL
        UNION ALL
        SELECT one.id FROM models_registry_dossier one JOIN family ON one.copied_from_id = family.id
    )
    SELECT id FROM family
"""


@dataclass(slots=True)
class Adopter:
    """One unit that adopted a model from the one above it in the tree; `years` in which its own was approved."""

    unit_id: int
    unit: str
    level: int
    dossiers: dict[int, str] = field(default_factory=dict)  # {id: title}
    years: list[int] = field(default_factory=list)
    below: list["Adopter"] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Spread:
    """How far a model went: units that adopted it from its own unit, units in all, and levels."""

    direct: int = 0
    units: int = 0
    levels: int = 0


def adoption_tree(dossier: Dossier) -> list[Adopter]:
    """Return who adopted a model, oldest first, each with who adopted it from there; one query to any depth.

    A unit stands once under the one it adopted from, however many years it goes on.
    """
    with connection.cursor() as cursor:
        cursor.execute(EDGES, [dossier.pk])
        edges = cursor.fetchall()
    root = Adopter(dossier.unit_id, dossier.unit.name, 0)
    at = {dossier.pk: root}
    for pk, source, state, *row in edges:  # a source is older than its copies, and so comes before them
        at[pk] = _place(at[source], pk, *row) if state == State.APPROVED else at[source]
    return root.below


def _place(above: Adopter, pk: int, unit_id: int, unit: str, title: str, year: int) -> Adopter:
    node = above
    if unit_id != above.unit_id:
        node = next((one for one in above.below if one.unit_id == unit_id), None)
        if node is None:
            node = Adopter(unit_id, unit, above.level + 1)
            above.below.append(node)
    node.dossiers[pk] = title
    if year not in node.years:
        node.years.append(year)
    return node


def flat(tree: list[Adopter]) -> Iterator[Adopter]:
    """Yield a tree's rows from the top down, each before those below it; as deep as it goes."""
    waiting = list(reversed(tree))
    while waiting:
        node = waiting.pop()
        yield node
        waiting += reversed(node.below)


def spread_of(dossier: Dossier, tree: list[Adopter]) -> Spread:
    """Return how far a model went, the own unit never counted; no query."""
    rows = [node for node in flat(tree) if node.unit_id != dossier.unit_id]
    units, direct = {node.unit_id for node in rows}, {node.unit_id for node in rows if node.level == 1}
    return Spread(len(direct), len(units), max((node.level for node in rows), default=0))


def units_adopting(dossiers: Collection[int]) -> dict[int, int]:
    """Return {dossier id: how many other units adopted it, to any depth}, those of none left out; one query."""
    if not dossiers:
        return {}
    sql = BELOW.format(ids=", ".join(["%s"] * len(dossiers)), asked=UNITS)
    with connection.cursor() as cursor:
        cursor.execute(sql, [*dossiers, State.APPROVED.value])
        return dict(cursor.fetchall())


def sources_of(dossier: Dossier) -> list[int]:
    """Return the ids of what a dossier was made from, nearest first, to any depth; one query."""
    with connection.cursor() as cursor:
        cursor.execute(ABOVE, [dossier.pk])
        return [pk for (pk,) in cursor.fetchall()]


def family_of(dossier: Dossier) -> list[int]:
    """Return the ids of all that was made from the same first dossier, itself among them; one query."""
    with connection.cursor() as cursor:
        cursor.execute(FAMILY, [dossier.pk])
        return [pk for (pk,) in cursor.fetchall()]
