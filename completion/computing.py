"""The figures of one tree and quarter, computed from facts and not yet written anywhere."""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from operator import add
from typing import NamedTuple

from completion import bulk, rollup
from completion.lines import INHERITED, WAITS, line_of
from completion.models import Period
from completion.papers import papers_of, roll_up_papers
from completion.rates import RULE_VERSION, Checked, Fact, Frame, Item, judge, known
from completion.tree import Tree, frozen_tree
from models_registry.models import WorkItem
from progress import models as progress_models

# Counts of one unit by kind of item: {unit id: {"COL": [16 integers in the order of COUNTERS]}}.
Counts = dict[int, dict[str, list[int]]]
STEPS = 4  # tree, items, sums; and the writing, which the caller tells


@dataclass(slots=True)
class Own:
    """What every standing unit owns, of that what it `inherited`, and what waits in its bucket (`waiting`)."""

    counts: Counts = field(default_factory=dict)
    inherited: Counts = field(default_factory=dict)
    waiting: Counts = field(default_factory=dict)
    # Of each unit, texts of one line or more: a string for every item would be most of what a closing holds.
    lines: dict[int, list[str]] = field(default_factory=dict)

    def add(self, home: int, kind: str, counts: Sequence[int], mark: str, lines: str) -> None:
        """Count items where they belong, by how they came there (completion/lines.py); `lines` may be empty."""
        _add((self.waiting if mark == WAITS else self.counts).setdefault(home, {}), kind, counts)
        if mark == INHERITED:
            _add(self.inherited.setdefault(home, {}), kind, counts)
        if lines:
            told = "\n".join([f"{line}{mark}" for line in lines.split("\n")]) if mark else lines
            self.lines.setdefault(home, []).append(told)


class TreeEnded(LookupError):
    """The unit a period is named by did not stand just before its end: `period` has no figures."""

    def __init__(self, period: Period):
        self.period = period
        super().__init__(str(period))


class Registered(NamedTuple):
    """A work item as it was registered: the columns its facts are read against."""

    pk: int
    code: str | None
    kind: str
    year: int
    unit_id: int
    first_unit_id: int | None
    due_on: date | None
    approved_at: datetime
    ongoing: bool


@dataclass(slots=True)
class Computed:
    """Everything a revision keeps."""

    tree: Tree
    own: Own
    totals: Counts
    papers: dict[int, Sequence[int]]
    paper_totals: dict[int, Sequence[int]]
    input_hash: str


def frame_of(period: Period, known_until) -> Frame:
    """Return what the period is judged by at K; the quarter before closes as its own period says; one query."""
    before = period.as_quarter.before
    earlier = Period.objects.of(before).filter(root=period.root_id).values_list("closes_at", flat=True).first()
    return Frame.of(period.as_quarter, known_until=known_until, before_closes_at=earlier, ongoing=period.ongoing_due)


def compute(
    period: Period, known_until, *, lines: bool, progress: Callable[[int, int], None] | None = None
) -> Computed:
    """Return the figures of a period at K; some ten queries, whatever the number of units and items.

    `lines` also gathers the item list of each unit. `progress` is told (step, steps). Raises TreeEnded.
    """
    told = progress or (lambda done, total: None)
    frame = frame_of(period, known_until)
    with bulk.snapshot():
        tree = frozen_tree(period.root_id, frame.quarter.end_day, known_until)
        if period.root_id not in tree.places:
            raise TreeEnded(period)
        told(1, STEPS)
        own = own_counts(frame, tree, list(tree.homes), lines=lines)
        told(2, STEPS)
        papers = papers_of(period, tree, own.counts, known_until)
    totals = roll_up(tree, own)
    paper_totals = roll_up_papers(tree, papers)
    computed = Computed(tree, own, totals, papers, paper_totals, "")
    if lines:
        computed.input_hash = input_hash(period, frame, computed)
    told(3, STEPS)
    return computed


def own_counts(frame: Frame, tree: Tree, units: Sequence[int], *, lines: bool = False) -> Own:
    """Return what these units own in the quarter; plain items are judged in SQL, the others by their facts."""
    own = Own()
    for unit, kind, *counts, text in rollup.plain_counts(frame, units, lines=lines):
        if (home := tree.homes[unit]) is not None:
            came = came_by(tree, home, unit, unit)
            own.add(home, kind, _whole(*counts), came, text)
    wanted = set(units)
    for item, state in judged_items(frame, rollup.not_plain_items(frame, units)):
        if state.owner in wanted and (home := tree.homes[state.owner]) is not None:
            came = came_by(tree, home, state.owner, item.first_unit_id or item.unit_id)
            line = line_of(item.kind, item.code or f"#{item.pk}", state, frame) if lines else ""
            own.add(home, item.kind, judge(state, frame).counts, came, line)
    return own


def came_by(tree: Tree, home: int, owner: int, first: int) -> str:
    """Return the mark of how items came to where they count: waiting for an owner, inherited, or neither."""
    if home != owner and tree.waits(owner):
        return WAITS
    return INHERITED if tree.inherits(home, first) else ""


