"""A unit's papers of one quarter: its report, what is typed of it, the discussion, and who need not report."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from progress.querysets import QuarterDraftQuerySet, ReportExemptionQuerySet, UnitReportQuerySet


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
