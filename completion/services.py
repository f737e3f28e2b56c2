"""The only writers of periods, revisions and figures."""

import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from completion import bulk
from completion.computing import STEPS, Computed, compute
from completion.models import (
    Figure,
    FigurePart,
    FrozenUnit,
    ItemList,
    Period,
    PublishedFigure,
    Revision,
    Taken,
)
from completion.papers import NO_PAPERS, PAPERS
from completion.quarters import Quarter
from completion.rates import COUNTERS, NOTHING, RULE_VERSION
from completion.standings import write_standings
from journal.services import journal_head, record
from organizations.models import Unit
from vietnamese.display import instant_text

Progress = Callable[[int, int], None]
LARGE = 1_000  # rows of figures; what is read of fewer is planned well enough by guessing


@contextmanager
def _uncollected() -> Iterator[None]:
    """Spare hundreds of thousands of short-lived rows, none of them in a cycle, the collector's walks over them."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


class TooEarly(Exception):
    """The period's closing instant has not come yet; `period` says when it will."""

    def __init__(self, period: Period):
        self.period = period
        super().__init__(f"{period} closes at {period.closes_at}")


def period_of(root: Unit, quarter: Quarter) -> Period:
    """Return the period of a tree and quarter, made with the usual parameters when it is missing."""
    return Period.objects.get_or_create(
        root=root,
        year=quarter.year,
        quarter=quarter.number,
        defaults={"ends_at": quarter.ends_at, "closes_at": quarter.closes_at()},
    )[0]


class ClosingStays(ValueError):
    """The closing instant cannot be moved so: the message says why, for whoever asked."""


@transaction.atomic
def move_closing(period: Period, closes_at: datetime, *, reason: str, by, at: datetime) -> Period:
    """Move the closing instant, while neither the old nor the new one has passed; the journal keeps the reason.

    Raises ClosingStays, and then changes nothing.
    """
    locked = Period.objects.select_for_update().get(pk=period.pk)
    if not reason.strip():
        raise ClosingStays(_("Hãy nêu lý do dời giờ chốt."))
    if locked.closes_at <= at:
        said = {"at": instant_text(locked.closes_at)}
        raise ClosingStays(_("Giờ chốt của quý này (%(at)s) đã qua nên không dời được nữa.") % said)
    if closes_at <= at or closes_at < locked.ends_at:
        first = instant_text(max(at, locked.ends_at))
        raise ClosingStays(_("Giờ chốt mới phải sau %(at)s.") % {"at": first})
    detail = {"from": locked.closes_at.isoformat(), "to": closes_at.isoformat(), "reason": reason.strip()}
    locked.closes_at = closes_at
    locked.save(update_fields=["closes_at"])
    record(
        "period.closing_moved",
        subject="period",
        subject_id=locked.pk,
        unit_id=locked.root_id,
        by=by,
        at=at,
        detail=detail,
    )
    return locked


def seal_quarter(
    root: Unit,
    quarter: Quarter,
    *,
    at: datetime,
    as_of: datetime | None = None,
    by=None,
    progress: Progress | None = None,
) -> Revision:
    """Return the sealed revision 1 of a tree and quarter, computed and written now unless it stands already.

    K is `as_of`, else G. Raises TooEarly before G. Safe to run twice and at once: what is read is one snapshot, and
    all rows appear in the commit that ends it, under the period's lock.
    """
    period = period_of(root, quarter)
    if at < period.closes_at:
        raise TooEarly(period)
    if standing := _seal_of(period):
        return standing
    known_until = as_of or period.closes_at
    with _uncollected():
        computed = compute(period, known_until, lines=True, progress=progress)
        try:
            revision = _seal(period, computed, known_until, at=at, by=by)
        except IntegrityError:
            if (revision := _seal_of(period)) is None:
                raise
    if progress:
        progress(STEPS, STEPS)
    return revision


@transaction.atomic
def _seal(period: Period, computed: Computed, known_until: datetime, *, at: datetime, by) -> Revision:
    period = Period.objects.select_for_update().get(pk=period.pk)
    if standing := _seal_of(period):
        return standing
    revision = write_revision(period, computed, number=1, known_until=known_until, at=at)
    record(
        "quarter.sealed",
        subject="period",
        subject_id=period.pk,
        unit_id=period.root_id,
        by=by,
        at=at,
        detail={"revision": 1, "rows": revision.row_count, "hash": revision.input_hash},
    )
    return revision


def write_revision(
    period: Period, computed: Computed, *, number: int, known_until: datetime, at: datetime, rule_version=RULE_VERSION
) -> Revision:
    """Write one sealed revision with all its rows; the caller holds the period's lock."""
    revision = Revision.objects.create(
        period=period,
        number=number,
        sealed=True,
        as_of=known_until,
        computed_at=at,
        rule_version=rule_version,
        input_hash=computed.input_hash,
        row_count=_row_count(computed),
        journal_head=journal_head(),
    )
    _write(revision, computed)
    return revision


def compute_provisional(
    root: Unit, quarter: Quarter, *, at: datetime, as_of: datetime | None = None, progress: Progress | None = None
) -> Revision:
    """Return revision 0 of a tree and quarter, computed anew; K is `as_of`, else now or G, whichever is earlier.

    After the first one of a large tree the planner is told of its rows: folding must not wait for it to find out.
    """
    period = period_of(root, quarter)
    is_first = not period.revisions.exists()
    known_until = as_of or min(at, period.closes_at)
    with _uncollected():
        computed = compute(period, known_until, lines=True, progress=progress)
        revision = replace_provisional(period, computed, known_until, at=at)
    if is_first and revision.row_count >= LARGE:
        bulk.analyze(FrozenUnit, Figure, FigurePart)
    if progress:
        progress(STEPS, STEPS)
    return revision


