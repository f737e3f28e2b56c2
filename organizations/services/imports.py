"""Units by the thousand, as an archive brings them: the set-based twin of `add_unit`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.db.models import CharField, OuterRef, Subquery, Value
from django.db.models.functions import Cast, Concat, LPad

from journal.services import record
from organizations.models import Placement, Unit
from organizations.paths import STEP
from vietnamese.folding import fold
from vietnamese.sorting import sort_key

BATCH = 2_000


@dataclass(frozen=True, slots=True)
class NewUnit:
    """One unit to add; its parent (by code, None for a root) is another of them or stands already."""

    code: str
    name: str
    kind: str
    valid_from: date
    valid_to: date | None
    parent_code: str | None


@transaction.atomic
def add_units(units: Sequence[NewUnit], *, source: str, by, at: datetime) -> dict[str, int]:
    """Add units and their places in the tree; returns {code: id} of them and of the parents they name.

    The caller has checked codes, dates, parents and cycles. One journal row for all, naming their `source`.
    """
    made = Unit.objects.bulk_create((_unit(unit) for unit in units), batch_size=BATCH)
    ids = {unit.code: unit.pk for unit in made}
    named = {unit.parent_code for unit in units} - {None, *ids}
    ids |= dict(Unit.objects.filter(code__in=named).values_list("code", "pk"))
    placed = [unit for unit in units if unit.parent_code is not None]
    Placement.objects.bulk_create((_placement(unit, ids) for unit in placed), batch_size=BATCH)
    lay_paths()
    record(
        "units.imported", subject="archive", subject_id=None, by=by, at=at, detail={"file": source, "rows": len(made)}
    )
    return ids


def lay_paths() -> None:
    """Write the path of every unit that has none yet, level by level from the roots; one statement a level."""
    step = LPad(Cast("pk", CharField()), STEP, Value("0"))
    above = Placement.objects.filter(unit=OuterRef("pk")).order_by("-valid_from")
    Unit.objects.filter(path="", placements=None).update(path=step)
    waiting = Unit.objects.filter(path="")
    while waiting.exclude(placements__parent__path="").update(
        path=Concat(Subquery(above.values("parent__path")[:1]), step)
    ):
        pass


def _unit(unit: NewUnit) -> Unit:
    return Unit(
        code=unit.code,
        name=unit.name,
        kind=unit.kind,
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
        path="",
        folded_name=fold(unit.name)[:400],
        sort_key=sort_key(unit.name),
    )


def _placement(unit: NewUnit, ids: dict[str, int]) -> Placement:
    return Placement(
        unit_id=ids[unit.code],
        parent_id=ids[unit.parent_code],
        valid_from=unit.valid_from,
        valid_to=unit.valid_to,
    )
