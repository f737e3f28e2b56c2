"""What became of each backup: the row the administrator reads; what it holds stands in its own manifest."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from organizations.permissions import Action, may, may_reach_a_root


class BackupQuerySet(models.QuerySet):
    def visible_to(self, user):
        """All of them, to whoever administers a whole tree; nothing to others."""
        return self if may(user, Action.SEE_BACKUPS) and may_reach_a_root(user) else self.none()

    def good(self):
        return self.filter(state=Backup.State.DONE)

    def tried(self):
        """Those that were brought back as a trial and were found whole."""
        return self.filter(trial=Backup.Trial.GOOD)


class Backup(models.Model):
    """One backup, made or failed, and what bringing it back as a trial found."""

    class State(models.TextChoices):
        RUNNING = "running", _("Đang sao lưu")
        DONE = "done", _("Sao lưu xong")
        FAILED = "failed", _("Không sao lưu được")

    class Trial(models.TextChoices):
        NONE = "none", _("Chưa khôi phục thử")
        GOOD = "good", _("Khôi phục thử tốt")
        DIFFERED = "differed", _("Khôi phục thử thấy sai khác")
        FAILED = "failed", _("Không khôi phục thử được")

    state = models.CharField(max_length=10, choices=State, default=State.RUNNING)
    begun_at = models.DateTimeField(db_index=True)
    ended_at = models.DateTimeField(null=True)
    # Nobody: the portal by itself, or a command on its machine.
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    folder = models.CharField(max_length=500, blank=True)
    size = models.BigIntegerField(default=0)
    # What was not there before, in bytes: the rest shares its place with earlier backups.
    added = models.BigIntegerField(default=0)
    files = models.PositiveIntegerField(default=0)
    rows = models.BigIntegerField(default=0)
    journal_head = models.CharField(max_length=90, blank=True)
    reason = models.TextField(blank=True)
    # What went wrong beside a good backup: the second place.
    remark = models.TextField(blank=True)
    dropped_at = models.DateTimeField(null=True)
    trial = models.CharField(max_length=10, choices=Trial, default=Trial.NONE)
    tried_at = models.DateTimeField(null=True)
    trial_seconds = models.FloatField(null=True)
    # Rows of what, name, noted and found (facts.differences), or why it could not be tried.
    differences = models.JSONField(default=list)
    trial_reason = models.TextField(blank=True)

    objects = BackupQuerySet.as_manager()

    class Meta:
        ordering = ["-begun_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["running", "done", "failed"]), name="backup_state_known"),
            models.CheckConstraint(
                condition=Q(trial__in=["none", "good", "differed", "failed"]), name="backup_trial_known"
            ),
            models.CheckConstraint(condition=~Q(state="failed") | ~Q(reason=""), name="backup_failure_says_why"),
        ]

    def __str__(self) -> str:
        return f"{self.begun_at:%Y-%m-%d %H:%M} {self.state}"

    def get_absolute_url(self) -> str:
        return reverse("backups:backup", args=[self.pk])
