"""Every change of a dossier's state: one function, one lock, one row of the table of moves."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime

from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils.translation import gettext_lazy

from journal.models import Event, Told
from journal.questions import Among, Blank, Change
from journal.services import Entry, record_all
from models_registry import gate
from models_registry.lifecycle import MOVES, State, Step
from models_registry.models import Dossier
from models_registry.queries.in_sight import locked_in_sight
from models_registry.querysets.conflicts import barred_among, unbarred
from models_registry.services.effects import EFFECTS, send_back
from models_registry.services.turns import pass_on
from organizations.queries import people_at, people_at_each

UNIT_ROLES = ("secretary", "deputy")
# What a step may change of a dossier itself, beside its edition, which it counts.
MOVED = {
    field.attname: field
    for field in map(
        Dossier._meta.get_field,
        ("state", "version", "body", "changed_at", "submitted_at", "submitted_by", "decided_at", "due_on"),
    )
}


@transaction.atomic
def take_step(dossier_id: int, step: str, *, by, **how) -> Dossier:
    """Move one dossier one step and record it; the row stays locked until commit. `how` as in `advance`.

    Raises Dossier.DoesNotExist (out of sight), and what `advance` raises, and then changes nothing.
    """
    return advance(locked(dossier_id, by), step, by=by, **how)


def locked(dossier_id: int, by, *, asked_later: bool = False) -> Dossier:
    """Return the dossier within sight, locked until commit, with its unit, round and body; one query, two for a board.

    Raises Dossier.DoesNotExist; not for a conflict of interest where the caller asks of it under the lock.
    """
    found = locked_in_sight(by, dossier_id, asked_later=asked_later)
    if found is None:
        raise Dossier.DoesNotExist
    return found


def advance(
    dossier: Dossier,
    step: str,
    *,
    by,
    at: datetime,
    reason: str = "",
    edition: int | None = None,
    remarks: Mapping[str, str] | None = None,
    due_on: date | None = None,
    also_tell: Iterable = (),
    on_behalf_of=None,
) -> Dossier:
    """Move a dossier this transaction has `locked` one step and record it.

    `edition` is the one the person saw: another means the page is stale. A return pins `remarks` ({place: text}, "" for
    the whole; without any the reason is about the whole) to the version that was read, opens those places alone, and
    is answered by `due_on` (10 working days without it). Whoever holds the unit's secretary post is told of what the
    board did, and `also_tell`.

    Raises PermissionDenied, gate.StepNotOpen or ValidationError; the transaction must then be given up.
    """
    also_tell = list(also_tell)
    barred = barred_among([by, *also_tell], dossier) if also_tell or MOVES[step].four_eyes else ()
    _check(dossier, step, by=by, reason=reason, barred=barred)
    if edition is not None and edition != dossier.edition:
        raise gate.StepNotOpen(dossier, step, MOVES)
    if step == Step.REQUEST_REVISION:
        send_back(dossier, by=by, at=at, remarks=remarks or {}, reason=reason, due_on=due_on)
    told = {dossier.pk: [one for one in also_tell if one.pk not in barred]}
    _move([dossier], step, by=by, at=at, reason=reason, also_tell=told, due_on=due_on, on_behalf_of=on_behalf_of)
    return dossier


def advance_all(
    dossiers: Sequence[Dossier],
    step: str,
    *,
    by,
    at: datetime,
    reason: str = "",
    also_tell: Mapping[int, Collection],
    barred: Mapping[int, Collection[int]],
) -> None:
    """Move dossiers this transaction has locked one step each, as `advance` does, and write each table once for all.

    Of each, by its id: whom else to tell, and who of them and of `by` may not judge it, as asked under the lock.
    Raises what `advance` raises for the first that may not move; the transaction must then be given up.
    """
    for dossier in dossiers:
        _check(dossier, step, by=by, reason=reason, barred=barred[dossier.pk])
    told = {pk: [one for one in people if one.pk not in barred[pk]] for pk, people in also_tell.items()}
    _move(dossiers, step, by=by, at=at, reason=reason, also_tell=told)


def requeue(dossiers: Sequence[Dossier], *, by, at: datetime, reason: str) -> None:
    """Put dossiers this transaction has locked back into the queue of a board that follows one that ended.

    Nobody of the board takes this step: the decision on it does, and its service has asked who may. Raises StepNotOpen.
    """
    for dossier in dossiers:
        if dossier.state not in MOVES[Step.GIVE_BACK].sources:
            raise gate.StepNotOpen(dossier, Step.GIVE_BACK, MOVES)
    _move(dossiers, Step.GIVE_BACK, by=by, at=at, reason=reason, also_tell=defaultdict(list))


def _check(dossier: Dossier, step: str, *, by, reason: str, barred: Collection[int]) -> None:
    conflicted = MOVES[step].four_eyes and by.pk in barred
    gate.check(dossier, step, MOVES, by=by, reason=reason, conflicted=conflicted)


def _move(dossiers, step: str, *, by, at: datetime, reason: str, also_tell, due_on=None, on_behalf_of=None) -> None:
    """Move dossiers that were checked; seven queries and those of the step's effect, however many."""
    before = {dossier.pk: _columns(dossier) for dossier in dossiers}
    details = EFFECTS[step](dossiers, by=by, at=at) if step in EFFECTS else {}
    target = MOVES[step].target
    pass_on(dossiers, target, at=at, due_on=due_on)
    for dossier in dossiers:
        dossier.state = target
        dossier.changed_at = at
        dossier.edition += 1
    _save(dossiers, before)
    told = _told_of(dossiers, step, at)
    entries = [
        Entry(
            dossier.pk,
            dossier.unit_id,
            {"version": dossier.version, "edition": dossier.edition, "reason": reason.strip()}
            | (details.get(dossier.pk) or {}),
            tell=[*told[dossier.pk], *also_tell[dossier.pk]],
            text=lambda title=dossier.title: f"{_said_of(step, target)}: {title}",
            link=reverse("models_registry:dossier", args=[dossier.pk]),
        )
        for dossier in dossiers
    ]
    kind = KIND.get(step, "")
    record_all(f"dossier.{step}", entries, subject="dossier", by=by, at=at, on_behalf_of=on_behalf_of, kind=kind)


