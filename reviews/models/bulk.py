"""One act of the board on many dossiers: what was rehearsed, and what came of each."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.querysets import OfBoardQuerySet


class Bulk(models.Model):
    """One act chosen for many dossiers and rehearsed; confirmed, a job takes it line by line.

    `given` is what the act asks beside the dossiers (a reason, criteria, whether it is told at once), as plain values.
    """

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organizations.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    act = models.CharField(max_length=20)
    given = models.JSONField(default=dict)
    rehearsed_at = models.DateTimeField()
    confirmed_at = models.DateTimeField(null=True)
    job = models.ForeignKey("journal.Job", null=True, on_delete=models.PROTECT, related_name="+")

    objects = OfBoardQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(confirmed_at__isnull=True) | Q(job__isnull=False), name="bulk_confirmed_has_a_job"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.act} {self.pk}"


class BulkLine(models.Model):
    """One dossier of a bulk: as it was rehearsed (`edition`, `proposed_at`), and what came of it, with the reason."""

    class Outcome(models.TextChoices):
        READY = "ready", _("Sẽ làm")
        DONE = "done", _("Đã làm")
        REFUSED = "refused", _("Không làm")

    bulk = models.ForeignKey(Bulk, on_delete=models.CASCADE, related_name="lines")
    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="+")
    edition = models.PositiveIntegerField()
    proposed_at = models.DateTimeField(null=True)
    outcome = models.CharField(max_length=10, choices=Outcome, default=Outcome.READY)
    why = models.TextField(blank=True)
    at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["bulk", "dossier"], name="dossier_once_a_bulk"),
            models.CheckConstraint(condition=Q(outcome__in=["ready", "done", "refused"]), name="bulk_outcome_known"),
            models.CheckConstraint(condition=~Q(outcome="refused", why=""), name="bulk_refusal_says_why"),
        ]
        indexes = [models.Index(fields=["bulk", "outcome", "id"], name="bulk_lines")]

    def __str__(self) -> str:
        return f"{self.bulk_id} {self.dossier_id} {self.outcome}"
