"""Decisions confirmed before their day: kept as they were shown, taken back or replaced until then, and carried out on
it by the same service as any other (docs/adr/0025-a-plan-is-carried-out-or-asks.md)."""

import logging
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import get_language, override
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import PlannedReorganisation, Post, Unit
from organizations.permissions import Action, may
from organizations.queries import people_at
from organizations.services.units import require_reach
from progress.services.boards import ENDING
from progress.services.depending import in_order, plans_before, play, refuse_orphans
from progress.services.foretelling import tell_of
from progress.services.plans import Outcome, Plan, asked_by, plan_of
from progress.services.reorganising import Moved, carry_out, is_ahead, rehearse, reorganise
from vietnamese.display import day_text

log = logging.getLogger(__name__)
State = PlannedReorganisation.State


@transaction.atomic
def keep_plan(
    plan: Plan, *, by, at: datetime, seen: str | None = None, instead_of: int | None = None
) -> PlannedReorganisation:
    """Keep a decision until its day, with what was shown of it; whoever it concerns is told beforehand.

    `seen` is the seal of the rehearsal that was confirmed, `instead_of` a plan that this one replaces. Raises
    PermissionDenied, ValidationError or Moved, and then changes nothing.
    """
    replaced = _ended(instead_of, State.REPLACED, instead=plan, by=by, at=at) if instead_of else None
    outcome = rehearsed_beside(plan, by=by, at=at)
    if seen is not None and seen != outcome.seal:
        raise Moved(outcome)
    decision = plan.decision
    made = PlannedReorganisation.objects.create(
        kind=decision.kind,
        number=decision.number.strip(),
        decided_on=decision.decided_on,
        effective_on=decision.effective_on,
        note=decision.note.strip(),
        asked=asked_by(plan),
        shown=shown_of(outcome),
        language=get_language() or "vi",
        made_at=at,
        made_by=by,
        post_id=by.post.pk,
    )
    made.units.set(plan.named)
    detail = {"plan": made.pk, "decision": made.number, "on": made.effective_on.isoformat()}
    if replaced:
        detail["instead_of"] = replaced.pk
    _record("reorganisation.planned", made, by=by, at=at, detail=detail)
    tell_of(plan, outcome, by=by, at=at, planned=made.pk)
    return made


def rehearsed_beside(plan: Plan, *, by, at: datetime, instead_of: int | None = None) -> Outcome:
    """Return what a plan would do on its day, after the waiting plans that come before it; refused where another one
    ends one of its units."""
    ids = [unit.pk for unit in plan.units]
    others = PlannedReorganisation.objects.waiting().filter(units__in=ids).exclude(pk=instead_of).distinct()
    for other in others.order_by("effective_on", "id"):
        both = set(other.asked["units"]) & set(ids)
        if both and (other.kind in ENDING or plan.decision.kind in ENDING):
            first = next(unit for unit in plan.units if unit.pk in both)
            words = {"unit": first, "number": other.number, "day": day_text(other.effective_on)}
            said = _("%(unit)s đã có kế hoạch theo %(number)s từ %(day)s. Hãy thay hoặc rút kế hoạch đó trước.")
            raise ValidationError({"units": said % words})
    if not is_ahead(plan, at):
        return rehearse(plan, by=by, at=at)
    before = plans_before(plan, but=instead_of)
    return rehearse(plan, by=by, at=at, first=lambda: play(before, carry_out, plan_of, _confirmer, at=at))


@transaction.atomic
def withdraw_plan(pk: int, *, by, at: datetime) -> PlannedReorganisation:
    """Take back a plan before it is carried out; those who were told of it are told so.

    Raises PlannedReorganisation.DoesNotExist, PermissionDenied, or ValidationError once it is over.
    """
    planned = _ended(pk, State.WITHDRAWN, by=by, at=at)
    detail = {"plan": planned.pk, "decision": planned.number}
    heard = Post.objects.filter(Q(pk__in=planned.shown["told"]) | Q(unit__in=planned.shown["concerned"]))
    people = {post.person_id: post.person for post in heard.lasting(at).select_related("person").order_by("pk")}
    _record(
        "reorganisation.withdrawn", planned, by=by, at=at, detail=detail, tell=people.values(),
        text=lambda: _("Quyết định %(number)s không thực hiện từ %(day)s nữa: kế hoạch đã được rút lại.")
        % {"number": planned.number, "day": day_text(planned.effective_on)},
    )  # fmt: skip
    return planned


@transaction.atomic
def reorganise_instead(plan: Plan, *, by, at: datetime, seen: str, instead_of: int | None) -> Outcome:
    """Carry out a decision whose day has come, in place of the plan that was stopped on it, if there is one."""
    if instead_of:
        _ended(instead_of, State.REPLACED, instead=plan, by=by, at=at)
    return reorganise(plan, by=by, at=at, seen=seen)


def carry_out_due(*, at: datetime) -> int:
    """Carry out the plans whose day has come, in the order of their days and of what each builds on, each in a
    transaction of its own; returns how many. Whatever is left by a kill, or by an error of one, the next run finds
    waiting."""
    done = 0
    for planned in in_order(PlannedReorganisation.objects.due(localdate(at))):
        try:
            done += carry_out_planned(planned.pk, at=at)
        except Exception:
            log.exception("plan %s failed", planned.pk)
    return done


