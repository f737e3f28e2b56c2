"""What spares the board's people typing: sentences written once, and filters of the queue kept by name."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.querysets import OfBoardQuerySet


class CannedRemark(models.Model):
    """A sentence the whole board uses; it is copied into what is written, so that its end changes nothing."""

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="canned_remarks")
    text = models.CharField(_("câu mẫu"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        ordering = ["text", "id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "text"], name="canned_remark_once"),
            models.CheckConstraint(condition=~Q(text=""), name="canned_remark_says_something"),
        ]

    def __str__(self) -> str:
        return self.text


class SavedFilter(models.Model):
    """One person's filter of the queue, as the address says it."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="saved_filters")
    name = models.CharField(_("tên bộ lọc"), max_length=60)
    address = models.CharField(max_length=1000)
    at = models.DateTimeField()

    class Meta:
        ordering = ["name", "id"]
        constraints = [
            models.UniqueConstraint(fields=["person", "name"], name="saved_filter_name_once"),
            models.CheckConstraint(condition=~Q(name=""), name="saved_filter_has_a_name"),
        ]

    def __str__(self) -> str:
        return self.name
