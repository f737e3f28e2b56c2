"""The works of a list: what is saved, and what a new one opens with."""

from datetime import date

from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from models_registry.forms.rows import WorkRow
from models_registry.forms.writing import formset_for, measures
from models_registry.models import Dossier
from models_registry.sections import ITEM_SECTIONS
from organizations.models import Unit
from vietnamese.display import day_text
from vietnamese.quarters import last_day


def works_formset(saved: list[dict], data, dossier: Dossier, *, most: int, blank: int = 1, individual: bool = False):
    """Return the list of works as a `RowFormSet`."""
    wanted = {"measures": measures(), "year": dossier.year, "individual": individual}
    proposed = proposed_work(dossier, individual=individual)
    return formset_for(WorkRow, saved, data, most=most, blank=blank, proposed=proposed, **wanted)


def proposed_work(dossier: Dossier, *, individual: bool) -> dict:
    """Return what a new work opens with: who answers for it, and its first day within the plan year. No query.

    No due day is proposed: it would be everybody's, and every quarter but the last would stand empty.
    """
    today, first, last = localdate(), date(dossier.year, 1, 1), date(dossier.year, 12, 31)
    days = {"starts_on": max(today, first)} if today <= last else {}
    return {"accountable": _("Bản thân") if individual else head_of(dossier.unit), **days}


def new_work(dossier: Dossier, key: str) -> dict[str, str]:
    """Return `proposed_work` as a page shows it, for a row that is added to a list; empty for other lists."""
    if key not in ITEM_SECTIONS:
        return {}
    proposed = proposed_work(dossier, individual=ITEM_SECTIONS[key] == "IND")
    return {name: day_text(value) if isinstance(value, date) else value for name, value in proposed.items()}


def head_of(unit: Unit) -> str:
    """Return how the unit's head is called, by the kind of unit."""
    if unit.kind in (Unit.Kind.CELL, Unit.Kind.GRASSROOTS_CELL):
        return _("Bí thư chi bộ")
    return _("Bí thư cấp ủy") if unit.kind.endswith("_committee") else _("Người đứng đầu")


def due_days(year: int) -> tuple[str, ...]:
    """Return the ends of a year's quarters that are still to come, as people write days."""
    return tuple(day_text(day) for n in (1, 2, 3, 4) if (day := last_day(year, n)) >= localdate())


def work_initial(item) -> dict:
    names = [name for name in WorkRow.base_fields if name not in ("id", "measure")]
    return {name: getattr(item, name) for name in names} | {"id": item.pk, "measure": str(item.measure_id or "")}
