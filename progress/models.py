"""What happens to approved items: facts with two clocks, reports, evidence, requests; and each quarter's papers."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.models.files import StoredFile
from progress.querysets import (
    ChangeRequestQuerySet,
    CompletionReportQuerySet,
    EvidenceQuerySet,
    FactQuerySet,
    QuarterDraftQuerySet,
    QuarterlyCheckQuerySet,
    ReportExemptionQuerySet,
    UnitReportQuerySet,
)


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


class CompletionReport(models.Model):
    """What a unit says of an item with its evidence: that it is done and when, or (`interim`) how far it is.

    How far is told in words and as a number with its unit, never as a percentage, and enters no rate.
    It may be prepared by one and sent by another; until it is sent it is a draft of the own unit, one an item.
    """

    item = models.ForeignKey("models_registry.WorkItem", on_delete=models.PROTECT, related_name="reports")
    completed_on = models.DateField(_("ngày hoàn thành"), null=True)
    result = models.TextField(_("kết quả"))
    value = models.DecimalField(_("số lượng đạt được"), max_digits=14, decimal_places=2, null=True, blank=True)
    measure = models.ForeignKey(
        "models_registry.MeasureUnit", null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("đơn vị tính")
    )
    interim = models.BooleanField(default=False)
    prepared_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField(null=True)
    reported_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reported_at = models.DateTimeField(null=True)

    objects = CompletionReportQuerySet.as_manager()

    class Meta:
        ordering = ["item_id", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(reported_at__isnull=True)
                | Q(reported_by__isnull=False) & (Q(completed_on__isnull=False) | Q(interim=True)),
                name="report_sent_is_signed_and_dated",
            ),
            models.CheckConstraint(
                condition=Q(interim=False) | Q(completed_on__isnull=True), name="report_interim_completes_nothing"
            ),
            models.UniqueConstraint(
                fields=["item", "interim"], condition=Q(reported_at__isnull=True), name="report_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.completed_on}"

    @property
    def reporter(self) -> str:
        """The name of who sent it, as it was then where `queries.items.with_files` asked for it."""
        return getattr(self, "reporter_then", None) or str(self.reported_by)

    @property
    def preparer(self) -> str:
        """The name of who wrote it, in the same way."""
        return getattr(self, "preparer_then", None) or str(self.prepared_by)


class Evidence(StoredFile):
    """A file or a described document that proves a result; files go the same way as a dossier's attachments."""

    report = models.ForeignKey(CompletionReport, on_delete=models.PROTECT, related_name="evidence")
    file = models.FileField(upload_to="evidence/%Y/%m/", max_length=200)

    objects = EvidenceQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["report", "digest"], condition=~Q(digest=""), name="evidence_once"),
        ]


class ChangeRequest(models.Model):
    """A unit asks to extend, exclude, suspend, resume, stop or carry over; the board head decides.

    Until then the unit may withdraw it: its outcome is then signed by whoever withdrew it.
    """

    class Kind(models.TextChoices):
        EXTEND = "extend", _("Gia hạn")
        EXCLUDE = "exclude", _("Loại khỏi chỉ tiêu")
        SUSPEND = "suspend", _("Tạm dừng")
        RESUME = "resume", _("Tiếp tục")
        TERMINATE = "terminate", _("Dừng")
        CARRY_OVER = "carry_over", _("Chuyển tiếp sang năm sau")

    class Outcome(models.TextChoices):
        GRANTED = "granted", _("Đồng ý")
        REFUSED = "refused", _("Không đồng ý")
        WITHDRAWN = "withdrawn", _("Đã rút")

    item = models.ForeignKey("models_registry.WorkItem", on_delete=models.PROTECT, related_name="change_requests")
    kind = models.CharField(_("đề nghị"), max_length=10, choices=Kind)
    due_on = models.DateField(_("hạn mới"), null=True, blank=True)
    effective_on = models.DateField(_("có hiệu lực từ ngày"), null=True, blank=True)
    exclusion = models.CharField(_("lý do loại trừ"), max_length=20, choices=Fact.Exclusion, blank=True)
    reason = models.TextField(_("lý do"))
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    outcome = models.CharField(max_length=10, choices=Outcome, blank=True)
    answer = models.TextField(_("ý kiến quyết định"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = ChangeRequestQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(outcome="") | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="request_outcome_is_signed",
            ),
            models.UniqueConstraint(fields=["item"], condition=Q(outcome=""), name="request_one_open"),
        ]

    def __str__(self) -> str:
        return f"{self.item_id} {self.kind}"


class QuarterlyReport(models.Model):
    """A unit's progress report of one quarter; one a unit and quarter, corrected until it closes."""

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="quarterly_reports")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    results = models.TextField(_("kết quả nổi bật"))
    difficulties = models.TextField(_("khó khăn, hạn chế"), blank=True)
    next_steps = models.TextField(_("nhiệm vụ quý sau"), blank=True)
    sent_at = models.DateTimeField()
    sent_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "quarter"], name="quarterly_report_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="quarterly_report_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}-Q{self.quarter}"


class QuarterDraft(models.Model):
    """What a unit has typed of a quarter's papers and not sent: one for report and discussion, as it was typed."""

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="quarter_drafts")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    typed = models.JSONField(default=dict)
    # Counts the savings, so that one who saw an older draft does not write over a newer.
    edition = models.PositiveIntegerField(default=1)
    saved_at = models.DateTimeField()
    saved_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = QuarterDraftQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["unit", "year", "quarter"], name="quarter_draft_once"),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="quarter_draft_quarter"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}-Q{self.quarter}"


class ReportExemption(models.Model):
    """A unit need not report one quarter: why, by whom and when; once lifted it owes again, and the row stays."""

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="report_exemptions")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    reason = models.CharField(_("lý do miễn"), max_length=300)
    exempted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    exempted_at = models.DateTimeField()
    lifted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)

    objects = ReportExemptionQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-quarter", "unit_id", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "quarter"], condition=Q(lifted_at__isnull=True), name="report_exemption_once"
            ),
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="report_exemption_quarter"),
            models.CheckConstraint(condition=~Q(reason=""), name="report_exemption_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}-Q{self.quarter}"


class ThematicMeeting(models.Model):
    """A thematic discussion (sinh hoạt chuyên đề) a unit held in a quarter."""

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="thematic_meetings")
    year = models.PositiveSmallIntegerField()
    quarter = models.PositiveSmallIntegerField()
    held_on = models.DateField(_("ngày sinh hoạt"))
    topic = models.CharField(_("nội dung chuyên đề"), max_length=500)
    attended = models.PositiveIntegerField(_("số người dự"))
    invited = models.PositiveIntegerField(_("số người được triệu tập"))
    conclusions = models.TextField(_("kết luận"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = UnitReportQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(quarter__range=(1, 4)), name="thematic_meeting_quarter"),
            models.CheckConstraint(condition=Q(attended__lte=models.F("invited")), name="attended_within_invited"),
        ]

    def __str__(self) -> str:
        return self.topic
