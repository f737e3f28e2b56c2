"""Keeps revision 0 fresh: folds the changes that services append into the provisional rows, a few seconds later."""

import logging
from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q

from completion import bulk
from completion.computing import Own, TreeEnded, compute, frame_of, own_counts
from completion.models import Figure, FigurePart, FrozenUnit, Period, Revision
from completion.papers import NO_PAPERS, PAPERS, papers_of
from completion.queries.freshness import papers_since
from completion.rates import COUNTERS, NOTHING
from completion.services import drop_provisional, replace_provisional
from completion.tree import Place, Tree, frozen_tree, read_successions
from models_registry.models import ItemChange
from organizations.models import Succession, Unit
from organizations.paths import ids_of
from progress.models import Fact

log = logging.getLogger(__name__)
BATCH = 5_000
COMMITTING = timedelta(minutes=1)  # longer than a request may take
OWN = [f"own_{name}" for name in COUNTERS]
OWN_PAPERS = [f"own_{name}" for name in PAPERS]


def fold_changes(*, at: datetime) -> int:
    """Fold waiting changes into every provisional revision they touch, and say as of when it now stands.

    The rows of ItemChange are the queue: they go in the transaction that folds them, so that whoever is killed leaves
    them to the next. One folder at a time, in batches until nothing waits. Returns how many were folded, 0 where
    somebody else is at it.
    """
    folded = 0
    while taken := _fold_batch(at):
        folded += taken
        if taken < BATCH:
            break
    return folded


@transaction.atomic
def _fold_batch(at: datetime) -> int:
    """Fold the oldest changes; some ten queries a period, whatever the size of the tree.

    Recomputes what the touched units own and adds the differences to their ancestors. Where a touched unit has no
    row of its own (it is new, or has ended) the tree is read again, and where that changed, or a reorganisation became
    known, the revision is computed anew. A tree that cannot be folded holds up no other: its changes wait.
    """
    if not bulk.take_turn():
        return 0
    # What became known meanwhile is not counted yet as of `at`: its row waits for the folding that counts it.
    rows = ItemChange.objects.filter(at__lt=at).order_by("pk")
    changes = list(rows.values_list("pk", "unit_id", "item_id", "item__year")[:BATCH])
    touched = touched_units(changes)
    failed = set()
    periods = Period.objects.unsealed().filter(revisions__number=0).order_by("pk")
    for period in list(periods.select_for_update(of=("self",))):
        try:
            with transaction.atomic():
                _fold_period(period, touched.get(period.year, set()), at)
        except Exception:
            log.exception("figures of %s cannot be folded: tree %s", period, period.root_id)
            failed.add(period.year)
    done = [pk for pk, *_, year in changes if year not in failed]
    rows = ItemChange.objects.filter(pk__in=bulk.these(done))
    rows._raw_delete(rows.db)
    return len(done)


def _fold_period(period: Period, touched: set[int], at: datetime) -> None:
    revision = period.revisions.get(number=0)
    known_until = max(revision.as_of, min(at, period.closes_at))
    fold_units(period, revision, touched, known_until)
    # The hash was of what the last full computation read.
    kept = {"input_hash": ""} if touched else {}
    Revision.objects.filter(period=period, number=0).update(as_of=known_until, computed_at=at, **kept)


def touched_units(changes: Iterable[tuple]) -> dict[int, set[int]]:
    """Return {year: units}: those that own a changed item now, and those that ever did."""
    years = {item: year for _, _, item, year in changes}
    touched: dict[int, set[int]] = {}
    for _, unit, _, year in changes:
        touched.setdefault(year, set()).add(unit)
    moved = Fact.objects.filter(item__in=bulk.these(years), kind=Fact.Kind.TRANSFERRED)
    for item, *units in moved.values_list("item_id", "unit_id", "item__unit_id", "item__first_unit_id"):
        touched[years[item]].update(unit for unit in units if unit)
    return touched


def fold_units(period: Period, revision: Revision, touched: set[int], known_until: datetime) -> None:
    if _reorganised(period, revision.as_of, known_until):
        _compute_anew(period, known_until)
        return
    rows = FrozenUnit.objects.filter(revision=revision)
    found = _rows_of(rows, touched | _papers_touched(period, revision.as_of))
    below = Unit.objects.below(Unit.objects.get(pk=period.root_id))
    strays = set(below.filter(pk__in=bulk.these(touched - found.keys())).values_list("pk", flat=True))
    if not (found or strays):
        return
    frame = frame_of(period, known_until)
    tree = Tree(period.root_id, homes={unit: unit for unit in found})
    read_successions(tree, frame.end_day, known_until)
    whole = bool(strays) or any(tree.last_successor(unit) in found for unit in tree.merged)
    if whole:
        tree = frozen_tree(period.root_id, frame.end_day, known_until)
        if dict(rows.order_by().values_list("unit_id", "path")) != tree.paths:
            _compute_anew(period, known_until)
            return
        found = _rows_of(rows, found.keys() | {tree.homes.get(unit) for unit in strays} - {None})
        tree.homes = {unit: home for unit, home in tree.homes.items() if home in found}
    above = {pk for row in found.values() for pk in ids_of(row.path)} - found.keys()
    lines = found | _rows_of(rows, above)
    own = own_counts(frame, tree, list(tree.homes))
    _fold_counts(found, lines, own, FigurePart.Part.values if whole else [FigurePart.Part.INHERITED])
    starts = dict(Unit.objects.filter(pk__in=bulk.these(found)).values_list("pk", "valid_from"))
    tree.places = {
        unit: Place(unit, None, row.code, row.name, row.kind, row.sort_key, starts[unit]) for unit, row in found.items()
    }
    _fold_papers(found, lines, papers_of(period, tree, own.counts, known_until))


