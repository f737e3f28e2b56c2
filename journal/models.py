"""The append-only record of who did what, the notices told from it, and the rows of long work."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from journal.querysets import EventQuerySet, JobQuerySet, NoticeQuerySet


class Event(models.Model):
    """One thing that was done, by whom, for which unit; never changed, never deleted (a trigger refuses both)."""

    at = models.DateTimeField(db_index=True)
    verb = models.CharField(max_length=60)
    # Ids, not names: a person's name can be erased and the record still stands.
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    on_behalf_of = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    role = models.CharField(max_length=20, blank=True)
    unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    subject = models.CharField(max_length=40)
    subject_id = models.BigIntegerField(null=True)
    detail = models.JSONField(default=dict)

    objects = EventQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["subject", "subject_id", "id"], name="event_of_subject")]

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M} {self.verb} {self.subject} {self.subject_id}"


class Notice(models.Model):
    """One person to be told of one event; written with the event, delivered by a task."""

    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    text = models.CharField(max_length=500)
    link = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["event", "recipient"], name="told_once")]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="notice_untold"),
        ]

    def __str__(self) -> str:
        return self.text


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


class Lease(models.Model):
    """When one periodic task was last sent, by whichever scheduler: two schedulers send it once."""

    name = models.CharField(max_length=200, unique=True)
    taken_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
