"""What is known of a kept file, whatever it belongs to."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class StoredFile(models.Model):
    """A file looked at and kept under a random name (`uploads.take_in`); of a photo also a small picture.

    What `held` names is shown to nobody: it waits for the antivirus, or was found infected and its bytes are gone.
    """

    class Held(models.TextChoices):
        WAITING = "waiting", _("đang chờ kiểm tra mã độc")
        INFECTED = "infected", _("có mã độc, đã loại bỏ")

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    # Of what was sent, so that the same upload arriving again is known; "" for files kept before it was noted.
    digest = models.CharField(max_length=64, blank=True)
    held = models.CharField(max_length=8, choices=Held, blank=True)
    finding = models.CharField(max_length=200, blank=True)  # what the antivirus calls it
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)

    class Meta:
        abstract = True
        constraints = [models.CheckConstraint(condition=Q(held__in=["", "waiting", "infected"]), name="%(class)s_held")]
        # Asked for every minute, and nearly always none.
        indexes = [models.Index(fields=["id"], condition=Q(held="waiting"), name="%(class)s_waiting")]

    def __str__(self) -> str:
        return self.name