def _columns(dossier: Dossier) -> dict:
    return {name: getattr(dossier, name) for name in MOVED}


def _save(dossiers: Sequence[Dossier], before: Mapping[int, dict]) -> None:
    """Write what changed of dossiers since `before`; one query for all that changed alike."""
    alike = defaultdict(list)
    for dossier in dossiers:
        changed = {name: value for name, value in _columns(dossier).items() if value != before[dossier.pk][name]}
        alike[tuple(changed.items())].append(dossier.pk)
    for changed, pks in alike.items():
        _changed(*(name for name, _value in changed), dossiers=pks, **dict(changed))


@Change
def _changed(*names):
    told = {MOVED[name].name: Blank(name, MOVED[name]) for name in names}
    return Dossier.objects.filter(Among("pk", "dossiers")), told | {"edition": F("edition") + 1}


def _told_of(dossiers: Sequence[Dossier], step: str, at: datetime) -> dict[int, list]:
    """Return {dossier id: the unit's people for what the board did, for an answer who of the board had asked}."""
    if step in TOLD:
        people = people_at_each({dossier.unit_id for dossier in dossiers}, UNIT_ROLES, at)
        return {dossier.pk: people[dossier.unit_id] for dossier in dossiers}
    answers = step == Step.SUBMIT
    return {dossier.pk: _askers(dossier, at) if answers and dossier.version > 1 else [] for dossier in dossiers}


def _askers(dossier: Dossier, at: datetime) -> list:
    asked = Event.objects.filter(subject="dossier", subject_id=dossier.pk, verb=f"dossier.{Step.REQUEST_REVISION}")
    asker = asked.order_by("-id").values_list("actor", flat=True).first()
    asked_by = [person for person in people_at(dossier.body, ("appraiser", "head"), at) if person.pk == asker]
    return unbarred(asked_by, dossier)


def _said_of(step: str, target: str) -> str:
    return SAID[step] if step in SAID else State(target).label


# What the unit's people are told of, and as which kind.
TOLD = {
    Step.REQUEST_REVISION: Told.RETURNED,
    Step.APPROVE: Told.DECIDED,
    Step.REJECT: Told.DECIDED,
    Step.REOPEN: Told.DECIDED,
}
SAID = {Step.SUBMIT: gettext_lazy("Đã bổ sung và gửi lại"), Step.REOPEN: gettext_lazy("Mở lại để thẩm định")}
KIND = TOLD | {Step.SUBMIT: Told.ANSWERED}
