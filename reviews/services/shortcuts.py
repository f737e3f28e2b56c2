"""The only writers of the board's sentences and of a person's filters."""

from datetime import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from organizations.permissions import Action, may
from reviews.models import CannedRemark, SavedFilter
from vietnamese.folding import clean

MOST_FILTERS = 20
MOST_REMARKS = 100


@transaction.atomic
def keep_remark(text: str, *, by, at: datetime) -> CannedRemark:
    """Keep a sentence for the whole board; one it has already is returned as it stands.

    Raises PermissionDenied, or ValidationError once the board has 100.
    """
    if not may(by, Action.APPRAISE):
        raise PermissionDenied
    own = CannedRemark.objects.visible_to(by)
    text = clean(text).strip()
    if kept := own.filter(text=text).first():
        return kept
    if own.count() >= MOST_REMARKS:
        raise ValidationError(_("Ban đã có %(most)d câu mẫu. Hãy xóa bớt câu không còn dùng.") % {"most": MOST_REMARKS})
    kept = CannedRemark.objects.create(body_id=by.post.unit_id, text=text, by=by, at=at)
    record("canned_remark.kept", subject="canned_remark", subject_id=kept.pk, by=by, at=at)
    return kept


@transaction.atomic
def drop_remark(pk: int, *, by, at: datetime) -> None:
    """Delete a sentence: the own one, or, for a head, anybody's. Raises CannedRemark.DoesNotExist, PermissionDenied."""
    kept = CannedRemark.objects.visible_to(by).get(pk=pk)
    if kept.by_id != by.pk and not may(by, Action.DECIDE):
        raise PermissionDenied
    kept.delete()
    record("canned_remark.dropped", subject="canned_remark", subject_id=pk, by=by, at=at)


@transaction.atomic
def save_filter(name: str, address: str, *, by, at: datetime) -> SavedFilter:
    """Keep a filter of the queue by name; the same name again replaces it.

    Raises PermissionDenied, or ValidationError beyond 20.
    """
    if not may(by, Action.APPRAISE):
        raise PermissionDenied
    own = SavedFilter.objects.filter(person=by)
    name = clean(name).strip()
    if own.exclude(name=name).count() >= MOST_FILTERS:
        raise ValidationError(
            _("Bạn đã lưu %(most)d bộ lọc. Hãy xóa bớt bộ lọc không còn dùng.") % {"most": MOST_FILTERS}
        )
    kept, _new = SavedFilter.objects.update_or_create(person=by, name=name, defaults={"address": address, "at": at})
    record("saved_filter.kept", subject="saved_filter", subject_id=kept.pk, by=by, at=at)
    return kept


@transaction.atomic
def drop_filter(pk: int, *, by, at: datetime) -> None:
    """Delete an own filter. Raises SavedFilter.DoesNotExist."""
    SavedFilter.objects.get(pk=pk, person=by).delete()
    record("saved_filter.dropped", subject="saved_filter", subject_id=pk, by=by, at=at)
