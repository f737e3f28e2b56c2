"""One act on many dossiers: rehearsed without writing, then done line by line through the same services.

The rehearsal asks the same refusals of dossiers loaded together. The run does only what the rehearsal promised: each
line with the edition and the proposal that were seen, so that what has changed since is explained and not forced. An
act that can locks some dossiers at a time, asks of each what it would ask of it alone, and writes what is left of them
together; where that fails, each is done alone, so that no line harms another. Begun anew after a kill it does the rest;
run twice it does nothing twice.
"""

import logging
from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.jobs import start_job
from journal.services import part_of, record
from models_registry.gate import StepNotOpen
from models_registry.models import Criterion, Dossier
from models_registry.services.effects import late_works
from organizations.permissions import may
from reviews.models import Bulk, BulkLine
from reviews.services.acts import ACTS, REFUSALS, Act
from reviews.services.cases import Case, ProposalChanged, cases_of
from reviews.services.holding import DecisionPrepared, HeldByAnother
from reviews.words import what_is_prepared, what_is_proposed_now, who_holds, who_was_faster

log = logging.getLogger(__name__)
MOST = 1000  # dossiers of one bulk
GOOD_FOR = timedelta(hours=12)  # a rehearsal older than this is made anew
Outcome = BulkLine.Outcome


def acts_for(user) -> list[tuple[str, str]]:
    """Return (name, label) of the acts the post one acts in carries."""
    return [(name, act.label) for name, act in ACTS.items() if may(user, act.action)]


@transaction.atomic
def rehearse(dossier_ids: Iterable[int], act: str, given: Mapping, *, by, at: datetime) -> Bulk:
    """Write down what would come of an act on these dossiers, and change none; out of sight is left out.

    Raises PermissionDenied, and ValidationError for none or too many. Eight queries however many, and at most
    four for each the head judged alone.
    """
    wanted = ACTS[act]
    if not may(by, wanted.action):
        raise PermissionDenied
    seen = Dossier.objects.visible_to(by).select_related("unit", "round", "body").filter(pk__in=list(dossier_ids))
    dossiers = list(seen.order_by("submitted_at", "pk")[: MOST + 1])
    if not dossiers or len(dossiers) > MOST:
        told = _("Mỗi lần làm được từ 1 đến %(most)d hồ sơ. Hãy chọn hoặc lọc lại.") % {"most": MOST}
        raise ValidationError(told)
    given = _with_criteria(given, by) if "codes" in wanted.needs else dict(given)
    bulk = Bulk.objects.create(body=by.post.unit, by=by, post=by.post, act=act, given=given, rehearsed_at=at)
    cases = cases_of(dossiers, late_works([one.pk for one in dossiers], localdate(at)))
    lines = [_rehearsed(bulk, cases[one.pk], wanted, by) for one in dossiers]
    ready = [line for line in lines if line.outcome == Outcome.READY]
    left = wanted.together([line.dossier for line in ready], bulk.given, at)
    for line in ready:
        if told := left.get(line.dossier_id):
            line.outcome, line.why = Outcome.REFUSED, told
    BulkLine.objects.bulk_create(lines)
    return bulk


def _rehearsed(bulk: Bulk, case: Case, act: Act, by) -> BulkLine:
    line = BulkLine(bulk=bulk, dossier=case.dossier, edition=case.dossier.edition, outcome=Outcome.READY)
    line.proposed_at = case.holding.proposed_at if case.holding else None
    try:
        act.refuse(case, by, bulk.given)
    except REFUSALS as refused:
        line.outcome, line.why = Outcome.REFUSED, why(refused, case.dossier)
    return line


def _with_criteria(given: Mapping, by) -> dict:
    """Return what was given with the criteria the chosen codes name, {criterion set: [ids]}; one query."""
    of_board = Criterion.objects.filter(criterion_set__owner=by.post.unit_id, code__in=given["codes"])
    criteria: dict[str, list[int]] = {}
    for pk, chosen in of_board.values_list("pk", "criterion_set"):
        criteria.setdefault(str(chosen), []).append(pk)
    return dict(given) | {"criteria": criteria}


