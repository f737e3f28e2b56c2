"""What a step does to a dossier besides moving it: versions are frozen, works begin, those concerned are told."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db.models import Case, DateField, DateTimeField, F, When
from django.db.models.functions import Coalesce
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.chain import digest
from journal.questions import Among, Blank, Change, Question
from models_registry.content import content_of
from models_registry.lifecycle import ItemState, State, Step
from models_registry.models import Dossier, DossierVersion, ItemChange, WorkItem
from models_registry.services.adoption import tell_sources
from models_registry.services.known_sentences import remember
from models_registry.services.remarks import pin_remarks, refuse_unanswered
from models_registry.validation import problems_of
from organizations.queries import appraising_body_of


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


def send_back(dossier: Dossier, *, by, at: datetime, remarks: Mapping[str, str], reason: str, due_on: date | None):
    if due_on is not None and due_on <= localdate(at):
        raise ValidationError({"due_on": _("Hạn bổ sung phải sau ngày hôm nay.")})
    pin_remarks(dossier, remarks, reason=reason, by=by, at=at)


def _approve(dossiers: Sequence[Dossier], *, by, at: datetime) -> dict:
    _begin_items(dossiers, at=at)
    tell_sources(dossiers, by=by, at=at)
    return {}


@Question
def _planned_works():
    planned = WorkItem.objects.filter(Among("dossier", "dossiers"), state=ItemState.PLANNED).order_by("id")
    return planned.only("title", "ongoing", "due_on", "unit_id")


@Change
def _begun():
    year_end = Blank("year_end", DateField())
    due = Case(When(ongoing=True, then=year_end), default=Coalesce(F("due_on"), year_end))
    begun = {"state": ItemState.IN_PROGRESS, "approved_at": Blank("at", DateTimeField()), "due_in_force": due}
    return WorkItem.objects.filter(Among("dossier", "dossiers"), state=ItemState.PLANNED), begun


def _begin_items(dossiers: Sequence[Dossier], *, at: datetime) -> None:
    day = localdate(at)
    # Works that began under an earlier approval go on as they are.
    items = _planned_works(dossiers=[dossier.pk for dossier in dossiers])
    if late := next((item for item in items if not item.ongoing and item.due_on and item.due_on < day), None):
        refuse_late(late.title)
    for year in {dossier.year for dossier in dossiers}:
        of_year = [dossier.pk for dossier in dossiers if dossier.year == year]
        _begun(dossiers=of_year, at=at, year_end=date(year, 12, 31))
    ItemChange.objects.bulk_create(ItemChange(item=item, unit_id=item.unit_id, at=at) for item in items)
    for dossier in dossiers:
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


def _each(effect: Callable) -> Callable:
    """Return an effect on one dossier as one on several, one after the other."""

    def on_each(dossiers: Sequence[Dossier], *, by, at: datetime) -> dict:
        return {dossier.pk: effect(dossier, by=by, at=at) for dossier in dossiers}

    return on_each


# Each changes dossiers in memory, which the step then saves, and returns {dossier id: what the event says of it}.
EFFECTS = {
    Step.SUBMIT: _each(_freeze),
    Step.WITHDRAW: _each(_refuse_begun),
    Step.APPROVE: _approve,
    Step.REJECT: _each(_close),
    Step.REOPEN: _each(_reopen),
}
