"""The append-only record of who did what, and the chain over it."""

from django.conf import settings
from django.db import models

from journal.querysets import EventQuerySet


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

    @property
    def who(self) -> str:
        """The name of who acted as it was then, where the event was asked for `about` something; "" for the portal."""
        return getattr(self, "actor_then", None) or (str(self.actor) if self.actor_id else "")

    @property
    def for_whom(self) -> str:
        """The name, as it was then, of whom it was done for; "" mostly."""
        return getattr(self, "on_behalf_then", None) or (str(self.on_behalf_of) if self.on_behalf_of_id else "")


class Link(models.Model):
    """One event in the chain: `hash` is over the event and the hash before it (journal/chain.py), so that nothing
    chained is altered, taken out, put in or moved without every later hash being another.

    Written by a task seconds after the event, in the order of `position`, without a gap.
    """

    position = models.BigIntegerField(primary_key=True)
    # No constraint: the chain tells of an event that is gone.
    event = models.OneToOneField(Event, on_delete=models.DO_NOTHING, db_constraint=False, related_name="link")
    at = models.DateTimeField()
    previous = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        ordering = ["position"]

    def __str__(self) -> str:
        return f"{self.position}:{self.hash}"
