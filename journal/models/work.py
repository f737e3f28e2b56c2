"""The rows of long work, and of what is done by the clock."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journal.querysets import JobQuerySet


class Job(models.Model):
    """One piece of long work: the row is the queue of record, the broker only carries its number."""

    class State(models.TextChoices):
        WAITING = "waiting", _("Đang chờ")
        RUNNING = "running", _("Đang chạy")
        DONE = "done", _("Đã xong")
        FAILED = "failed", _("Không thành công")

    task = models.CharField(max_length=100)
    title = models.CharField(max_length=300)
    arguments = models.JSONField(default=dict)
    owner = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="jobs")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    # Counts the workers that took it: the latest alone may end it.
    attempts = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField(default=0)
    result = models.JSONField(default=dict)
    message = models.TextField(blank=True)
    # Of the request that asked for it: whoever does it, and however late, logs under it.
    request_id = models.CharField(max_length=64, blank=True)
    file = models.FileField(upload_to="jobs/%Y/%m/", blank=True, max_length=200)
    created_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_alive_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["waiting", "running", "done", "failed"]), name="job_state_known"
            ),
        ]
        indexes = [models.Index(fields=["state", "created_at"], name="job_open")]

    def __str__(self) -> str:
        return self.title

    @property
    def is_over(self) -> bool:
        return self.state in (self.State.DONE, self.State.FAILED)


class Lease(models.Model):
    """When one periodic task was last sent, by whichever scheduler: two schedulers send it once."""

    name = models.CharField(max_length=200, unique=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