def _rows_of(rows, units: Iterable[int]) -> dict[int, FrozenUnit]:
    return {row.unit_id: row for row in rows.filter(unit__in=bulk.these(units))}


def _reorganised(period: Period, since: datetime, until: datetime) -> bool:
    """Whether a decision on units of the tree became known since the last folding that counts in the quarter."""
    fresh = Succession.objects.filter(recorded_at__gte=since).in_force(period.as_quarter.end_day, until)
    here = Unit.objects.below(Unit.objects.get(pk=period.root_id)).order_by().values("pk")
    return fresh.filter(Q(predecessor__in=here) | Q(successor__in=here)).exists()


def _compute_anew(period: Period, known_until: datetime) -> None:
    """Replace revision 0 by a full computation; that of a tree whose root has ended goes."""
    try:
        computed = compute(period, known_until, lines=True)
    except TreeEnded:
        drop_provisional(period.revisions.all())
    else:
        replace_provisional(period, computed, known_until, at=known_until)


def _papers_touched(period: Period, since: datetime) -> set[int]:
    """Return units whose report of the quarter, or what they owe, became known since the last folding.

    Or shortly before it: what was sent at an instant is seen only once its request has committed.
    """
    told = papers_since(period.year, period.quarter, since - COMMITTING)
    first, *others = (rows.values("unit") for rows, _when in told)
    return set(first.union(*others).values_list("unit", flat=True))


def _fold_counts(found: dict, lines: dict, own: Own, parts: Sequence[str]) -> None:
    """Write what the found units own now, and these parts of it; add what differs to every line above them."""
    waiting = _fold_parts(found, own, parts)
    kept = Figure.objects.filter(place__in=bulk.these({row.pk for row in lines.values()})).order_by()
    figures = {(figure.place_id, figure.kind): figure for figure in kept}
    known: dict[int, set[str]] = defaultdict(set)
    for place, kind in (*figures, *waiting):
        known[place].add(kind)
    before: dict[int, dict[str, int]] = {}
    changed: dict[tuple, Figure] = {}
    for unit, row in found.items():
        for kind in own.counts.get(unit, {}).keys() | known[row.pk]:
            old = figures.get((row.pk, kind))
            now = own.counts.get(unit, {}).get(kind, NOTHING)
            mine = _difference(now, [getattr(old, name) for name in OWN] if old else NOTHING)
            all_of_it = [a + b for a, b in zip(mine, waiting.get((row.pk, kind), NOTHING), strict=True)]
            if not (any(mine) or any(all_of_it)):
                continue
            for pk in ids_of(row.path):
                key = lines[pk].pk, kind
                if key not in changed:
                    changed[key] = line = figures.setdefault(key, Figure(place_id=key[0], kind=kind))
                    before[line.pk] = dict(vars(line))
                _add(changed[key], COUNTERS, all_of_it)
            _add(figures[row.pk, kind], OWN, mine)
    stood = [row for row in changed.values() if row.pk is not None]
    Figure.objects.bulk_create([row for row in changed.values() if row.pk is None], batch_size=500)
    names = [name for name in (*COUNTERS, *OWN) if any(getattr(row, name) != before[row.pk][name] for row in stood)]
    bulk.update_rows(Figure, names, ([row.pk, *(getattr(row, name) for name in names)] for row in stood))


def _fold_parts(found: dict, own: Own, parts: Sequence[str]) -> dict[tuple, list[int]]:
    """Write these parts of the found units; returns {(place, kind): what more waits in a bucket than before}."""
    kept = FigurePart.objects.filter(place__in=bulk.these({row.pk for row in found.values()}), part__in=parts)
    before = {(row.place_id, row.kind, row.part): row for row in kept.order_by()}
    now = {
        (found[unit].pk, kind, part): counts
        for part in parts
        for unit, kinds in getattr(own, part).items()
        for kind, counts in kinds.items()
    }
    more = {}
    for key in before.keys() | now.keys():
        old = [getattr(before[key], name) for name in COUNTERS] if key in before else NOTHING
        difference = _difference(now.get(key, NOTHING), old)
        if any(difference):
            place, kind, part = key
            FigurePart.objects.filter(place=place, kind=kind, part=part).delete()
            if key in now:
                counts = dict(zip(COUNTERS, now[key], strict=True))
                FigurePart.objects.create(place_id=place, kind=kind, part=part, **counts)
            if part == FigurePart.Part.WAITING:
                more[place, kind] = difference
    return more


def _difference(now: Sequence[int], before: Sequence[int]) -> list[int]:
    return [a - b for a, b in zip(now, before, strict=True)]


def _fold_papers(found: dict, lines: dict, papers: dict) -> None:
    changed = {}
    for unit, row in found.items():
        now = papers.get(unit, NO_PAPERS)
        differences = _difference(now, [getattr(row, name) for name in OWN_PAPERS])
        if not any(differences):
            continue
        _add(row, OWN_PAPERS, differences)
        for pk in ids_of(row.path):
            _add(lines[pk], PAPERS, differences)
            changed[pk] = lines[pk]
    FrozenUnit.objects.bulk_update(changed.values(), [*PAPERS, *OWN_PAPERS], batch_size=200)


def _add(row, names: Iterable[str], differences: Iterable[int]) -> None:
    for name, difference in zip(names, differences, strict=True):
        setattr(row, name, getattr(row, name) + difference)
