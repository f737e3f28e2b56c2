"""Every change of a dossier's state: one function, one lock, one row of the table of moves."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Case, DateField, DateTimeField, F, When
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.chain import digest
from journal.models import Event, Told
from journal.questions import Blank, Change, Question
from journal.services import record
from models_registry import gate
from models_registry.content import content_of
from models_registry.lifecycle import MOVES, ItemState, State, Step
from models_registry.models import Dossier, DossierVersion, ItemChange, WorkItem
from models_registry.queries.in_sight import locked_in_sight
from models_registry.querysets.conflicts import barred_among, unbarred
from models_registry.services.adoption import tell_source
from models_registry.services.known_sentences import remember
from models_registry.services.remarks import pin_remarks, refuse_unanswered
from models_registry.services.turns import pass_on
from models_registry.validation import problems_of
from organizations.queries import appraising_body_of, people_at

UNIT_ROLES = ("secretary", "deputy")


# What a step may change of a dossier itself.
MOVED = [
    Dossier._meta.get_field(name)
    for name in (
        "state",
        "version",
        "edition",
        "body",
        "changed_at",
        "submitted_at",
        "submitted_by",
        "decided_at",
        "due_on",
    )
]


@transaction.atomic
def take_step(dossier_id: int, step: str, *, by, **how) -> Dossier:
    """Move one dossier one step and record it; the row stays locked until commit. `how` as in `advance`.

    Raises Dossier.DoesNotExist (out of sight), and what `advance` raises, and then changes nothing.
    """
    return advance(locked(dossier_id, by), step, by=by, **how)


def locked(dossier_id: int, by) -> Dossier:
    """Return the dossier within sight, locked until commit, with its unit, round and body; one query, two for a board.

    Raises Dossier.DoesNotExist.
    """
    found = locked_in_sight(by, dossier_id)
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
    barred: Collection[int] | None = None,
    on_behalf_of=None,
) -> Dossier:
    """Move a dossier this transaction has `locked` one step and record it.

    `edition` is the one the person saw: another means the page is stale. A return pins `remarks` ({place: text}, "" for
    the whole; without any the reason is about the whole) to the version that was read, opens those places alone, and
    is answered by `due_on` (10 working days without it). Whoever holds the unit's secretary post is told of what the
    board did, and `also_tell`. `barred` are who of `by` and these may not judge it, where it was asked under the lock.

    Raises PermissionDenied, gate.StepNotOpen or ValidationError; the transaction must then be given up.
    """
    also_tell = list(also_tell)
    if barred is None:
        barred = barred_among([by, *also_tell], dossier) if also_tell or MOVES[step].four_eyes else ()
    conflicted = MOVES[step].four_eyes and by.pk in barred
    move = gate.check(dossier, step, MOVES, by=by, reason=reason, conflicted=conflicted)
    if edition is not None and edition != dossier.edition:
        raise gate.StepNotOpen(dossier, step, MOVES)
    detail = {}
    if step == Step.REQUEST_REVISION:
        _send_back(dossier, by=by, at=at, remarks=remarks or {}, reason=reason, due_on=due_on)
    elif effect := EFFECTS.get(step):
        detail = effect(dossier, by=by, at=at) or {}
    pass_on(dossier, move.target, at=at, due_on=due_on)
    dossier.state = move.target
    dossier.changed_at = at
    dossier.edition += 1
    _moved(**{field.attname: getattr(dossier, field.attname) for field in MOVED}, dossier=dossier.pk)
    record(
        f"dossier.{step}",
        subject="dossier",
        subject_id=dossier.pk,
        unit_id=dossier.unit_id,
        by=by,
        at=at,
        on_behalf_of=on_behalf_of,
        detail={"version": dossier.version, "edition": dossier.edition, "reason": reason.strip()} | detail,
        kind=KIND.get(step, ""),
        tell=[*_told_of(dossier, step, at), *(one for one in also_tell if one.pk not in barred)],
        text=lambda: f"{_said_of(step, move.target)}: {dossier.title}",
        link=reverse("models_registry:dossier", args=[dossier.pk]),
    )
    return dossier


@Change
def _moved():
    return Dossier.objects.filter(pk=Blank("dossier")), {field.name: Blank(field.attname, field) for field in MOVED}


def _told_of(dossier: Dossier, step: str, at: datetime) -> list:
    """Return the unit's people for what the board did, and for an answer who of the board had asked for it."""
    if step in TOLD:
        return people_at(dossier.unit, UNIT_ROLES, at)
    if step != Step.SUBMIT or dossier.version == 1:
        return []
    asked = Event.objects.filter(subject="dossier", subject_id=dossier.pk, verb=f"dossier.{Step.REQUEST_REVISION}")
    asker = asked.order_by("-id").values_list("actor", flat=True).first()
    asked_by = [person for person in people_at(dossier.body, ("appraiser", "head"), at) if person.pk == asker]
    return unbarred(asked_by, dossier)


def _said_of(step: str, target: str) -> str:
    return SAID[step] if step in SAID else State(target).label


