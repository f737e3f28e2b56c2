"""What the bridge between two sealed revisions says of a large unit: worked out once, as neither ever changes."""

from django.db import models
from django.db.models import Q

from completion.bridges import BRIDGED, Step


class BridgeStep(models.Model):
    """One step of the bridge of a rate of one unit: what it adds to n and to N, and its works.

    `step` is "" of the row that holds n and N of the earlier revision; no row: never asked for. Derived from the lists
    of items of both revisions alone, so that a row may go at any time and is worked out again. `works` has one line a
    work, the nearest due first (completion/queries/bridge.py).
    """

    before = models.ForeignKey("completion.Revision", on_delete=models.CASCADE, related_name="+", db_index=False)
    after = models.ForeignKey("completion.Revision", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    rate = models.CharField(max_length=3)
    kind = models.CharField(max_length=7)
    step = models.CharField(max_length=10, blank=True)
    n = models.IntegerField()
    base = models.IntegerField()
    count = models.PositiveIntegerField()
    works = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["before", "after", "unit", "rate", "kind", "step"], name="bridge_step_once"
            ),
            models.CheckConstraint(condition=Q(step__in=["", *Step]), name="bridge_step_known"),
            models.CheckConstraint(condition=Q(rate__in=BRIDGED), name="bridge_step_of_a_rate"),
        ]

    def __str__(self) -> str:
        return f"{self.before_id} {self.after_id} {self.unit_id} {self.rate} {self.step}"
