"""Periods, revisions and the figures of every unit in them; sealed rows are never changed (triggers refuse it)."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from completion.quarters import Quarter
from completion.querysets import (
    FigurePartQuerySet,
    FigureQuerySet,
    FrozenUnitQuerySet,
    PeriodQuerySet,
    RevisionQuerySet,
)
from completion.rates import COUNTERS
from models_registry.models import WorkItem


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
    # A unit owes its report of the quarter once it stood so many days before E…
    report_after_days = models.PositiveSmallIntegerField(default=30)
    # …and has sent it in time when it came before so many days after E had passed.
    report_within_days = models.PositiveSmallIntegerField(default=5)

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

    @property
    def as_quarter(self) -> Quarter:
        return Quarter(self.year, self.quarter)

    @property
    def thresholds(self) -> tuple[int, int]:
        return self.threshold_low, self.threshold_high


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
    # The head of the journal's chain when it was sealed, as `Link` prints it: beside the hash, which is of figures.
    # Null where it was sealed before there were any: a guarded row is not written to.
    journal_head = models.CharField(max_length=90, null=True)

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


class FrozenUnit(models.Model):
    """One unit of the tree a revision was computed over, as it stood just before E, and who reported and registered.

    `path` is the frozen line from the root (organizations.paths), so that "all below" is one range. The counts
    without `own_` include everything below. A unit that no longer stood has no row: what it held is counted in the
    nearest ancestor that did, beside that one's own and its children's (total − own − children = its bucket).
    """

    # Written ten thousand at a time, from the tree just read: the database need not look each of them up.
    revision = models.ForeignKey(
        Revision, on_delete=models.CASCADE, related_name="units", db_constraint=False, db_index=False
    )
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="frozen", db_constraint=False)
    parent = models.ForeignKey(
        "organizations.Unit",
        null=True,
        on_delete=models.PROTECT,
        related_name="+",
        db_constraint=False,
        db_index=False,
    )
    code = models.CharField(max_length=40)
    name = models.CharField(max_length=300)
    kind = models.CharField(max_length=30)
    path = models.CharField(max_length=120)
    sort_key = models.CharField(max_length=700)

    # R6: reports of the quarter owed, of these exempt, received, and received in time. R7: units obliged, registered
    # and exempt; members, of these exempt and with an approved work, and cells whose members nobody counted.
    own_owed = models.PositiveSmallIntegerField(default=0)
    own_exempt = models.PositiveSmallIntegerField(default=0)
    own_reported = models.PositiveSmallIntegerField(default=0)
    own_in_time = models.PositiveSmallIntegerField(default=0)
    own_obliged = models.PositiveSmallIntegerField(default=0)
    own_registered = models.PositiveSmallIntegerField(default=0)
    own_freed = models.PositiveSmallIntegerField(default=0)
    own_members = models.PositiveSmallIntegerField(default=0)
    own_members_exempt = models.PositiveSmallIntegerField(default=0)
    own_members_planned = models.PositiveSmallIntegerField(default=0)
    own_uncounted = models.PositiveSmallIntegerField(default=0)
    owed = models.PositiveIntegerField(default=0)
    exempt = models.PositiveIntegerField(default=0)
    reported = models.PositiveIntegerField(default=0)
    in_time = models.PositiveIntegerField(default=0)
    obliged = models.PositiveIntegerField(default=0)
    registered = models.PositiveIntegerField(default=0)
    freed = models.PositiveIntegerField(default=0)
    members = models.PositiveIntegerField(default=0)
    members_exempt = models.PositiveIntegerField(default=0)
    members_planned = models.PositiveIntegerField(default=0)
    uncounted = models.PositiveIntegerField(default=0)

    objects = FrozenUnitQuerySet.as_manager()

    class Meta:
        ordering = ["revision_id", "path"]
        constraints = [models.UniqueConstraint(fields=["revision", "unit"], name="frozen_unit_once")]
        indexes = [
            models.Index(fields=["revision", "parent"], name="frozen_children"),
            models.Index(fields=["revision", "path"], name="frozen_below"),
        ]

    def __str__(self) -> str:
        return self.name


class Figure(models.Model):
    """What is counted of one unit and one kind of item in one revision; no row where there is nothing to count.

    `r1_n`, `r1_base` (N) and `r1_x` include everything below the unit, `own_r1_n` … only what it owns itself. R4
    shares N and X with R1.
    """

    place = models.ForeignKey(
        FrozenUnit, on_delete=models.CASCADE, related_name="figures", db_constraint=False, db_index=False
    )
    kind = models.CharField(max_length=3, choices=WorkItem.Kind)

    objects = FigureQuerySet.as_manager()

    class Meta:
        ordering = ["place_id", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["place", "kind"], name="figure_once"),
            models.CheckConstraint(
                condition=Q(
                    r1_n__lte=F("r1_base"),
                    r2_n__lte=F("r2_base"),
                    r3_n__lte=F("r3_base"),
                    r4_n__lte=F("r1_n"),
                    r5_n__lte=F("r5_base"),
                    r8_n__lte=F("r8_base"),
                ),
                name="figure_n_within_base",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.kind}"


class FigurePart(models.Model):
    """What of one unit's own figures came to it by a reorganisation; a row only where there is something.

    `inherited` is counted among its own: registered by units that merged into it, or were split into it. `waiting` is
    not: left behind by ended units below it and not handed over yet, its bucket (total − own − children).
    """

    class Part(models.TextChoices):
        INHERITED = "inherited", _("kế thừa")
        WAITING = "waiting", _("chưa bàn giao")

    place = models.ForeignKey(FrozenUnit, on_delete=models.CASCADE, related_name="parts", db_constraint=False)
    kind = models.CharField(max_length=3, choices=WorkItem.Kind)
    part = models.CharField(max_length=10, choices=Part)

    objects = FigurePartQuerySet.as_manager()

    class Meta:
        ordering = ["place_id", "kind", "part"]
        constraints = [
            models.UniqueConstraint(fields=["place", "kind", "part"], name="figure_part_once"),
            models.CheckConstraint(condition=Q(part__in=["inherited", "waiting"]), name="figure_part_known"),
        ]

    def __str__(self) -> str:
        return f"{self.place_id} {self.kind} {self.part}"


for _counter in COUNTERS:
    Figure.add_to_class(_counter, models.IntegerField(default=0))
    FigurePart.add_to_class(_counter, models.IntegerField(default=0))
for _counter in COUNTERS:
    Figure.add_to_class(f"own_{_counter}", models.IntegerField(default=0))


class ItemList(models.Model):
    """The items behind a sealed unit's own figures, one line each (completion/lines.py): what was known of it at K."""

    place = models.OneToOneField(FrozenUnit, on_delete=models.CASCADE, related_name="item_list", db_constraint=False)
    lines = models.TextField()

    def __str__(self) -> str:
        return f"{self.place_id}"