def _freeze(dossier: Dossier, *, by, at: datetime) -> dict:
    refuse_unanswered(dossier)
    content = content_of(dossier)
    if problems := problems_of(dossier, day=localdate(at), content=content):
        raise ValidationError(problems)
    dossier.body = appraising_body_of(dossier.unit, localdate(at))
    if dossier.body is None:
        raise ValidationError(
            _("Chưa có cơ quan thẩm định cho đơn vị này. Hãy liên hệ quản trị viên của cấp ủy cấp trên.")
        )
    dossier.version += 1
    dossier.submitted_at, dossier.submitted_by = at, by
    DossierVersion.objects.create(
        dossier=dossier, number=dossier.version, content=content, submitted_at=at, submitted_by=by
    )
    remember(dossier, content)
    # The journal holds what was frozen to these words.
    return {"content": digest(content)}


def _send_back(dossier: Dossier, *, by, at: datetime, remarks: Mapping[str, str], reason: str, due_on: date | None):
    if due_on is not None and due_on <= localdate(at):
        raise ValidationError({"due_on": _("Hạn bổ sung phải sau ngày hôm nay.")})
    pin_remarks(dossier, remarks, reason=reason, by=by, at=at)


def _approve(dossier: Dossier, *, by, at: datetime) -> None:
    _begin_items(dossier, at=at)
    tell_source(dossier, by=by, at=at)


@Question
def _planned_works():
    planned = WorkItem.objects.filter(dossier=Blank("dossier"), state=ItemState.PLANNED).order_by("id")
    return planned.only("title", "ongoing", "due_on", "unit_id")


@Change
def _begun():
    year_end = Blank("year_end", DateField())
    due = Case(When(ongoing=True, then=year_end), default=Coalesce(F("due_on"), year_end))
    begun = {"state": ItemState.IN_PROGRESS, "approved_at": Blank("at", DateTimeField()), "due_in_force": due}
    return WorkItem.objects.filter(dossier=Blank("dossier"), state=ItemState.PLANNED), begun


def _begin_items(dossier: Dossier, *, at: datetime) -> None:
    day = localdate(at)
    # Works that began under an earlier approval go on as they are.
    items = _planned_works(dossier=dossier.pk)
    if late := next((item for item in items if not item.ongoing and item.due_on and item.due_on < day), None):
        refuse_late(late.title)
    _begun(dossier=dossier.pk, at=at, year_end=date(dossier.year, 12, 31))
    ItemChange.objects.bulk_create(ItemChange(item=item, unit_id=item.unit_id, at=at) for item in items)
    dossier.decided_at = at


def late_works(dossier_ids: Collection[int], day: date) -> dict[int, str]:
    """Return {dossier: the title of a work whose due day has passed before it began}; one query."""
    works = WorkItem.objects.filter(dossier__in=dossier_ids, state=ItemState.PLANNED, ongoing=False, due_on__lt=day)
    return dict(works.order_by("-id").values_list("dossier", "title"))


def refuse_late(title: str | None) -> None:
    """Raise ValidationError for a work that would begin after its due day; nothing for none."""
    if title is not None:
        raise ValidationError(
            _("Hạn hoàn thành của việc “%(title)s” đã qua. Hãy yêu cầu đơn vị bổ sung trước khi duyệt.")
            % {"title": title}
        )


def _close(dossier: Dossier, *, by, at: datetime) -> None:
    _refuse_begun(dossier, by=by, at=at)
    dossier.decided_at = at


def _refuse_begun(dossier: Dossier, *, by, at: datetime) -> None:
    """Let no work lose its dossier while it is being done: each ends by a dated step of its own first."""
    if going_on := dossier.items.open().count():
        raise ValidationError(
            _("Hồ sơ còn %(count)d việc đã được duyệt và đang thực hiện. Hãy kết thúc từng việc trước.")
            % {"count": going_on}
        )


def _reopen(dossier: Dossier, *, by, at: datetime) -> dict:
    """Begin a new round over the same words: what was judged and decided of the version before stays as it was."""
    if dossier.state == State.REJECTED and _has_another_sheet(dossier):
        raise ValidationError(_("Đơn vị đã lập bản đăng ký khác trong đợt này, nên không mở lại bản không được duyệt."))
    before = dossier.versions.get(number=dossier.version)
    dossier.version += 1
    dossier.submitted_at, dossier.decided_at = at, None
    DossierVersion.objects.create(
        dossier=dossier,
        number=dossier.version,
        content=before.content,
        submitted_at=before.submitted_at,
        submitted_by=before.submitted_by,
    )
    return {"content": digest(before.content)}


def _has_another_sheet(dossier: Dossier) -> bool:
    if dossier.is_model or dossier.supplementary:
        return False
    sheets = Dossier.objects.filter(unit=dossier.unit_id, round=dossier.round_id, kind=dossier.kind)
    return sheets.filter(supplementary=False).exclude(state__in=[State.REJECTED, State.WITHDRAWN]).exists()


EFFECTS = {
    Step.SUBMIT: _freeze,
    Step.WITHDRAW: _refuse_begun,
    Step.APPROVE: _approve,
    Step.REJECT: _close,
    Step.REOPEN: _reopen,
}
# What the unit's people are told of, and as which kind.
TOLD = {
    Step.REQUEST_REVISION: Told.RETURNED,
    Step.APPROVE: Told.DECIDED,
    Step.REJECT: Told.DECIDED,
    Step.REOPEN: Told.DECIDED,
}
SAID = {Step.SUBMIT: gettext_lazy("Đã bổ sung và gửi lại"), Step.REOPEN: gettext_lazy("Mở lại để thẩm định")}
KIND = TOLD | {Step.SUBMIT: Told.ANSWERED}
