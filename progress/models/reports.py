"""What a unit says of an item, with its evidence, and what it asks for."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.models.files import StoredFile
from progress.models.facts import Fact
from progress.querysets import ChangeRequestQuerySet, CompletionReportQuerySet, EvidenceQuerySet


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
        indexes = [*StoredFile.Meta.indexes]
        constraints = [
            *StoredFile.Meta.constraints,
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
