"""What pages and files print of a table: its figures once approved, before that its rows without anything wrong."""

from types import SimpleNamespace

from completion.models import PublishedTable
from completion.printed.checking import check
from completion.printed.columns import kind_text, period_text
from completion.shares import percent_text
from completion.words import gap_text
from organizations.models import Unit


def shown_lines(found: PublishedTable, checked=None) -> list[dict]:
    """Return what a table prints: its figures once approved, before that its rows without anything wrong."""
    if found.state in (PublishedTable.State.SHOWN, PublishedTable.State.REPLACED):
        return [line_of(one) for one in found.figures.select_related("unit").order_by("order", "pk")]
    checked = checked or check(found)
    return [line_of(SimpleNamespace(**line.values), notes=line.notes) for line in checked.good]


def line_of(one, notes=()) -> dict:
    """Return what a page and a file print of one figure, written or not."""
    return {
        "unit": one.unit.name,
        "unit_pk": one.unit.pk,
        "period": period_text(one.quarter),
        "kind": kind_text(one.kind),
        "owner": str(Unit.Kind(one.unit_kind).label) if one.unit_kind else "",
        "label": one.label,
        "n": one.n,
        "base": one.base,
        "rate": one.printed_rate,
        "text": percent_text(one.n, one.base),
        "gap": gap_text(one.printed_rate, one.n, one.base),
        "notes": notes,
    }


def versions_of(found: PublishedTable) -> list[PublishedTable]:
    """Return the versions of a table, newest first, where there is more than one; a query for each older one."""
    line, one = [found], found
    while one.replaces_id:
        one = one.replaces
        line.append(one)
    newer = PublishedTable.objects.filter(replaces=found).exclude(state=PublishedTable.State.DRAFT).first()
    while newer:
        line.insert(0, newer)
        newer = PublishedTable.objects.filter(replaces=newer).exclude(state=PublishedTable.State.DRAFT).first()
    return line if len(line) > 1 else []