@transaction.atomic
def replace_provisional(period: Period, computed: Computed, known_until: datetime, *, at: datetime) -> Revision:
    """Write revision 0 in the place of what it said before, under the period's lock."""
    period = Period.objects.select_for_update().get(pk=period.pk)
    drop_provisional(Revision.objects.filter(period=period, number=0))
    revision = Revision.objects.create(
        period=period,
        number=0,
        as_of=known_until,
        computed_at=at,
        rule_version=RULE_VERSION,
        input_hash=computed.input_hash,
        row_count=_row_count(computed),
    )
    _write(revision, computed)
    return revision


def drop_provisional(revisions) -> None:
    """Delete provisional revisions with their rows, set-based."""
    old = list(revisions.filter(number=0).values_list("pk", flat=True))
    places = FrozenUnit.objects.filter(revision__in=old)
    for model in (Figure, FigurePart, ItemList):
        rows = model.objects.filter(place__in=places.order_by().values("pk"))
        rows._raw_delete(rows.db)
    places._raw_delete(places.db)
    Revision.objects.filter(pk__in=old)._raw_delete(places.db)


@transaction.atomic
def give_up_period(period: Period, *, at: datetime) -> None:
    """Take away a period nothing was sealed of: its root ended, or came under another, before the quarter did."""
    period = Period.objects.select_for_update().filter(pk=period.pk).exclude(revisions__sealed=True).first()
    if period is None:
        return
    drop_provisional(period.revisions.all())
    detail = {"quarter": str(period)}
    record(
        "period.given_up", subject="period", subject_id=period.pk, unit_id=period.root_id, by=None, at=at, detail=detail
    )
    period.delete()


@transaction.atomic
def record_published(unit: Unit, year: int, rows: list[dict], *, at: datetime, by=None) -> int:
    """Keep figures a report printed (label, kind, n, base, printed_rate, source); those known by label stay."""
    known = set(PublishedFigure.objects.filter(unit=unit, year=year).values_list("label", flat=True))
    fresh = [PublishedFigure(unit=unit, year=year, **row) for row in rows if row["label"] not in known]
    PublishedFigure.objects.bulk_create(fresh)
    if fresh:
        detail = {"year": year, "labels": [row.label for row in fresh]}
        record(
            "published_figures.kept", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at, detail=detail
        )
    return len(fresh)


def note_taking(revision_id: int, unit: Unit, form: str, *, by, at: datetime) -> None:
    """Note that somebody took figures of a sealed revision away, so that a newer one is told to them; one insert."""
    Taken.objects.create(revision_id=revision_id, unit=unit, by=by, post=by.post, form=form, at=at)


def _seal_of(period: Period) -> Revision | None:
    return Revision.objects.filter(period=period, sealed=True).newest_first().first()


def _row_count(computed: Computed) -> int:
    return sum(map(len, computed.totals.values()))


_UNIT_COLUMNS = (
    "revision_id", "unit_id", "parent_id", "code", "name", "kind", "path", "sort_key",
    tuple(f"own_{name}" for name in PAPERS), PAPERS,
)  # fmt: skip
_FIGURE_COLUMNS = ("place_id", "kind", COUNTERS, tuple(f"own_{name}" for name in COUNTERS))


def _write(revision: Revision, computed: Computed) -> None:
    bulk.insert_rows(FrozenUnit, _UNIT_COLUMNS, _unit_rows(revision, computed))
    places = dict(FrozenUnit.objects.filter(revision=revision).order_by().values_list("unit_id", "pk"))
    bulk.insert_rows(Figure, _FIGURE_COLUMNS, _figure_rows(computed, places))
    bulk.insert_rows(FigurePart, ("place_id", "part", "kind", COUNTERS), _part_rows(computed, places))
    if revision.sealed:
        kept = computed.own.lines
        lists = ((places[unit], "\n".join(kept[unit])) for unit in computed.tree.places if unit in kept)
        bulk.insert_rows(ItemList, ("place_id", "lines"), lists)
        write_standings(revision, computed, places)


def _unit_rows(revision: Revision, computed: Computed):
    for unit, place in computed.tree.places.items():
        own = computed.papers.get(unit, NO_PAPERS)
        total = computed.paper_totals[unit]
        frozen = (place.code, place.name, place.kind, place.path, place.sort_key)
        yield (revision.pk, unit, place.parent, *frozen, own, total)


def _figure_rows(computed: Computed, places: dict[int, int]):
    for unit in computed.tree.places:
        kinds = computed.totals.get(unit, {})
        own = computed.own.counts.get(unit, {})
        for kind, counts in kinds.items():
            yield (places[unit], kind, counts, own.get(kind, NOTHING))


def _part_rows(computed: Computed, places: dict[int, int]):
    parts = {FigurePart.Part.INHERITED: computed.own.inherited, FigurePart.Part.WAITING: computed.own.waiting}
    for part, units in parts.items():
        for unit, kinds in units.items():
            for kind, counts in kinds.items():
                yield (places[unit], str(part), kind, counts)
