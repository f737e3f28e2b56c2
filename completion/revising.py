"""Seals the next revision of a quarter: what the one before it sealed, plus the approved corrections and nothing else.

Nothing is read but sealed rows and corrections: whatever else happened since stays out.
"""

import hashlib
import json
from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import transaction
from django.urls import reverse
from django.utils.translation import gettext as _

from completion.computing import Computed, Counts, Own, roll_up
from completion.errors import counts_of
from completion.models import (
    Correction,
    CorrectionLine,
    Figure,
    FigurePart,
    FrozenUnit,
    ItemList,
    Period,
    Revision,
    Taken,
)
from completion.papers import PAPERS, has_approved, roll_up_papers
from completion.queries.corrections import frame_of_lines, newest_seal
from completion.rates import COUNTERS, Frame
from completion.services import Progress, write_revision
from completion.tree import Place, Tree
from journal.services import record
from organizations.models import Person, Post
from vietnamese.display import quarter_text

STEPS = 3  # the seal read, corrected, written
_OWN = [f"own_{name}" for name in COUNTERS]


class NothingToSeal(Exception):
    """No approved correction waits for the next revision of this period."""


@transaction.atomic
def seal_corrections(period: Period, *, at: datetime, by: Person, progress: Progress | None = None) -> Revision:
    """Return the next sealed revision of a period, of what was approved until now; K is `at`.

    Everything appears in one commit under the period's lock, so that two at once make one revision: the second raises
    NothingToSeal. Whoever took an older revision away is told.
    """
    told = progress or (lambda done, total: None)
    period = Period.objects.select_for_update(of=("self",)).select_related("root").get(pk=period.pk)
    approved = Correction.objects.filter(period=period).to_seal()
    found = CorrectionLine.objects.filter(correction__in=approved).select_related("home", "to_unit").order_by("id")
    lines = list(found)
    if not lines:
        raise NothingToSeal(str(period))
    base = newest_seal(period)
    computed = sealed_computed(base)
    told(1, STEPS)
    frame = frame_of_lines(period)
    for line in lines:
        put_right(computed, line, frame)
    _count_registered(computed, {unit for line in lines for unit in (line.home_id, line.to_unit_id)})
    computed.totals = roll_up(computed.tree, computed.own)
    computed.paper_totals = roll_up_papers(computed.tree, computed.papers)
    computed.input_hash = chained_hash(base, lines, at)
    told(2, STEPS)
    revision = write_revision(
        period, computed, number=base.number + 1, known_until=at, rule_version=base.rule_version, at=at
    )
    approved.update(state=Correction.State.SEALED, revision=revision)
    _record(revision, lines, by=by, at=at)
    told(STEPS, STEPS)
    return revision


def sealed_computed(revision: Revision) -> Computed:
    """Return what a sealed revision says, as a computation that may be corrected; four queries."""
    tree, papers = Tree(revision.period.root_id), {}
    places = FrozenUnit.objects.filter(revision=revision).order_by("path")
    names = ("unit_id", "parent_id", "code", "name", "kind", "sort_key", "unit__valid_from", "path")
    for *place, own in _split(places.values_list(*names, *(f"own_{name}" for name in PAPERS)), len(names)):
        tree.places[place[0]] = Place(*place)
        tree.homes[place[0]] = place[0]
        if any(own):
            papers[place[0]] = own
    own = Own()
    figures = Figure.objects.filter(place__revision=revision).order_by()
    totals: Counts = {}
    for unit, kind, counts in _split(figures.values_list("place__unit_id", "kind", *COUNTERS, *_OWN), 2):
        totals.setdefault(unit, {})[kind] = counts[: len(COUNTERS)]
        if any(counts[len(COUNTERS) :]):
            own.counts.setdefault(unit, {})[kind] = list(counts[len(COUNTERS) :])
    _keep_waiting(own, tree, totals)
    parts = FigurePart.objects.filter(place__revision=revision, part=FigurePart.Part.INHERITED).order_by()
    for unit, kind, counts in _split(parts.values_list("place__unit_id", "kind", *COUNTERS), 2):
        own.inherited.setdefault(unit, {})[kind] = list(counts)
    for unit, text in ItemList.objects.filter(place__revision=revision).values_list("place__unit_id", "lines"):
        own.lines[unit] = text.split("\n")
    return Computed(tree, own, {}, papers, {}, "")


