"""The bridge between two revisions of one unit, from the item lines of both."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import itemgetter

from django.db.models import F

from completion import bulk
from completion.bridges import Sides, Step, changes, counts
from completion.computing import came_by
from completion.lines import INHERITED, WAITS, line_of, read_lines
from completion.models import BridgeStep, Revision
from completion.queries.behind import Reading, frame_of, judged_by_facts
from completion.queries.sealed import Line, parted, texts_of
from completion.rates import Frame, Known
from completion.rollup import plain_lines
from completion.tree import frozen_tree
from models_registry.models import WorkItem
from organizations.models import Unit


@dataclass(frozen=True, slots=True)
class Moved:
    """One item of a step: its line in each revision, None where the unit did not count it."""

    before: Line | None
    after: Line | None

    @property
    def line(self) -> Line:
        return self.after or self.before


class Works(Sequence):
    """The items of one step as Moved, the nearest due first: read from their two lines where they are asked for.

    Of a bridge that was kept the lines are fetched when the first is; one query.
    """

    def __init__(self, before: Reading, after: Reading, count: int, texts: list[str] | None, kept: int | None = None):
        self.before, self.after, self._count, self._texts, self._kept = before, after, count, texts, kept

    def __len__(self) -> int:
        return self._count

    def __getitem__(self, at):
        found = self.texts[at]
        return [self._moved(text) for text in found] if isinstance(at, slice) else self._moved(found)

    @property
    def texts(self) -> list[str]:
        """The items as they are kept: unit and line in the earlier revision, unit and line in the later one."""
        if self._texts is None:
            kept = BridgeStep.objects.filter(pk=self._kept).values_list("works", flat=True)
            self._texts = kept.get().split("\n")
        return self._texts

    def _moved(self, text: str) -> Moved:
        was, old, home, new = text.split("\t")
        return Moved(_line(was, old, self.before.frame), _line(home, new, self.after.frame))


@dataclass(slots=True)
class Bridge:
    """n and N of one unit in two revisions, and between them the steps: sums over the works in `items`."""

    start: tuple[int, int] = (0, 0)
    end: tuple[int, int] = (0, 0)
    sums: dict[Step, tuple[int, int]] = field(default_factory=dict)
    items: dict[Step, Works] = field(default_factory=dict)
    gone_through: int = 0  # the works of both lists


def revisions_to_compare(unit: Unit) -> list[Revision]:
    """Return the revisions that hold the unit, newest first: sealed ones, else the provisional; one query.

    Each says what `reading_from` needs.
    """
    found = Revision.objects.filter(units__unit=unit).select_related("period")
    found = found.with_frames().annotate(path=F("units__path"))
    rows = list(found.order_by("-period__year", "-period__quarter", "-number"))
    closed = {row.period_id for row in rows if row.sealed}
    return [row for row in rows if row.sealed or row.period_id not in closed]


def reading_from(revision: Revision, unit: Unit) -> Reading:
    """Return one of `revisions_to_compare` as it is read at the unit; what was corrected is not read. No query."""
    return Reading(revision, unit, frame_of(revision), revision.path, any_ended=True)


def usual_start(revisions: list[Revision], end: Revision) -> Revision | None:
    """Return what a revision is usually compared with: the one it corrects, else the newest of the quarter before."""
    earlier = revisions[revisions.index(end) + 1 :]
    return earlier[0] if earlier else None


def bridge_between(before: Reading, after: Reading, rate: str, *, kind: str = "ALL") -> Bridge:
    """Return why n and N of R1…R4 moved between two readings of one unit; the sums are exact.

    Three queries between sealed revisions, four more for a provisional one. Every line of the unit is gone through, but
    lines that stand alike are judged once.
    """
    building = _Building(Sides(rate, before.frame, after.frame, before.revision.sealed and after.revision.sealed))
    was = {listed[0]: listed for listed in _listed(before, kind)}
    fresh = []
    for listed in _listed(after, kind):
        if (earlier := was.pop(listed[0], None)) is None:
            fresh.append(listed)
        else:
            building.add(earlier, listed)
    for listed in was.values():
        building.add(listed, None)
    elsewhere = approved_by(before.frame, [code for code, *_ in fresh]) if building.sides.one_year else set()
    for listed in fresh:
        building.add(None, listed, elsewhere=listed[0] in elsewhere)
    return building.bridge(before, after)


def told_steps(bridge: Bridge) -> list[tuple[Step, int, int, int]]:
    """Return (step, difference of n, difference of N, how many items) of the steps that occurred, in their order."""
    return [(step, *bridge.sums[step], len(bridge.items[step])) for step in Step if step in bridge.sums]


# All that R1…R4 and their steps ask of an item in one revision; items that stand alike change alike. Its due day before
# the quarter begins, or ends; confirmed; completed before the quarter ends; on the due day or before; excluded.
Stand = tuple[bool, bool, bool, bool, bool, bool]
# One item of a list, its line hardly read: code, unit, due day, line, stand. Plain, for a province has 300.000 in two.
Listed = tuple[str, int, str, str, Stand]


def _listed(reading: Reading, kind: str) -> Iterator[Listed]:
    kinds = None if kind == "ALL" else kind.split("-")
    first, end = reading.frame.first_day.isoformat(), reading.frame.end_day.isoformat()
    for home, text in _texts(reading):
        for line in text.splitlines():
            item, due, completed, confirmed, marks = line.rsplit("|", 4)
            of_kind, code = item.split("|", 1)
            if kinds is None or of_kind in kinds:
                done = bool(confirmed) and completed < end
                stand = due < first, due < end, bool(confirmed), done, completed <= due, "x" in marks
                yield code, home, due, line, stand


def _texts(reading: Reading) -> Iterable[tuple[int, str]]:
    """Return (unit, lines) of a reading; of a provisional one from the facts at its K, in four queries."""
    return texts_of(reading) if reading.revision.sealed else _provisional_texts(reading)


def _provisional_texts(reading: Reading) -> Iterator[tuple[int, str]]:
    frame = reading.frame
    tree = frozen_tree(reading.revision.period.root_id, frame.end_day, frame.known_until, named=False)
    here = [unit for unit, home in tree.homes.items() if home and reading.unit.pk in tree.line(home)]
    for unit, text in plain_lines(frame, here):
        mark = came_by(tree, tree.homes[unit], unit, unit)
        yield tree.homes[unit], text.replace("\n", f"{mark}\n") + mark
    for item, state in judged_by_facts(frame, [bulk.these(here)], checked=False):
        mark = came_by(tree, tree.homes[state.owner], state.owner, item.first_unit_id or item.unit_id)
        yield tree.homes[state.owner], line_of(item.kind, item.code or f"#{item.pk}", state, frame) + mark


@dataclass(slots=True)
class _Building:
    """A bridge while its items are gone through; how each pair of stands changes is worked out once."""

    sides: Sides
    known: dict[tuple, tuple] = field(default_factory=dict)
    numbers: dict[tuple, int] = field(default_factory=dict)
    items: dict[Step, list[tuple]] = field(default_factory=dict)

    def add(self, old: Listed | None, new: Listed | None, *, elsewhere: bool = False) -> None:
        key = old and old[4], new and new[4], elsewhere
        if key not in self.known:
            self.known[key] = self._changing(old, new, elsewhere=elsewhere)
        self.numbers[key] = self.numbers.get(key, 0) + 1
        for step, _n, _base in self.known[key][2]:
            code, _home, due, *_ = new or old
            self.items.setdefault(step, []).append((due, code, old, new))

    def _changing(self, old, new, *, elsewhere: bool) -> tuple:
        one, other = _known(old, self.sides.before), _known(new, self.sides.after)
        steps = tuple(changes(one, other, self.sides, elsewhere=elsewhere))
        rate = self.sides.rate
        return counts(one, self.sides.before, rate), counts(other, self.sides.after, rate), steps

    def bridge(self, before: Reading, after: Reading) -> Bridge:
        bridge = Bridge(gone_through=sum(self.numbers.values()))
        for key, number in self.numbers.items():
            start, end, steps = self.known[key]
            bridge.start = _more(bridge.start, start, number)
            bridge.end = _more(bridge.end, end, number)
            for step, *added in steps:
                bridge.sums[step] = _more(bridge.sums.get(step, (0, 0)), added, number)
        for step, found in self.items.items():
            found.sort(key=itemgetter(0, 1))
            texts = ["\t".join((*_kept(old), *_kept(new))) for _due, _code, old, new in found]
            bridge.items[step] = Works(before, after, len(texts), texts)
        return bridge


def _line(home: str, line: str, frame: Frame) -> Line | None:
    if not line:
        return None
    (read,) = read_lines(line, frame)
    return Line(int(home), *read, line[-1] if line[-1] in (WAITS, INHERITED) else "")


def _more(sum_: tuple[int, int], added: Sequence[int], times: int) -> tuple[int, int]:
    return sum_[0] + added[0] * times, sum_[1] + added[1] * times


def _kept(listed: Listed | None) -> tuple[str, str]:
    return (str(listed[1]), listed[3]) if listed else ("", "")


def _known(listed: Listed | None, frame: Frame) -> Known | None:
    return next(read_lines(listed[3], frame))[2] if listed else None


def approved_by(frame: Frame, codes: Iterable[str]) -> set[str]:
    """Return those of these items that some unit had when the earlier revision was made; a query for each way they are
    named by, found by its index, and none for no items."""
    by_code, by_pk = parted(codes)
    known = WorkItem.objects.filter(year=frame.quarter.year, approved_at__lt=frame.approved_before).order_by()
    named = set()
    if by_code:
        named |= set(known.filter(code__in=bulk.these(by_code, kind="text")).values_list("code", flat=True))
    if by_pk:
        named |= {f"#{pk}" for pk in known.filter(pk__in=bulk.these(by_pk), code=None).values_list("pk", flat=True)}
    return named
