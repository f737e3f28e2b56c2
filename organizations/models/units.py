"""Units and their dated tree."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.paths import ids_of
from organizations.querysets import AppraisalLinkQuerySet, HeadCountQuerySet, PlacementQuerySet, UnitQuerySet


class Unit(models.Model):
    """One organisation. `valid_to` is the first day it no longer exists."""

    class Kind(models.TextChoices):
        PROVINCE_COMMITTEE = "province_committee", _("Tỉnh ủy, thành ủy")
        DISTRICT_COMMITTEE = "district_committee", _("Huyện ủy và tương đương")
        UPPER_GRASSROOTS_COMMITTEE = "upper_grassroots_committee", _("Đảng ủy cấp trên trực tiếp cơ sở")
        GRASSROOTS_COMMITTEE = "grassroots_committee", _("Đảng ủy cơ sở")
        SECTION_COMMITTEE = "section_committee", _("Đảng ủy bộ phận")
        GRASSROOTS_CELL = "grassroots_cell", _("Chi bộ cơ sở")
        CELL = "cell", _("Chi bộ trực thuộc")
        ADVISORY_BODY = "advisory_body", _("Cơ quan tham mưu của cấp ủy")
        GOVERNMENT = "government", _("Cơ quan chính quyền")
        FRONT = "front", _("Mặt trận Tổ quốc")
        MASS_ORG = "mass_org", _("Tổ chức chính trị - xã hội")
        YOUTH_UNION = "youth_union", _("Đoàn Thanh niên")
        ARMED_FORCE = "armed_force", _("Lực lượng vũ trang")
        PUBLIC_SERVICE_UNIT = "public_service_unit", _("Đơn vị sự nghiệp công lập")
        ENTERPRISE = "enterprise", _("Doanh nghiệp")

    code = models.CharField(_("mã"), max_length=40, unique=True)
    name = models.CharField(_("tên"), max_length=300)
    kind = models.CharField(_("loại"), max_length=30, choices=Kind)
    valid_from = models.DateField(_("hoạt động từ ngày"))
    valid_to = models.DateField(_("kết thúc trước ngày"), null=True, blank=True)
    # Today's place in the tree: the ids from the root down, eight digits each, so that "all below" is one range.
    path = models.CharField(max_length=120, editable=False)
    folded_name = models.CharField(max_length=400, editable=False)
    sort_key = models.CharField(max_length=700, editable=False)

    objects = UnitQuerySet.as_manager()

    class Meta:
        ordering = ["sort_key", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")), name="unit_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["path", "id"], name="unit_by_path")]

    def __str__(self) -> str:
        return self.name

    @property
    def has_members(self) -> bool:
        """Whether members belong to it: to cells; those of a committee are counted in its cells."""
        return self.kind in CELL_KINDS

    @property
    def ancestor_ids(self) -> list[int]:
        """Ids from the root down to the parent, of today's tree; no query."""
        return ids_of(self.path)[:-1]


CELL_KINDS = (Unit.Kind.GRASSROOTS_CELL, Unit.Kind.CELL)
MOST_MEMBERS = 5_000  # of one cell: more is a slip of the finger


class HeadCount(models.Model):
    """How many party members a cell has from a day on, and how many of them are exempt from its activities.

    Never changed: a newer row of the same day corrects, one of a later day follows. In force on a day is the row with
    the latest `valid_from` up to it, and of several the one recorded last.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="head_counts")
    valid_from = models.DateField(_("tính từ ngày"))
    members = models.PositiveIntegerField(_("số đảng viên"))
    exempt = models.PositiveIntegerField(_("được miễn sinh hoạt"), default=0)
    exempt_reason = models.CharField(_("lý do miễn"), max_length=300, blank=True)
    recorded_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()

    objects = HeadCountQuerySet.as_manager()

    class Meta:
        ordering = ["-valid_from", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(exempt__lte=F("members")), name="head_count_exempt_within_members"),
            models.CheckConstraint(condition=Q(exempt=0) | ~Q(exempt_reason=""), name="head_count_exempt_says_why"),
        ]
        indexes = [models.Index(fields=["unit", "-valid_from", "-id"], name="head_count_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.valid_from}: {self.members}"


class Placement(models.Model):
    """A dated edge of the tree: from `valid_from` until `valid_to` (exclusive) the unit stands under the parent.

    A root has no placement.
    """

    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements")
    parent = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="placements_below")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)
    # When a move became known; empty for the place a unit was founded in.
    recorded_at = models.DateTimeField(null=True)

    objects = PlacementQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="placement_ends_after_it_begins",
            ),
            models.CheckConstraint(condition=~Q(unit=F("parent")), name="placement_not_under_itself"),
            models.UniqueConstraint(fields=["unit"], condition=Q(valid_to__isnull=True), name="placement_one_open"),
            models.UniqueConstraint(fields=["unit", "valid_from"], name="placement_one_a_day"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} < {self.parent_id} [{self.valid_from}, {self.valid_to or '…'})"


class AppraisalLink(models.Model):
    """A body appraises what is registered in a unit and below it, unless a nearer unit has a body of its own."""

    body = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appraises")
    serves = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="appraised_by")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True, blank=True)

    objects = AppraisalLinkQuerySet.as_manager()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_to__isnull=True) | Q(valid_to__gt=F("valid_from")),
                name="appraisal_link_ends_after_it_begins",
            ),
            models.UniqueConstraint(
                fields=["serves"], condition=Q(valid_to__isnull=True), name="appraisal_link_one_open"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.body_id} → {self.serves_id}"

    def holds_on(self, day) -> bool:
        return self.valid_from <= day and (self.valid_to is None or self.valid_to > day)
