"""Which units headed a tree just before a day: those with no standing unit above them.

By the moves recorded before the usual closing instant: a root put under another later heads its tree once more.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.db.models import Exists, OuterRef, Q

from completion.bulk import these
from completion.quarters import GRACE_DAYS, midnight
from organizations.models import Placement, Succession, Unit


def roots_on(end_day: date) -> list[Unit]:
    """Return the roots of the trees that stood just before `end_day`; some queries a level of units that had ended."""
    standing = Unit.objects.filter(valid_from__lt=end_day).exclude(valid_to__lt=end_day)
    placed = _edges(end_day).filter(unit=OuterRef("pk"))
    found = {unit.pk: unit for unit in standing.exclude(Exists(placed))}
    orphans = standing.filter(Exists(placed.filter(parent__valid_to__lt=end_day)))
    found |= {unit.pk: unit for unit in _without_standing_above(orphans, end_day)}
    return sorted(found.values(), key=lambda unit: unit.code)


def is_root_on(unit: Unit, end_day: date) -> bool:
    """Whether a unit is one of `roots_on(end_day)`; no query unless its parent had ended (placements prefetched)."""
    if not stood(unit, end_day):
        return False
    known = _known_until(end_day)
    earlier = [edge for edge in unit.placements.all() if edge.valid_from < end_day]
    earlier = [edge for edge in earlier if edge.recorded_at is None or edge.recorded_at < known]
    last = max(earlier, key=lambda edge: edge.valid_from, default=None)
    return last is None or (not stood(last.parent, end_day) and bool(_without_standing_above([unit], end_day)))


def stood(unit: Unit, end_day: date) -> bool:
    return unit.valid_from < end_day and (unit.valid_to is None or unit.valid_to >= end_day)


def _without_standing_above(units: Iterable[Unit], end_day: date) -> list[Unit]:
    """Return those of these standing units with none above that stood, past all that had ended, a level at a time.

    Above a unit that merged stands its successor, as in `tree.frozen_tree`.
    """
    units = list(units)
    standing = {unit.pk for unit in units}
    placed, merged = _last_parents(standing, end_day), {}
    waiting = set(placed.values()) - standing
    while waiting:
        standing |= {unit.pk for unit in Unit.objects.filter(pk__in=these(waiting)) if stood(unit, end_day)}
        ended = waiting - standing
        further = _last_parents(ended, end_day)
        after = _merged(ended, end_day)
        placed, merged = placed | further, merged | after
        waiting = {*further.values(), *after.values()} - standing - placed.keys() - merged.keys() - ended
    return [unit for unit in units if not _has_standing_above(unit.pk, placed, merged, standing)]


def _has_standing_above(unit: int, placed: dict[int, int], merged: dict[int, int], standing: set[int]) -> bool:
    seen, above = {unit}, placed.get(unit)
    while above is not None and above not in seen:
        if above in standing:
            return True
        seen.add(above)
        after = merged.get(above)
        above = placed.get(above) if after is None or after in seen else after
    return False


def _last_parents(units: Iterable[int], end_day: date) -> dict[int, int]:
    edges = _edges(end_day).filter(unit__in=these(units)).order_by("valid_from")
    return dict(edges.values_list("unit_id", "parent_id"))


def _edges(end_day: date):
    known = Q(recorded_at__isnull=True) | Q(recorded_at__lt=_known_until(end_day))
    return Placement.objects.filter(known, valid_from__lt=end_day)


def _known_until(end_day: date) -> datetime:
    return midnight(end_day + timedelta(days=GRACE_DAYS))


def _merged(units: Iterable[int], end_day: date) -> dict[int, int]:
    merges = Succession.objects.filter(kind="merge", predecessor__in=these(units), effective_on__lt=end_day)
    return dict(merges.order_by("recorded_at", "id").values_list("predecessor_id", "successor_id"))
