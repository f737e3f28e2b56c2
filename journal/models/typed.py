"""What somebody typed: forms that were sent, and texts that were not yet."""

from django.conf import settings
from django.db import models

from journal.querysets import TypedTextQuerySet


class SentForm(models.Model):
    """A form that did its work, kept for some days: sent again it leads to the same page and does nothing more."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=64)
    leads_to = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="form_sent_once")]

    def __str__(self) -> str:
        return self.leads_to


class TypedText(models.Model):
    """What one person typed in one form and has not sent yet; nobody else ever sees it (journal/typed.py)."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=200)
    copy = models.JSONField()
    at = models.DateTimeField(db_index=True)

    objects = TypedTextQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "key"], name="typed_once_a_form")]

    def __str__(self) -> str:
        return self.key
