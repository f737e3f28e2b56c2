"""What is known of a kept file, whatever it belongs to."""

from django.db import models


class StoredFile(models.Model):
    """A file looked at and kept under a random name (`uploads.take_in`); of a photo also a small picture."""

    name = models.CharField(max_length=200)
    content_type = models.CharField(max_length=100)
    size = models.PositiveIntegerField()
    # Of what was sent, so that the same upload arriving again is known; "" for files kept before it was noted.
    digest = models.CharField(max_length=64, blank=True)
    thumbnail = models.FileField(upload_to="thumbnails/%Y/%m/", max_length=200, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.name
