"""Periods, revisions and the figures of every unit in them; sealed rows are never changed (triggers refuse it)."""

from django.db import models
from django.db.models import F, Q

from completion.querysets import PeriodQuerySet, RevisionQuerySet


class Period(models.Model):
    """One quarter of one tree (named by its root), with the parameters its figures are computed by."""

    root = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="periods")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    ends_at = models.DateTimeField()  # E: the first instant after the quarter
    closes_at = models.DateTimeField()  # G: the closing instant, exclusive
    threshold_low = models.PositiveSmallIntegerField(default=50)
    threshold_high = models.PositiveSmallIntegerField(default=80)
    few_items = models.PositiveSmallIntegerField(default=5)
    ongoing_due = models.CharField(max_length=5, default="12-31")
    report_after_days = models.PositiveSmallIntegerField(default=30)

    objects = PeriodQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter", "root_id"]
        constraints = [
            models.UniqueConstraint(fields=["root", "year", "quarter"], name="period_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="period_quarter"),
            models.CheckConstraint(condition=Q(closes_at__gte=F("ends_at")), name="period_closes_after_it_ends"),
        ]

    def __str__(self) -> str:
        return f"{self.year}-Q{self.quarter}"


class Revision(models.Model):
    """One computation of a period: 0 is provisional and replaced as facts arrive, 1 and later are sealed."""

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="revisions")
    number = models.PositiveSmallIntegerField()
    sealed = models.BooleanField(default=False)
    as_of = models.DateTimeField()  # K: facts are taken up to here
    computed_at = models.DateTimeField()
    rule_version = models.CharField(max_length=20)
    input_hash = models.CharField(max_length=64, blank=True)
    row_count = models.PositiveIntegerField(default=0)

    objects = RevisionQuerySet.as_manager()

    class Meta:
        ordering = ["period_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["period", "number"], name="revision_once"),
            models.CheckConstraint(
                condition=Q(number=0, sealed=False) | (Q(number__gte=1, sealed=True) & ~Q(input_hash="")),
                name="revision_sealed_has_hash",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} r{self.number}"
