"""Telling prepared decisions: together, at once or when the instant set for it has come.

Each is told in a transaction of its own, so that pages go on meanwhile; all of them carry one instant. Begun anew after
a kill it tells the rest, run twice it tells nothing twice.
"""

from collections import Counter
from collections.abc import Callable, Collection
from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from models_registry.gate import StepNotOpen
from models_registry.lifecycle import State
from models_registry.models import Dossier
from models_registry.querysets.conflicts import unbarred
from models_registry.services.steps import advance, locked
from organizations.models import Post
from organizations.permissions import Action, may
from organizations.queries import people_at
from reviews.models import Announcement, Decision
from reviews.queries.appraisal import holding_of
from reviews.services.deciding import STEP, tell_board
from reviews.services.holding import holder, release_all


@transaction.atomic
def plan_announcement(decision_ids: Collection[int], *, due_at: datetime, by, at: datetime) -> Announcement:
    """Set prepared decisions of the own board to be told together, at `due_at` or (not after `at`) as soon as may be.

    One that waited for another announcement leaves it. Raises PermissionDenied, and ValidationError for none.
    """
    _heads_only(by)
    chosen = Decision.objects.visible_to(by).waiting().filter(pk__in=decision_ids)
    chosen = list(chosen.select_for_update(of=("self",)).values_list("pk", flat=True))
    if not chosen:
        raise ValidationError(_("Hãy chọn ít nhất một quyết định còn chờ công bố."))
    made = Announcement.objects.create(body=by.post.unit, by=by, post=by.post, made_at=at, due_at=max(due_at, at))
    Decision.objects.filter(pk__in=chosen).update(announcement=made)
    detail = {"due_at": made.due_at.isoformat(), "decisions": chosen}
    record("announcement.planned", subject="announcement", subject_id=made.pk, by=by, at=at, detail=detail)
    return made


@transaction.atomic
def call_off(announcement_id: int, *, by, at: datetime) -> None:
    """Give up an announcement that has not begun; its decisions stay prepared.

    Raises PermissionDenied, Announcement.DoesNotExist, and ValidationError once it has begun.
    """
    _heads_only(by)
    planned = Announcement.objects.visible_to(by).select_for_update(of=("self",)).get(pk=announcement_id)
    if planned.began_at is not None:
        raise ValidationError(_("Việc công bố đã bắt đầu nên không hủy được nữa."))
    record("announcement.called_off", subject="announcement", subject_id=planned.pk, by=by, at=at)
    planned.delete()


def _heads_only(by) -> None:
    if not may(by, Action.DECIDE):
        raise PermissionDenied


def announce(
    announcement_id: int, *, at: datetime, on_step: Callable[[int, int], None] = lambda done, total: None
) -> tuple[int, int]:
    """Tell what is left of an announcement that is due; return (told, held up) of this run.

    A decision that cannot be told, because its dossier has moved or a work's day has passed or the announcer may no
    longer decide, is held up: it leaves the announcement and who made it reads why.
    """
    planned = _begin(announcement_id, at=at)
    if planned is None:
        return 0, 0
    left = list(planned.decisions.prepared().order_by("pk").values_list("pk", flat=True))
    posts = Post.objects.current(at).filter(pk=planned.post_id, person__is_active=True)
    by = planned.by.acting_as(posts.select_related("unit").first())
    results = Counter()
    for number, pk in enumerate(left, start=1):
        results[announce_one(pk, by=by, at=planned.began_at)] += 1
        on_step(number, len(left))
    Announcement.objects.filter(pk=planned.pk, ended_at=None).update(ended_at=at)
    return results[True], results[False]


def _begin(announcement_id: int, *, at: datetime) -> Announcement | None:
    """Give a due announcement its instant, once; None when it is over, called off or not due yet."""
    due = Announcement.objects.unfinished().filter(pk=announcement_id, due_at__lte=at)
    due.filter(began_at=None).update(began_at=at)
    return due.select_related("by").first()


def announce_one(decision_id: int, *, by, at: datetime) -> bool | None:
    """Tell one prepared decision and move its dossier; False when it was held up, None when another was faster."""
    try:
        with transaction.atomic():
            return _tell(decision_id, by=by, at=at)
    except (Dossier.DoesNotExist, PermissionDenied, StepNotOpen, ValidationError) as refused:
        _hold_up(decision_id, refused, at=at)
        return False


def _tell(decision_id: int, *, by, at: datetime) -> bool | None:
    decision = Decision.objects.prepared().filter(pk=decision_id).select_related("version", "by").first()
    if decision is None:
        return None
    dossier = locked(decision.version.dossier_id, by)
    # Taken back, or told by another, while this waited for the lock?
    if not Decision.objects.prepared().filter(pk=decision_id).update(announced_at=at):
        return None
    told = {person.pk: person for person in (*holder(holding_of(dossier.pk)), decision.by)}
    advance(dossier, STEP[decision.outcome], by=by, at=at, reason=decision.reason, also_tell=told.values())
    release_all([dossier], at)
    return True


@transaction.atomic
def _hold_up(decision_id: int, refused: Exception | None, *, at: datetime) -> None:
    """Take a decision out of its announcement and tell who made it why; without a dossier to decide it lapses."""
    decision = Decision.objects.prepared().filter(pk=decision_id).select_related("version__dossier__body", "by").first()
    if decision is None:
        return
    dossier = decision.version.dossier
    why = _why(refused, dossier)
    heads = unbarred([decision.by], dossier) or people_at(dossier.body, ("head",), at)
    tell_board("appraisal.held_up", dossier, decision, by=None, at=at, reason=why, tell=heads)
    if dossier.state == State.UNDER_APPRAISAL:
        Decision.objects.filter(pk=decision_id).update(announcement=None)
    else:
        decision.delete()


def _why(refused: Exception | None, dossier: Dossier) -> str:
    if dossier.state != State.UNDER_APPRAISAL:
        return _("Hồ sơ đang ở trạng thái “%(state)s”.") % {"state": dossier.get_state_display()}
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    return _("Người công bố không còn quyền quyết định hồ sơ này.")


def drop_lapsed(*, at: datetime) -> int:
    """Drop prepared decisions on dossiers their units have withdrawn since; return how many. One query for none."""
    lapsed = Decision.objects.prepared().exclude(version__dossier__state=State.UNDER_APPRAISAL)
    pks = list(lapsed.values_list("pk", flat=True))
    for pk in pks:
        _hold_up(pk, None, at=at)
    return len(pks)
