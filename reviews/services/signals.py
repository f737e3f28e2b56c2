"""Keeping the signals that were found, and answering them. What finds them is the task of whoever owns the facts."""

from collections.abc import Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.lifecycle import Reason
from organizations.permissions import Action, may
from reviews.models import Signal, SignalAnswer, SignalPart, SignalThresholds
from reviews.signals import Found

SHORTEST = Reason.REQUIRED.value


@transaction.atomic
def keep_signals(body_id: int, kind: str, found: Collection[Found], *, about: dict, at: datetime) -> int:
    """Make the kept signals of one kind say what was found just now; returns how many are newly asked.

    `about` are the filters of what was looked through (a year, some dossiers): what is kept there and was not found
    again has ended. One that was answered is asked anew only with something new in it. Run twice, it changes nothing.
    """
    looked = Signal.objects.filter(body=body_id, kind=kind)
    kept = {one.key: one for one in looked.filter(**about) | looked.filter(key__in=[one.key for one in found])}
    asked = 0
    for one in found:
        signal = kept.pop(one.key, None)
        asked += _begin(body_id, one, at) if signal is None else _go_on(signal, one, at)
    gone = [one.pk for one in kept.values() if one.ended_at is None]
    Signal.objects.filter(pk__in=gone).update(ended_at=at)
    return asked


def _begin(body_id: int, one: Found, at: datetime) -> bool:
    signal = Signal.objects.create(
        body_id=body_id,
        unit_id=one.unit,
        kind=one.kind,
        key=one.key,
        year=one.year,
        dossier_id=one.dossier,
        person_id=one.person,
        facts=one.facts,
        found_at=at,
    )
    _add_parts(signal, one)
    return True


def _go_on(signal: Signal, one: Found, at: datetime) -> bool:
    before = set(signal.parts.values_list("key", flat=True))
    now = {part.key for part in one.parts}
    fresh = bool(now - before)
    if before != now:
        signal.parts.exclude(key__in=now).delete()
        _add_parts(signal, one, known=before)
    if before != now or signal.ended_at or signal.facts != one.facts:
        signal.facts, signal.ended_at, signal.person_id = one.facts, None, one.person
        signal.year, signal.dossier_id = one.year, one.dossier
        if fresh:
            signal.found_at, signal.answered_at = at, None
        signal.save()
    return fresh


def _add_parts(signal: Signal, one: Found, known: Collection[str] = ()) -> None:
    SignalPart.objects.bulk_create(
        SignalPart(
            signal=signal,
            key=part.key,
            item_id=part.item,
            dossier_id=part.dossier,
            mine_id=part.mine,
            theirs_id=part.theirs,
            note=part.note[:200],
            at=part.at,
        )
        for part in one.parts
        if part.key not in known
    )


@transaction.atomic
def answer_signal(signal_id: int, *, note: str, by, at: datetime) -> SignalAnswer:
    """Say what was found when looking into a signal; it is not asked again until something new joins it.

    Raises Signal.DoesNotExist (also about a unit one belongs to), PermissionDenied (about oneself) or ValidationError,
    and then changes nothing.
    """
    signal = Signal.objects.visible_to(by).select_for_update(of=("self",)).get(pk=signal_id)
    if not may_answer(by, signal):
        raise PermissionDenied
    note = note.strip()
    if len(note) < SHORTEST:
        raise ValidationError({"note": _("Hãy ghi đã xem thế nào, ít nhất %(count)d ký tự.") % {"count": SHORTEST}})
    answer = SignalAnswer.objects.create(signal=signal, note=note, by=by, at=at)
    signal.answered_at = at
    signal.save(update_fields=["answered_at"])
    record(
        "signal.answered",
        subject="signal",
        subject_id=signal.pk,
        unit_id=signal.unit_id,
        by=by,
        at=at,
        detail={"kind": signal.kind, "dossier": signal.dossier_id, "reason": note},
    )
    return answer


def may_answer(user, signal: Signal) -> bool:
    """Whether this person may answer a signal within sight: nobody does about their own acts. No query."""
    return may(user, Action.APPRAISE) and signal.person_id != user.pk


def thresholds_of(body_id: int) -> SignalThresholds:
    """Return from when on a board is asked: its own row, or the defaults; one query."""
    return SignalThresholds.objects.filter(body=body_id).first() or SignalThresholds(body_id=body_id)


@transaction.atomic
def set_thresholds(given: dict, *, by, at: datetime) -> SignalThresholds:
    """Change from when on the own board is asked; the next look goes by it. Raises PermissionDenied."""
    if not may(by, Action.RUN_ROUNDS):
        raise PermissionDenied
    body = by.post.unit_id
    before = thresholds_of(body)
    changed = {name: [getattr(before, name), value] for name, value in given.items() if getattr(before, name) != value}
    row, _made = SignalThresholds.objects.update_or_create(body_id=body, defaults=given)
    if changed:
        record("signal.thresholds", subject="unit", subject_id=body, unit_id=body, by=by, at=at, detail=changed)
    return row