def judged_items(frame: Frame, ids: Sequence[int]):
    """Yield (Registered, what was known of it) for those counted in the quarter, from their facts; three queries."""
    if not ids:
        return
    facts: dict[int, list[Fact]] = {}
    rows = progress_models.Fact.objects.filter(item__in=bulk.these(ids), at__lt=frame.known_until)
    for item, *values in rows.order_by("at", "id").values_list(
        "item_id", "kind", "at", "on", "due_on", "exclusion", "unit_id"
    ):
        facts.setdefault(item, []).append(Fact(*values))
    registered = WorkItem.objects.filter(pk__in=bulk.these(ids), approved_at__isnull=False).order_by()
    rows = map(Registered._make, registered.values_list(*Registered._fields))
    yield from states_of(frame, rows, facts, checks_of(frame, bulk.these(ids)))


def checks_of(frame: Frame, items) -> dict[int, list[Checked]]:
    """Return {item: checks of the quarter known at K, in the order recorded} of these items (ids, or a subquery)."""
    found: dict[int, list[Checked]] = {}
    kept = progress_models.QuarterlyCheck.objects.filter(quarter=frame.quarter.number, item__in=items)
    kept = kept.filter(recorded_at__lt=frame.known_until).in_order()
    for item, quarter, verdict, at in kept.values_list("item_id", "quarter", "verdict", "recorded_at"):
        found.setdefault(item, []).append(Checked(quarter, verdict == "passed", at))
    return found


def states_of(
    frame: Frame,
    registered: Iterable[Registered],
    facts: Mapping[int, Sequence[Fact]],
    checks: Mapping[int, Sequence[Checked]],
):
    """Yield (Registered, what was known of it) for those counted in the quarter; facts and checks by item, in order."""
    for row in registered:
        due = row.due_on or date(row.year, 12, 31)
        owner = row.first_unit_id or row.unit_id
        item = Item(owner, due, row.approved_at, row.ongoing, facts.get(row.pk, ()), checks.get(row.pk, ()))
        state = known(item, frame)
        if state is not None:
            yield row, state


def roll_up(tree: Tree, own: Own) -> Counts:
    """Return the counts of every unit with everything below it: sums up the tree, children before parents."""
    totals: Counts = {}
    below: dict[int | None, list[dict[str, Sequence[int]]]] = {}
    for unit in reversed(tree.places):
        parts = below.pop(unit, [])
        if unit in own.counts:
            parts.append(own.counts[unit])
        if unit in own.waiting:
            parts.append(own.waiting[unit])
        totals[unit] = sums = _sums(parts)
        if sums:
            below.setdefault(tree.places[unit].parent, []).append(sums)
    return totals


def _sums(parts: Sequence[dict[str, Sequence[int]]]) -> dict[str, Sequence[int]]:
    if len(parts) == 1:
        return dict(parts[0])
    by_kind: dict[str, list] = {}
    for part in parts:
        for kind, counts in part.items():
            by_kind.setdefault(kind, []).append(counts)
    return {kind: list(map(sum, zip(*found, strict=True))) for kind, found in by_kind.items()}


def input_hash(period: Period, frame: Frame, computed: Computed) -> str:
    """Return the sha256 of all the figures rest on: rules, parameters, instants, tree, papers and item lines.

    Leaves each unit's lines as one sorted text, which is what is sealed.
    Made of codes and texts, never of row ids (but for items without a code), so that both databases agree.
    """
    root = computed.tree.places[computed.tree.root]
    head = [
        RULE_VERSION, str(period), root.code, period.ends_at.timestamp(), frame.known_until.timestamp(),
        frame.before_known_until.timestamp(), *period.thresholds, period.few_items, period.ongoing_due,
        period.report_after_days, period.report_within_days,
    ]  # fmt: skip
    digest = hashlib.sha256(json.dumps(head).encode())
    places, lines = computed.tree.places, computed.own.lines
    for place in sorted(places.values(), key=lambda place: place.code):
        parent = places[place.parent].code if place.parent is not None else ""
        papers = computed.papers.get(place.unit, ())
        text = ""
        if place.unit in lines:
            text = "\n".join(sorted("\n".join(lines[place.unit]).split("\n")))
            lines[place.unit] = [text]
        head = f"{place.code}\t{parent}\t{place.kind}\t{place.name}\t{place.valid_from}\t{papers}"
        digest.update(f"\n\n{head}\n{text}".encode())
    return digest.hexdigest()


def _whole(r1_n, r1_base, r2_n, r2_base, r3_n, r3_base, r4_n, r5_n, r5_base, r8_n, r8_base) -> tuple[int, ...]:
    """Return rollup.PLAIN_COUNTERS in the order of COUNTERS: plain items have no X."""
    return r1_n, r1_base, 0, r2_n, r2_base, 0, r3_n, r3_base, 0, r4_n, r5_n, r5_base, 0, r8_n, r8_base, 0


def _add(sums: dict[str, Sequence[int]], kind: str, counts: Sequence[int]) -> None:
    sums[kind] = list(map(add, sums[kind], counts)) if kind in sums else counts
