"""A board that ends hands on what it has open: dossiers with their clocks and marks, rounds, what it kept for its work.

The decision on the organisation has ended the board, given its people their seats, and said who appraises for whom.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import F
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import Entry, record, record_all
from models_registry.lifecycle import State
from models_registry.models import ConflictDeclaration, Dossier
from models_registry.querysets.conflicts import conflicts
from models_registry.services.handing_over import hand_over_rounds
from models_registry.services.steps import UNIT_ROLES, requeue
from organizations.models import Post, Unit
from organizations.queries import appraising_bodies_of, people_at, people_at_each
from reviews.models import (
    Absence,
    Announcement,
    Assignment,
    AssignmentRule,
    CannedRemark,
    Decision,
    Session,
    Signal,
    SignalThresholds,
)
from reviews.querysets import BOARD_ROLES
from reviews.services.deciding import tell_board
from vietnamese.display import number_text

OPEN = (State.SUBMITTED, State.UNDER_APPRAISAL, State.REVISION_REQUESTED)
BATCH = 1_000


@dataclass(slots=True)
class Succeeded:
    """How much of a board went over: open dossiers by the board that has them now, those that are back in the queue,
    prepared decisions that were dropped, rounds, and sessions without minutes."""

    cases: dict[Unit, int] = field(default_factory=lambda: defaultdict(int))
    requeued: int = 0
    dropped: int = 0
    rounds: int = 0
    sessions: int = 0


def succeed(
    old: Unit,
    heir: Unit,
    served: Sequence[Unit],
    *,
    taken: Sequence[Unit],
    since: int,
    decision: str,
    by,
    at: datetime,
) -> Succeeded:
    """Let a board take over all that one which ended has open, within the caller's transaction; returns how much.

    A dossier goes to whoever serves its unit by now, else to the heir. It keeps state, clock, marks and remarks. Whose
    hands it was in keeps it where they sit at the new board and may judge it there; else it waits in the queue anew.
    The units are told. `taken` is all it takes over by this decision, of other boards too. Some thirty queries, a few
    for each board and for each decision that is dropped.
    """
    done = Succeeded()
    cases = _hand_on(old, heir, at)
    for case in cases:
        done.cases[case.body] += 1
    reason = _("%(old)s kết thúc theo %(number)s.") % {"old": old.name, "number": decision}
    _journal(cases, old, reason, by=by, at=at)
    at_work = [case for case in cases if case.state == State.UNDER_APPRAISAL]
    kept = _seats_kept(at_work, at)
    done.dropped = _drop_decisions(at_work, kept, by=by, at=at)
    waiting = [case for case in at_work if case.pk not in kept]
    requeue(waiting, by=by, at=at, reason=reason)
    done.requeued = len(waiting)
    done.rounds = hand_over_rounds(old, heir, served, taken=taken, since=since)
    done.sessions = Session.objects.filter(body=old, papers=None).update(body=heir)
    _hand_on_habits(old, heir, at)
    _tell(cases, old, decision, by=by, at=at)
    return done


def _hand_on(old: Unit, heir: Unit, at: datetime) -> list[Dossier]:
    """Give every dossier that was sent to the old board to another; return the open ones, locked, each with its unit,
    round and new body."""
    sent = Dossier.objects.filter(body=old).exclude(state=State.DRAFT)
    found = sent.filter(state__in=OPEN).select_related("unit", "round").order_by("pk")
    cases = list(found.select_for_update(of=("self",)))
    units = Unit.objects.filter(pk__in=sent.order_by().values("unit"))
    bodies = appraising_bodies_of(units, localdate(at))
    by_body = defaultdict(list)
    for pk, body in bodies.items():
        by_body[body].append(pk)
    # An open dossier counts an edition: whoever has its page open is told that something changed.
    Dossier.objects.filter(pk__in=[case.pk for case in cases]).update(edition=F("edition") + 1, changed_at=at)
    for body, ids in by_body.items():
        for first in range(0, len(ids), BATCH):
            sent.filter(unit__in=ids[first : first + BATCH]).update(body=body)
    sent.update(body=heir)
    for case in cases:
        case.body, case.edition = bodies.get(case.unit_id, heir), case.edition + 1
    return cases


def _journal(cases: Iterable[Dossier], old: Unit, reason: str, *, by, at: datetime) -> None:
    entries = [
        Entry(
            case.pk,
            case.unit_id,
            {
                "version": case.version,
                "before": old.pk,
                "body": case.body_id,
                "reason": f"{old.name} → {case.body.name}. {reason}",
            },
        )
        for case in cases
    ]
    record_all("dossier.board_changed", entries, subject="dossier", by=by, at=at)


def _seats_kept(cases: Collection[Dossier], at: datetime) -> set[int]:
    """Release the hands of who does not sit at a dossier's new board, or may not judge it there; return the ids of the
    dossiers whose lead goes on."""
    hands = Assignment.objects.filter(dossier__in=cases, released_at=None)
    of = {case.pk: case for case in cases}
    held = defaultdict(list)
    for hand in hands.order_by("pk"):
        held[of[hand.dossier_id].body].append(hand)
    kept, gone = set(), []
    for body, mine in held.items():
        seated = {one.pk for one in people_at(body, BOARD_ROLES, at)}
        people = {hand.appraiser_id for hand in mine} & seated
        barred = conflicts(people, body=body.pk, dossiers={hand.dossier_id for hand in mine}) if people else {}
        for hand in mine:
            if hand.appraiser_id not in seated or hand.dossier_id in barred[hand.appraiser_id]:
                gone.append(hand.pk)
            elif hand.is_lead:
                kept.add(hand.dossier_id)
    Assignment.objects.filter(pk__in=gone).update(released_at=at)
    return kept


def _drop_decisions(cases: Iterable[Dossier], kept: Collection[int], *, by, at: datetime) -> int:
    """Drop what was signed and not told where the lead does not go on, or the signer heads the new board no longer;
    what stays waits to be announced there. Returns how many."""
    of, dropped = {case.pk: case for case in cases}, 0
    found = Decision.objects.prepared().filter(version__dossier__in=of).select_related("version", "by")
    for decision in found.order_by("pk"):
        case = of[decision.version.dossier_id]
        heads = Post.objects.current(at).filter(unit=case.body_id, role=Post.Role.HEAD, person=decision.by_id)
        if case.pk not in kept or not heads.exists():
            tell_board("appraisal.unprepared", case, decision, by=by, at=at, tell=[decision.by.acting_as(None)])
            decision.delete()
            dropped += 1
    return dropped


def _hand_on_habits(old: Unit, heir: Unit, at: datetime) -> None:
    """Hand on what the old board kept for its work: what is planned, declared, asked and agreed there."""
    for planned in Announcement.objects.filter(body=old, began_at=None):
        record("announcement.called_off", subject="announcement", subject_id=planned.pk, by=None, at=at)
        planned.delete()
    seated = [one.pk for one in people_at(heir, BOARD_ROLES, at)]
    AssignmentRule.objects.filter(body=old).exclude(appraiser__in=seated).delete()
    AssignmentRule.objects.filter(body=old).update(body=heir)
    Absence.objects.filter(body=old, person__in=seated).update(body=heir)
    ConflictDeclaration.objects.standing().filter(body=old).update(body=heir)
    texts = CannedRemark.objects.filter(body=heir).values("text")
    CannedRemark.objects.filter(body=old).exclude(text__in=list(texts.values_list("text", flat=True))).update(body=heir)
    asked = set(Signal.objects.filter(body=heir).values_list("kind", "key"))
    open_ones = Signal.objects.filter(body=old).open().values_list("pk", "kind", "key")
    Signal.objects.filter(pk__in=[pk for pk, *key in open_ones if tuple(key) not in asked]).update(body=heir)
    if not SignalThresholds.objects.filter(body=heir).exists():
        SignalThresholds.objects.filter(body=old).update(body=heir)


def _tell(cases: Iterable[Dossier], old: Unit, decision: str, *, by, at: datetime) -> None:
    """Tell the units who appraises what they sent from now on, once each, and the heads of the boards how much came."""
    came: dict[Unit, list[Dossier]] = defaultdict(list)
    for case in cases:
        came[case.body].append(case)
    people = people_at_each({case.unit_id for case in cases}, UNIT_ROLES, at)
    for body, mine in came.items():
        words = {"old": old.name, "new": body.name, "number": decision, "count": number_text(len(mine))}
        units = {case.unit_id: case for case in reversed(mine)}
        entries = [
            Entry(
                unit,
                unit,
                {"before": old.pk, "body": body.pk},
                tell=people[unit],
                text=lambda words=words: (
                    _("%(new)s thẩm định hồ sơ của đơn vị thay %(old)s theo %(number)s; không phải gửi lại.") % words
                ),
                link=reverse("models_registry:dossier", args=[case.pk]),
            )
            for unit, case in sorted(units.items())
        ]
        record_all("unit.board_changed", entries, subject="unit", by=by, at=at)
        record(
            "board.succeeded",
            subject="unit",
            subject_id=body.pk,
            unit_id=body.pk,
            by=by,
            at=at,
            detail={"before": old.pk, "dossiers": len(mine), "decision": decision},
            tell=people_at(body, (Post.Role.HEAD,), at),
            text=lambda words=words: (
                _("%(new)s nhận %(count)s hồ sơ đang thẩm định của %(old)s theo %(number)s.") % words
            ),
            link=reverse("reviews:queue"),
        )
