"""Every night: whether what was folded change by change is what a full computation says; else told, mended."""

import logging
from datetime import datetime

from django.db import InterfaceError, OperationalError, transaction
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from completion.computing import TreeEnded, compute
from completion.folding import fold_units, touched_units
from completion.models import Figure, FigurePart, FrozenUnit, Period, Revision
from completion.papers import PAPERS
from completion.rates import COUNTERS, NOTHING
from completion.services import Progress, compute_provisional, drop_provisional, replace_provisional
from journal.services import record
from models_registry.models import ItemChange
from organizations.models import Person, Post
from vietnamese.display import number_text, quarter_text

log = logging.getLogger(__name__)
PROVED, DIFFERED = "figures.proved", "figures.differed"
# What waited could not be folded, so that all was computed anew; nothing could be computed, so that nothing changed.
UNFOLDED, UNPROVED = "figures.unfolded", "figures.unproved"
SAID = {
    DIFFERED: _("Đối chiếu số liệu: %(count)s ô của %(unit)s, %(quarter)s bị lệch và đã được tính lại."),
    UNFOLDED: _(
        "Đối chiếu số liệu: không cộng dồn được thay đổi đang chờ của %(unit)s, %(quarter)s; đã tính lại từ đầu, "
        "%(count)s ô khác đi."
    ),
    UNPROVED: _(
        "Đối chiếu số liệu: không tính lại được %(unit)s, %(quarter)s nên chưa đối chiếu; số tạm tính giữ nguyên. "
        "Hãy báo người vận hành."
    ),
}
KEPT = 1000  # cells of one proof that are kept; that there were more is said
TOLD = ("administrator", "head")


def prove_tonight(period: Period, *, at: datetime) -> int:
    """Prove one period whatever comes: a fault ends this proof, is kept like its outcome, and stops no other."""
    try:
        return prove(period, at=at)
    except (OperationalError, InterfaceError):
        raise  # the database is away: there is nowhere to keep it
    except Exception as fault:
        log.exception("figures of %s cannot be proved: tree %s", period, period.root_id)
        _keep(period, [], fault, UNPROVED, at=at)
        return 0


@transaction.atomic
def prove(period: Period, *, at: datetime, progress: Progress | None = None) -> int:
    """Compare the folded rows of revision 0 with a full computation, and put that in their place.

    Returns how many cells differed. The journal keeps each with both values, those who close the quarter and the log
    are told. Changes in the tree itself (a new unit, another name) are taken over and are no difference. Where what
    waits cannot be folded, what differs may be that alone: it is kept as such, and mended the same way.
    """
    period = Period.objects.select_for_update().get(pk=period.pk)
    revision = period.revisions.filter(number=0).first()
    if revision is None:
        return 0
    known_until = max(revision.as_of, min(at, period.closes_at))
    try:
        computed, cells, fault = _compared(period, known_until, progress)
        if cells:
            # What was confirmed between the folding and the computing is no difference: that is folded by now.
            computed, again, fault = _compared(period, known_until, progress)
            cells = {key: cells[key] for key in cells.keys() & again.keys()}
    except TreeEnded:
        drop_provisional(period.revisions.all())
        return 0
    replace_provisional(period, computed, known_until, at=at)
    verb = UNFOLDED if fault else DIFFERED if cells else PROVED
    _keep(period, sorted(cells.items()), fault, verb, at=at)
    return len(cells)


def recompute(period: Period, *, at: datetime, progress: Progress | None = None) -> int:
    """Compute the provisional figures anew, whether they stood or not; returns how many cells that stood differed.

    Where they stood, facts that come meanwhile wait for `prove`; where none did, the nightly proof brings those in.
    """
    if period.revisions.filter(number=0).exists():
        return prove(period, at=at, progress=progress)
    compute_provisional(period.root, period.as_quarter, at=at, progress=progress)
    return 0


