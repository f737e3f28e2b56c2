"""Who wants to be told of a unit's figures every week."""

from django.conf import settings
from django.db import models

from completion.querysets import PackWishQuerySet


class WeeklyWish(models.Model):
    """Somebody wants to be told every week how a unit stands: `week` is the Monday last told for, `said` its rate.

    `said` holds quarter, n and N, which the next one is compared with; empty before the first.
    """

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="weekly_wishes")
    post = models.ForeignKey("organizations.Post", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    week = models.DateField()
    said = models.JSONField(default=dict)

    objects = PackWishQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["post", "unit"], name="weekly_wished_once")]
        indexes = [models.Index(fields=["week"], name="weekly_to_tell")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.unit_id}"
