"""The quarterly check of ongoing work, recorded by whoever confirms the item."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from models_registry import gate
from models_registry.lifecycle import Reason
from models_registry.masking import public_title
from models_registry.models import ItemChange, WorkItem
from organizations.queries import people_at
from progress.lifecycle import CHECK, ITEM_MOVES, Authors, owed_quarters
from progress.models import QuarterlyCheck
from progress.queries.authority import OFFICERS, Authority, authority_over, seated
from progress.services.steps import locked_item
from vietnamese.display import quarter_text


@transaction.atomic
def record_check(
    item_id: int,
    quarter: int,
    *,
    verdict: str,
    by,
    at: datetime,
    remark: str = "",
    replaces: int | None = None,
) -> QuarterlyCheck:
    """Record what the check of one quarter found; it stands in the place of the one recorded before, which stays kept.

    `replaces` is the id of that one as the page showed it, None for none. The unit's officers are told.

    Raises WorkItem.DoesNotExist, PermissionDenied, gate.StepNotOpen (the quarter owes no check, or somebody was
    faster) or ValidationError, and then changes nothing.
    """
    item = locked_item(item_id, by=by)
    authority = authority_over(item, at, authors=Authors())
    check_open(item, quarter, authority, by=by, at=at)
    standing = item.checks.filter(quarter=quarter).in_order().last()
    if (standing.pk if standing else None) != replaces:
        raise gate.StepNotOpen(item, CHECK, authority.check_moves)
    remark = remark.strip()
    if verdict not in QuarterlyCheck.Verdict.values:
        raise ValidationError({"verdict": _("Hãy chọn Đạt hoặc Chưa đạt.")})
    if verdict == QuarterlyCheck.Verdict.FAILED and len(remark) < Reason.REQUIRED.value:
        raise ValidationError({"remark": failed_needs_why()})
    check = QuarterlyCheck.objects.create(
        item=item, quarter=quarter, verdict=verdict, remark=remark, recorded_at=at, recorded_by=by
    )
    ItemChange.objects.create(item=item, unit_id=item.unit_id, at=at)
    _tell(check, item, by=by, at=at)
    return check


def check_open(item: WorkItem, quarter: int, authority: Authority, *, by, at: datetime) -> None:
    """Raise PermissionDenied or StepNotOpen unless this person records the item's check of a quarter now."""
    moves = authority.check_moves
    gate.check(item, CHECK, moves, by=by)
    if not seated(moves[CHECK], authority.body, by):
        raise PermissionDenied
    if quarter not in owed_quarters(item, item.facts.all(), today=localdate(at), day_of=localdate):
        raise gate.StepNotOpen(item, CHECK, ITEM_MOVES)


def failed_needs_why() -> str:
    return _("Chưa đạt thì hãy nêu rõ vì sao, ít nhất %(count)d ký tự.") % {"count": Reason.REQUIRED.value}


def _tell(check: QuarterlyCheck, item: WorkItem, *, by, at: datetime) -> None:
    def said() -> str:
        return _("Kiểm tra %(quarter)s: %(verdict)s · %(title)s") % {
            "quarter": quarter_text(check.quarter, item.year),
            "verdict": check.get_verdict_display(),
            "title": public_title(item),
        }

    record(
        f"workitem.{CHECK}",
        subject="workitem",
        subject_id=item.pk,
        unit_id=item.unit_id,
        by=by,
        at=at,
        detail={"check": check.pk, "quarter": check.quarter, "verdict": check.verdict},
        tell=people_at(item.unit, OFFICERS, at),
        text=said,
        link=reverse("progress:item", args=[item.pk]),
    )
