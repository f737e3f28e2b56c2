"""Who has a draft open at this moment, told before two write over one another."""

from datetime import timedelta

from django.conf import settings
from django.db import models

from models_registry.querysets.presence import OpenDraftQuerySet

# A page tells of itself every 20 seconds; one that was killed is forgotten after this long.
EXPIRES = timedelta(seconds=60)


class OpenDraft(models.Model):
    """One window in which one person has one dossier open to write in; it expires unless it is told of again."""

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.CASCADE, related_name="open_drafts")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="+")
    window = models.CharField(max_length=40)
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    objects = OpenDraftQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["dossier", "person", "window"], name="open_draft_once_a_window")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.person_id}"