@transaction.atomic
def carry_out_planned(pk: int, *, at: datetime) -> bool:
    """Carry out a plan under whoever confirmed it, and tell that person what its day found otherwise.

    What has become impossible (a unit has ended, a role no longer reaches it) stops it, and somebody is asked. Returns
    whether it was carried out by this call; a second worker finds it over.
    """
    locked = PlannedReorganisation.objects.select_for_update(of=("self",)).filter(pk=pk, state=State.WAITING)
    planned = locked.select_related("made_by", "post__unit").first()
    if planned is None or planned.effective_on > localdate(at):
        return False
    by, outcome = _confirmer(planned, at), Outcome()
    with override(planned.language):
        try:
            with transaction.atomic():
                plan = plan_of(planned)
                if by.post is None:
                    raise PermissionDenied
                carry_out(plan, outcome, by=by, at=at)
                tell_of(plan, outcome, by=by, at=at)
        except (PermissionDenied, ValidationError, Unit.DoesNotExist, KeyError) as refused:
            _stop(planned, refused, at=at)
            return False
        _finish(planned, outcome, by=by, at=at)
    return True


def _confirmer(planned: PlannedReorganisation, at: datetime):
    held = planned.post is not None and planned.post.is_current(at) and planned.made_by.is_active
    return planned.made_by.acting_as(planned.post if held else None)


def _finish(planned: PlannedReorganisation, outcome: Outcome, *, by, at: datetime) -> None:
    planned.differed = difference(planned.shown, shown_of(outcome))
    planned.state, planned.ended_at, planned.ended_by = State.DONE, at, by
    planned.reorganisation = outcome.made
    planned.save(update_fields=["differed", "state", "ended_at", "ended_by", "reorganisation"])
    differed = bool(planned.differed)
    _record(
        "reorganisation.carried_out", planned, by=None, at=at, tell=[by],
        detail={"plan": planned.pk, "decision": planned.number, "differed": len(planned.differed)},
        text=lambda: (
            _("Đã thực hiện quyết định %(number)s. Có điểm khác với lúc bạn xác nhận, hãy xem lại.")
            if differed
            else _("Đã thực hiện quyết định %(number)s đúng như lúc bạn xác nhận.")
        ) % {"number": planned.number},
    )  # fmt: skip


def _stop(planned: PlannedReorganisation, refused: Exception, *, at: datetime) -> None:
    """Let a plan that cannot be carried out wait for somebody's decision, and ask who entered it and who could."""
    said = refused.messages if isinstance(refused, ValidationError) else []
    ended = _("Vai trò quản trị của người xác nhận đã kết thúc, hoặc không còn gồm các đơn vị này.")
    planned.stopped_because = " ".join(said) or ended
    planned.state, planned.ended_at = State.STOPPED, at
    planned.save(update_fields=["stopped_because", "state", "ended_at"])
    asked = {planned.made_by_id: planned.made_by.acting_as(None)}
    if planned.post and planned.post.unit_id:
        asked |= {one.pk: one for one in people_at(planned.post.unit_id, (Post.Role.ADMINISTRATOR,), at)}
    _record(
        "reorganisation.stopped", planned, by=None, at=at, detail={"plan": planned.pk, "decision": planned.number},
        tell=asked.values(),
        text=lambda: _("Chưa thực hiện được quyết định %(number)s: %(why)s")
        % {"number": planned.number, "why": planned.stopped_because},
    )  # fmt: skip


def _ended(pk: int, state: str, *, instead: Plan | None = None, by, at: datetime) -> PlannedReorganisation:
    if not may(by, Action.MANAGE_UNITS):
        raise PermissionDenied
    planned = PlannedReorganisation.objects.visible_to(by).select_for_update(of=("self",)).get(pk=pk)
    require_reach(by, *Unit.objects.filter(pk__in=planned.asked["units"]))
    if planned.state not in (State.WAITING, State.STOPPED):
        raise ValidationError(_("Kế hoạch này đã kết thúc: %(state)s.") % {"state": planned.get_state_display()})
    refuse_orphans(planned, instead)
    planned.state, planned.ended_at, planned.ended_by = state, at, by
    planned.save(update_fields=["state", "ended_at", "ended_by"])
    return planned


def _record(verb: str, planned: PlannedReorganisation, **told) -> None:
    """Record what happened to a plan at the first unit it changes; whoever is told is led to its page."""
    unit, link = planned.asked["units"][0], reverse("progress:planned", args=[planned.pk])
    record(verb, subject="unit", subject_id=unit, unit_id=unit, link=link, **told)


def shown_of(outcome: Outcome) -> dict:
    """Return what is kept of a rehearsal: `parts` for whoever is concerned, `seats` with people's names, the tree, and
    which posts and units were told."""
    told = [post.pk for post, _role, _unit in outcome.ended]
    parts = [[str(head), [str(line) for line in lines]] for head, lines in outcome.parts]
    concerned = [unit.pk for unit, _kind in outcome.concerned]
    tree = {"before": outcome.before, "after": outcome.after}
    return {"parts": parts, "seats": outcome.seats, "told": told, "concerned": concerned, **tree}


def difference(shown: dict, done: dict) -> list[list]:
    """Return [head, lines shown, lines done] of what was done otherwise than it had been shown; people under ""."""
    found = []
    before, after = dict(shown["parts"]), dict(done["parts"])
    for head in dict.fromkeys([*before, *after]):
        if before.get(head) != after.get(head):
            found.append([head, before.get(head, []), after.get(head, [])])
    gone, come = set(shown["seats"]) - set(done["seats"]), set(done["seats"]) - set(shown["seats"])
    return [*found, *([["", sorted(gone), sorted(come)]] if gone or come else [])]
