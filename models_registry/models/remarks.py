"""What the board asked of a version it returned, place by place, and what the unit answered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.querysets import RemarkQuerySet


class Remark(models.Model):
    """One thing the board asked for when it returned a version; after that return only such places may be changed.

    `place` is the key of a section or row of `describing.describe`, or "" for the whole dossier. The answer may be
    written anew until the next version is sent; then it stands, and the board reads it.
    """

    version = models.ForeignKey("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="remarks")
    place = models.CharField(max_length=60, blank=True)
    text = models.CharField(_("nhận xét"), max_length=2000)
    # Nobody for what was kept from a time when no name stood beside it.
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answer = models.CharField(_("trả lời"), max_length=1000, blank=True)
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = RemarkQuerySet.as_manager()

    class Meta:
        ordering = ["version_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "place"], name="remark_once_a_place"),
            models.CheckConstraint(condition=~Q(text=""), name="remark_says_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="remark_answered_by_someone",
            ),
        ]

    def __str__(self) -> str:
        return self.text