def _compared(period: Period, known_until: datetime, progress):
    """Fold what waits, whose rows stay in the queue; return (computed, {cell: (folded, computed)}, what broke folding).

    The cells are those that differ.
    """
    waiting = ItemChange.objects.filter(item__year=period.year)
    touched = touched_units(waiting.values_list("pk", "unit_id", "item_id", "item__year")).get(period.year, set())
    fault = None
    try:
        with transaction.atomic():
            fold_units(period, period.revisions.get(number=0), touched, known_until)
    except (OperationalError, InterfaceError):
        raise
    except Exception as broke:
        log.exception("figures of %s cannot be folded: tree %s", period, period.root_id)
        fault = broke
    computed = compute(period, known_until, lines=True, progress=progress)
    return computed, _differences(period.revisions.get(number=0), computed), fault


def _keep(period: Period, cells: list, fault: Exception | None, verb: str, *, at: datetime) -> None:
    """Record the proof, with its differences if any; unless all agreed, tell those who close quarters at the root."""
    kept = [[*key, *values] for key, values in cells[:KEPT]]
    told = {"cells": len(cells), "first": kept, "quarter": str(period)}
    recorded = {"subject": "period", "subject_id": period.pk, "unit_id": period.root_id, "by": None, "at": at}
    if verb == PROVED:
        record(verb, **recorded, detail=told)
        return
    if fault:
        told["fault"] = type(fault).__name__
    if cells:
        log.error("figures differed: %s of tree %s, %s cells", period, period.root_id, len(cells))

    def text() -> str:
        quarter = quarter_text(period.quarter, period.year)
        return str(SAID[verb]) % {"count": number_text(len(cells)), "unit": period.root.name, "quarter": quarter}

    record(verb, **recorded, detail=told, tell=_closers(period, at), text=text, link=reverse("completion:proofs"))


def _closers(period: Period, at: datetime) -> list[Person]:
    """Return the administrators of the root and of everything, and the heads of the board that serves it."""
    serving = {"unit__appraises__serves": period.root_id, "unit__appraises__valid_to": None, "role": "head"}
    posts = Post.objects.current(at).filter(person__is_active=True).select_related("person")
    held = posts.filter(role="administrator", unit__in=[period.root_id]) | posts.filter(role="administrator", unit=None)
    return [post.person.acting_as(post) for post in [*held, *posts.filter(**serving)]]


def _differences(revision: Revision, computed) -> dict[tuple, tuple]:
    """Return {(unit, kind, counter): (folded, computed)} of every cell that differs; none when the tree has changed."""
    rows = FrozenUnit.objects.filter(revision=revision).order_by()
    paths = dict(rows.values_list("unit_id", "path"))
    if paths != {unit: place.path for unit, place in computed.tree.places.items()}:
        return {}
    own = [f"own_{name}" for name in COUNTERS]
    figures = Figure.objects.filter(place__revision=revision).order_by()
    folded = {row[:2]: row[2:] for row in figures.values_list("place__unit_id", "kind", *COUNTERS, *own)}
    full = {
        (unit, kind): (*counts, *computed.own.counts.get(unit, {}).get(kind, NOTHING))
        for unit, kinds in computed.totals.items()
        for kind, counts in kinds.items()
    }
    found = _unequal(folded, full, (*COUNTERS, *own))
    kept = FigurePart.objects.filter(place__revision=revision).order_by()
    for part in FigurePart.Part.values:
        parts = kept.filter(part=part).values_list("place__unit_id", "kind", *COUNTERS)
        anew = {(unit, kind): c for unit, kinds in getattr(computed.own, part).items() for kind, c in kinds.items()}
        found |= _unequal({row[:2]: row[2:] for row in parts}, anew, [f"{part}_{name}" for name in COUNTERS])
    papers = {(row[0], ""): row[1:] for row in rows.values_list("unit_id", *PAPERS)}
    return found | _unequal(papers, {(unit, ""): c for unit, c in computed.paper_totals.items()}, PAPERS)


def _unequal(folded: dict, full: dict, names) -> dict[tuple, tuple]:
    nothing = (0,) * len(names)
    return {
        (*key, name): (before, now)
        for key in folded.keys() | full.keys()
        if tuple(folded.get(key, nothing)) != tuple(full.get(key, nothing))
        for name, before, now in zip(names, folded.get(key, nothing), full.get(key, nothing), strict=True)
        if before != now
    }
