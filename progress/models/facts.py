"""What became true of approved items: facts with two clocks, and what the checks of a quarter found."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from progress.querysets import FactQuerySet, QuarterlyCheckQuerySet


class Fact(models.Model):
    """One thing that became true of an item: `on` is the day it happened, `at` the instant it became known.

    Append-only. The rates are computed from these rows and the item's own columns, nothing else.
    """

    class Kind(models.TextChoices):
        COMPLETED = "completed", _("Báo cáo hoàn thành")
        CONFIRMED = "confirmed", _("Xác nhận")
        REFUSED = "refused", _("Không xác nhận")
        REVOKED = "revoked", _("Hủy xác nhận")
        EXTENDED = "extended", _("Gia hạn")
        EXCLUDED = "excluded", _("Loại trừ")
        TRANSFERRED = "transferred", _("Bàn giao")
        SUSPENDED = "suspended", _("Tạm dừng")
        RESUMED = "resumed", _("Tiếp tục")
        TERMINATED = "terminated", _("Dừng")
        FAILED = "failed", _("Không hoàn thành")
        CARRIED_OVER = "carried_over", _("Chuyển tiếp")

    class Exclusion(models.TextChoices):
        CHANGED_PLAN = "changed_plan", _("Thay đổi kế hoạch")
        DUPLICATE = "duplicate", _("Đăng ký trùng")
        REGISTERED_IN_ERROR = "registered_in_error", _("Đăng ký nhầm")
        FORCE_MAJEURE = "force_majeure", _("Bất khả kháng")
        OTHER = "other", _("Lý do khác")

    item = models.ForeignKey("models_registry.WorkItem", on_delete=models.PROTECT, related_name="facts")
    kind = models.CharField(max_length=12, choices=Kind)
    at = models.DateTimeField()
    on = models.DateField(null=True)
    due_on = models.DateField(null=True)
    exclusion = models.CharField(max_length=20, choices=Exclusion, blank=True)
    unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    imported = models.BooleanField(default=False)

    objects = FactQuerySet.as_manager()

    class Meta:
        ordering = ["item_id", "at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(kind="completed") | Q(on__isnull=False), name="fact_completed_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind="extended") | Q(due_on__isnull=False), name="fact_extended_has_a_day"
            ),
            models.CheckConstraint(
                condition=~Q(kind="excluded") | (Q(on__isnull=False) & ~Q(exclusion="")),
                name="fact_excluded_has_day_and_reason",
            ),
            models.CheckConstraint(
                condition=~Q(kind="transferred") | Q(on__isnull=False, unit__isnull=False),
                name="fact_transferred_has_day_and_unit",
            ),
            models.CheckConstraint(
                condition=~Q(kind="terminated") | Q(on__isnull=False), name="fact_terminated_has_a_day"
            ),
        ]
        indexes = [
            models.Index(fields=["item", "at"], name="fact_of_item"),
            models.Index(fields=["item"], condition=Q(kind="terminated"), name="fact_terminated"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind} {self.at}"


class QuarterlyCheck(models.Model):
    """What a superior (or the cell) found of ongoing work in one quarter of its year, and when that became known.

    Append-only: of one quarter the check recorded last is the one that stands.
    """

    class Verdict(models.TextChoices):
        PASSED = "passed", _("Đạt")
        FAILED = "failed", _("Chưa đạt")

    item = models.ForeignKey("models_registry.WorkItem", on_delete=models.PROTECT, related_name="checks")
    quarter = models.PositiveSmallIntegerField()
    verdict = models.CharField(_("kết quả kiểm tra"), max_length=6, choices=Verdict)
    remark = models.TextField(_("nhận xét"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = QuarterlyCheckQuerySet.as_manager()

    class Meta:
        ordering = ["item_id", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="check_quarter"),
            models.CheckConstraint(condition=Q(verdict__in=["passed", "failed"]), name="check_verdict_known"),
            models.CheckConstraint(condition=Q(verdict="passed") | ~Q(remark=""), name="check_failed_says_why"),
        ]
        indexes = [models.Index(fields=["item", "quarter", "recorded_at"], name="check_of_item")]

    def __str__(self) -> str:
        return f"{self.item_id} Q{self.quarter} {self.verdict}"
