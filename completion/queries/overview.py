"""All a unit's page of figures shows, read at once: the table of one quarter and the trend beside it."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from completion.models import FrozenUnit, Revision
from completion.quarters import Quarter
from completion.queries.figures import ALL, Passport, Row, Table, passport_of, rows_of
from organizations.models import Unit


@dataclass(frozen=True, slots=True)
class Overview:
    """`table` of the quarter (None where it has no figures); `trend` as `trend_of`; `known`, all quarters with any."""

    table: Table | None
    trend: list[tuple[Quarter, Passport, Row] | None]
    known: list[Quarter]


def overview_of(unit: Unit, quarter: Quarter, *, trend: Sequence[Quarter], kind: str = ALL) -> Overview:
    """Return the figures of a unit, of its children and of its other quarters; three queries."""
    newest = Revision.objects.newest().filter(units__unit=unit).select_related("period")
    revisions = {revision.period.as_quarter: revision for revision in newest}
    shown = {revision.pk: revision for known, revision in revisions.items() if known in {quarter, *trend}}
    chosen = revisions.get(quarter)
    places = FrozenUnit.objects.filter(Q(revision__in=shown, unit=unit) | Q(revision=chosen, parent=unit))
    rows = rows_of(places, kind=kind)
    own, children = {}, []
    for row in rows:
        revision = shown[row.revision]
        row.thresholds = revision.period.thresholds
        if row.unit == unit.pk:
            own[revision.period.as_quarter] = (revision.period.as_quarter, passport_of(revision), row)
        else:
            children.append(row)
    table = Table(passport_of(chosen), kind, own[quarter][2], children) if chosen else None
    return Overview(table, [own.get(known) for known in trend], sorted(revisions))
