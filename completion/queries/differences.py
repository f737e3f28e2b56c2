"""What one revision says otherwise than the one before it, unit by unit: the difference sheet of a correction."""

from dataclasses import dataclass

from completion import bulk
from completion.models import CorrectionLine, FrozenUnit, Revision
from completion.queries.figures import ALL, Rate, Row, rows_of
from completion.rates import RATES
from completion.shares import difference_text
from organizations.paths import ids_of

COMPARED = (*RATES, "r7")


@dataclass(frozen=True, slots=True)
class Difference:
    """One rate of one unit before and after; `text` is the difference of the exact rates, in points."""

    unit: int
    name: str
    code: str
    rate: str
    before: Rate
    after: Rate

    @property
    def text(self) -> str:
        return difference_text(self.after.n, self.after.base, self.before.n, self.before.base)


def before_of(revision: Revision) -> Revision | None:
    """Return the sealed revision that this one corrects; one query."""
    return Revision.objects.filter(period=revision.period_id, number=revision.number - 1, sealed=True).first()


def differences(revision: Revision, before: Revision, *, user, kind: str = ALL) -> list[Difference]:
    """Return every rate that the two revisions count differently, of units within sight, from the top down.

    Only units whose works were corrected, and those above them, can differ: six queries, however large the tree.
    """
    lines = CorrectionLine.objects.of_revision(revision).values_list("home", "to_unit")
    touched = {unit for pair in lines for unit in pair if unit}
    here = FrozenUnit.objects.filter(revision=revision, unit__in=bulk.these(touched)).order_by()
    line = {unit for path in here.values_list("path", flat=True) for unit in ids_of(path)}
    seen = FrozenUnit.objects.visible_to(user).filter(unit__in=bulk.these(line))
    earlier, later = (
        {row.unit: row for row in rows_of(seen.filter(revision=one), kind=kind, period=revision.period)}
        for one in (before, revision)
    )
    rows = sorted(later.values(), key=lambda row: row.path)
    return [one for row in rows for one in _of_unit(earlier[row.unit], row)]


def _of_unit(before: Row, after: Row) -> list[Difference]:
    found = []
    for code in COMPARED:
        old, new = before.rate(code), after.rate(code)
        if (old.n, old.base, old.x) != (new.n, new.base, new.x):
            found.append(Difference(after.unit, after.name, after.code, code, old, new))
    return found
