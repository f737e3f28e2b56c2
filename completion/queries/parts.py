"""What of a unit's figures came to it by a reorganisation, and what waits in its bucket."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.db.models import BooleanField, Case, ExpressionWrapper, F, Q, Sum, When

from completion.models import FigurePart
from completion.queries.figures import ALL, Rate, Row
from completion.rates import COUNTERS, NOTHING, base_of
from organizations.paths import path_end


@dataclass(slots=True)
class Parts:
    """Counts in the order of COUNTERS: inherited here or below, and left behind by ended units, here and below."""

    thresholds: tuple[int, int]
    inherited: Sequence[int] = field(default=NOTHING)
    waiting: Sequence[int] = field(default=NOTHING)
    waiting_below: Sequence[int] = field(default=NOTHING)
    inherited_children: set[int] = field(default_factory=set)  # places right below that hold inherited works

    def rate(self, part: str, code: str) -> Rate:
        """Return R1…R5 or R8 of one part."""
        counts, over = getattr(self, part), base_of(code)
        n, base, x = (counts[COUNTERS.index(name)] for name in (f"{code}_n", f"{over}_base", f"{over}_x"))
        return Rate.of(code, n, base, x, self.thresholds)


def parts_of(row: Row, *, kind: str = ALL) -> Parts:
    """Return the parts of one row of a frozen tree; one query."""
    below = Q(place__path__gte=row.path, place__path__lt=path_end(row.path))
    found = FigurePart.objects.filter(below, place__revision=row.revision).order_by()
    here = ExpressionWrapper(Q(place=row.place), output_field=BooleanField())
    came = When(place__parent=row.unit, part=FigurePart.Part.INHERITED, then=F("place"))
    grouped = found.annotate(here=here, child=Case(came, default=None)).values_list("part", "here", "child", "kind")
    parts = Parts(row.thresholds)
    for part, own, child, of_kind, *counts in grouped.annotate(**{f"all_{c}": Sum(c) for c in COUNTERS}):
        if child:
            parts.inherited_children.add(child)
        if kind == ALL or of_kind in kind.split("-"):
            name = "waiting_below" if part == FigurePart.Part.WAITING and not own else part
            setattr(parts, name, [a + b for a, b in zip(getattr(parts, name), counts, strict=True)])
    return parts
