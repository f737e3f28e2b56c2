"""Reports and registrations (R6, R7) of closed quarters regrouped by the organisation of today.

They are of units, not of items: what a unit owed and sent joins that of the unit which stands for it today, as a whole.
Of a unit that was split or dissolved nobody can say whose report it would have been: that is told apart.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence

from django.db.models import Q, Sum
from django.db.models.functions import Substr

from completion.bulk import these
from completion.models import FrozenUnit, Revision
from completion.papers import NO_PAPERS, PAPERS
from completion.quarters import Quarter
from organizations.models import Unit
from organizations.paths import STEP, path_end

OWN = {name: Sum(f"own_{name}") for name in PAPERS}
# {(quarter, path of a unit of today): in the order of PAPERS}
Papers = dict[tuple[Quarter, str], Sequence[int]]


def papers_of_today(unit: Unit, revisions: Sequence[Revision], loose) -> tuple[Papers, dict[Quarter, Sequence[int]]]:
    """Return what a unit and its children of today owed and sent, and {quarter: what of it cannot be regrouped}.

    One query. `loose` are the places nobody followed whole (`recast`).
    """
    quarters = {revision.pk: revision.period.as_quarter for revision in revisions}
    step = Substr("unit__path", 1, len(unit.path) + STEP)
    here = Q(unit__path__gte=unit.path, unit__path__lt=path_end(unit.path))
    places = FrozenUnit.objects.filter(here, revision__in=quarters).exclude(pk__in=these(loose.places)).order_by()
    papers, rest = {}, defaultdict(lambda: NO_PAPERS)
    for revision, path, *sums in places.values_list("revision", step).annotate(**OWN):
        at = quarters[revision], path
        papers[at] = _sum([papers.get(at, NO_PAPERS), sums])
    for place in loose.places.values():
        own = [getattr(place, f"own_{name}") for name in PAPERS]
        if any(own) and loose.above(place).startswith(unit.path):
            quarter = quarters[place.revision_id]
            rest[quarter] = _sum([rest[quarter], own])
    return papers, dict(rest)


def papers_at(papers: Papers, quarter: Quarter, path: str) -> dict[str, int]:
    """Return the papers at one path in a quarter, or at all of them for the empty path, by their names."""
    found = [sums for (shown, where), sums in papers.items() if shown == quarter and (not path or where == path)]
    return dict(zip(PAPERS, _sum([NO_PAPERS, *found]), strict=True))


def _sum(rows: Iterable[Sequence[int]]) -> Sequence[int]:
    return [sum(column) for column in zip(*rows, strict=True)]