@transaction.atomic
def confirm(bulk_id: int, *, by, at: datetime) -> Bulk:
    """Start the job of a rehearsed bulk, once; for who rehearsed it, while the rehearsal is fresh.

    Raises Bulk.DoesNotExist, PermissionDenied, and ValidationError when it is stale or nothing of it can be done.
    """
    bulk = Bulk.objects.visible_to(by).select_for_update(of=("self",)).get(pk=bulk_id)
    if bulk.by_id != by.pk or not may(by, ACTS[bulk.act].action):
        raise PermissionDenied
    if bulk.confirmed_at is not None:
        return bulk
    ready = bulk.lines.filter(outcome=Outcome.READY).count()
    if not ready or at - bulk.rehearsed_at > GOOD_FOR:
        raise ValidationError(_("Lần xem trước này đã cũ hoặc không còn gì để làm. Hãy chọn và xem trước lại."))
    told = {"act": ACTS[bulk.act].label, "count": ready}
    bulk.confirmed_at = at
    bulk.job = start_job(
        "reviews.tasks.run_bulk",
        title=_("%(act)s: %(count)d hồ sơ") % told,
        arguments={"bulk": bulk.pk, "post": by.post.pk},
        owner=by,
        at=at,
    )
    bulk.save(update_fields=["confirmed_at", "job"])
    record("bulk.confirmed", subject="bulk", subject_id=bulk.pk, by=by, at=at, detail={"act": bulk.act, "count": ready})
    return bulk


def run(bulk: Bulk, *, by, clock: Callable[[], datetime], on_line: Callable = lambda done, total: None) -> None:
    """Do what is left of a confirmed bulk, as `by` acting in a post; at the instants `clock` tells."""
    total = bulk.lines.exclude(outcome=Outcome.REFUSED, at=None).count()
    left = list(bulk.lines.filter(outcome=Outcome.READY).values_list("pk", flat=True))
    at_once = ACTS[bulk.act].at_once
    for first in range(0, len(left), at_once):
        some = left[first : first + at_once]
        _run_lines(some, bulk, by=by, at=clock())
        for number in range(first + 1, first + len(some) + 1):
            on_line(total - len(left) + number, total)


def _run_lines(line_ids: list[int], bulk: Bulk, *, by, at: datetime) -> None:
    """Do some lines, each or say why it was not done; a line that is over stays as it is."""
    try:
        _do(line_ids, bulk, by=by, at=at)
    except (IntegrityError, *REFUSALS) as refused:
        if len(line_ids) > 1:
            for pk in line_ids:
                _run_lines([pk], bulk, by=by, at=at)
        else:
            _close(bulk.lines.filter(pk__in=line_ids, outcome=Outcome.READY), dict.fromkeys(line_ids, refused), at)


@transaction.atomic
def _do(line_ids: list[int], bulk: Bulk, *, by, at: datetime) -> None:
    ready = bulk.lines.select_for_update(of=("self",)).filter(pk__in=line_ids, outcome=Outcome.READY)
    lines = list(ready.order_by("pk"))
    if lines:
        with part_of(bulk=bulk.pk):
            refused = ACTS[bulk.act].do(lines, by, at, bulk.given)
        _close(lines, refused, at)


def _close(lines: Iterable[BulkLine], refused: Mapping[int, Exception], at: datetime) -> None:
    """Write down what came of lines; the refused ones with why."""
    done = [line.pk for line in lines if line.pk not in refused]
    BulkLine.objects.filter(pk__in=done).update(outcome=Outcome.DONE, at=at)
    left = [line for line in lines if line.pk in refused]
    for line in left:
        line.outcome, line.at, line.why = Outcome.REFUSED, at, why(refused[line.pk], line.dossier, moved=True)
    BulkLine.objects.bulk_update(left, ["outcome", "why", "at"])


def why(refused: Exception, dossier: Dossier, *, moved: bool = False) -> str:
    """Return one sentence on a refusal; of a dossier that has `moved` since it was looked at, who did it and when."""
    if isinstance(refused, ValidationError):
        return " ".join(refused.messages)
    if isinstance(refused, StepNotOpen):
        return who_was_faster(refused.last) if moved else _state(dossier)
    if isinstance(refused, HeldByAnother):
        return who_holds(refused.holding)
    if isinstance(refused, DecisionPrepared):
        return what_is_prepared(refused.decision)
    if isinstance(refused, ProposalChanged):
        return what_is_proposed_now(refused.holding)
    if isinstance(refused, IntegrityError):
        log.error("the database refused a line on dossier %s", dossier.pk, exc_info=refused)
        return _("Dữ liệu của hồ sơ này không khớp nên chưa làm được. Hãy báo quản trị viên.")
    return _("Bạn không được làm việc này với hồ sơ này: do bạn hoặc đơn vị của bạn lập, hoặc ngoài quyền của bạn.")


def _state(dossier: Dossier) -> str:
    return _("Hồ sơ đang ở trạng thái “%(state)s”.") % {"state": dossier.get_state_display()}