def put_right(computed: Computed, line: CorrectionLine, frame: Frame) -> None:
    """Take a work's line out of one unit's list and put it right into the same or another's, with what it counts."""
    own, home, to = computed.own, line.home_id, line.to_unit_id or line.home_id
    own.lines[home].remove(line.was)
    own.lines.setdefault(to, []).append(line.becomes)
    own.lines[to].sort()
    if not own.lines[home]:
        del own.lines[home]
    for unit, text, sign in ((home, line.was, -1), (to, line.becomes, 1)):
        kind, counts, came = counts_of(text, frame)
        own.add(unit, kind, [sign * count for count in counts], came, "")
    for kept in (own.counts, own.inherited, own.waiting):
        _drop_empty(kept, {home, to})


def chained_hash(base: Revision, lines: Iterable[CorrectionLine], known_until: datetime) -> str:
    """Return the sha256 of all a later revision rests on: the one before it, by its hash, and what is corrected."""
    head = [str(base.period), base.number + 1, base.rule_version, known_until.timestamp(), base.input_hash]
    texts = [f"{line.home.code}\t{line.was}\t{(line.to_unit or line.home).code}\t{line.becomes}" for line in lines]
    return hashlib.sha256("\n".join([json.dumps(head), *sorted(texts)]).encode()).hexdigest()


def _split(rows: Iterable[Sequence], at: int):
    for row in rows:
        yield *row[:at], row[at:]


def _drop_empty(kept: Counts, units: Iterable[int]) -> None:
    """Leave no counts where there is nothing left to count."""
    for unit in units & kept.keys():
        kept[unit] = {kind: counts for kind, counts in kept[unit].items() if any(counts)}
        if not kept[unit]:
            del kept[unit]


def _keep_waiting(own: Own, tree: Tree, totals: Counts) -> None:
    """Keep what waits in each bucket: a total less the own and the children's; older seals hold no rows of it."""
    nothing = [0] * len(COUNTERS)
    rest = {unit: {kind: list(counts) for kind, counts in kinds.items()} for unit, kinds in totals.items()}
    for unit, place in tree.places.items():
        for kind, counts in totals.get(unit, {}).items():
            mine = own.counts.get(unit, {}).get(kind, nothing)
            rest[unit][kind] = [a - b for a, b in zip(rest[unit][kind], mine, strict=True)]
            if place.parent is not None:
                above = rest[place.parent]
                above[kind] = [a - b for a, b in zip(above[kind], counts, strict=True)]
    own.waiting |= rest
    _drop_empty(own.waiting, rest.keys())


def _count_registered(computed: Computed, units: Iterable[int | None]) -> None:
    """Say anew which of these units have an approved work: one that was handed on may have been the only one."""
    obliged, registered = PAPERS.index("obliged"), PAPERS.index("registered")
    for unit in units:
        papers = computed.papers.get(unit)
        if papers and papers[obliged]:
            has_one = int(has_approved(computed.own.counts, unit))
            computed.papers[unit] = (*papers[:registered], has_one, *papers[registered + 1 :])


def _record(revision: Revision, lines: Sequence[CorrectionLine], *, by: Person, at: datetime) -> None:
    period = revision.period
    said = {
        "quarter": quarter_text(period.quarter, period.year),
        "unit": period.root.name,
        "number": revision.number,
    }
    taken = Taken.objects.outdated_by(revision).select_related("by", "post__unit").order_by("id")
    standing = set(Post.objects.current(at).filter(pk__in=taken.order_by().values("post")).values_list("pk", flat=True))
    record(
        "quarter.corrected",
        subject="period",
        subject_id=period.pk,
        unit_id=period.root_id,
        by=by,
        at=at,
        detail={
            "revision": revision.number,
            "rows": revision.row_count,
            "hash": revision.input_hash,
            "corrections": sorted({line.correction_id for line in lines}),
        },
        tell=[one.by.acting_as(one.post if one.post_id in standing else None) for one in taken],
        text=lambda: (
            _(
                "%(quarter)s của %(unit)s vừa có bản chốt số %(number)s, có đính chính. "
                "Bản bạn đã tải hoặc in trước đây không còn là bản mới nhất."
            )
            % said
        ),
        link=reverse("completion:difference", args=[revision.pk]),
    )
