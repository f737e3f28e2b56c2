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
    """`table` of the quarter (None where it has no figures); `trend` as `trend_of`; `known`, all quarters with any.

    `sealed` are the sealed revisions of the quarter, newest first.
    """

    table: Table | None
    trend: list[tuple[Quarter, Passport, Row] | None]
    known: list[Quarter]
    sealed: list[Revision]


def overview_of(
    unit: Unit, quarter: Quarter, *, trend: Sequence[Quarter], kind: str = ALL, number: int | None = None
) -> Overview:
    """Return the figures of a unit, of its children and of its other quarters; three queries.

    Of every quarter the newest revision, of the quarter itself the one with the `number` given.
    """
    found = Revision.objects.filter(units__unit=unit).select_related("period").order_by("number")
    here = [revision for revision in found if revision.period.as_quarter == quarter]
    revisions = {revision.period.as_quarter: revision for revision in found}
    if number is not None:
        revisions |= {quarter: next((revision for revision in here if revision.number == number), None)}
    revisions = {known: revision for known, revision in revisions.items() if revision}
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
    return Overview(
        table, [own.get(known) for known in trend], sorted(revisions), [one for one in reversed(here) if one.sealed]
    )
