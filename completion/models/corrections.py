"""Errors of record in sealed quarters: who asked for which correction, who approved it, and who holds older figures."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from completion.querysets import CorrectionLineQuerySet, CorrectionQuerySet, TakenQuerySet


class Correction(models.Model):
    """Somebody asks to correct works in a sealed quarter, with a reason; another, a level above, approves or refuses.

    The approved ones of a period are sealed together into its next revision. Sealed ones are never changed (triggers).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang soạn")
        ASKED = "asked", _("Chờ duyệt")
        APPROVED = "approved", _("Đã duyệt, chờ chốt")
        REFUSED = "refused", _("Không duyệt")
        WITHDRAWN = "withdrawn", _("Đã rút")
        SEALED = "sealed", _("Đã vào bản chốt")

    period = models.ForeignKey("completion.Period", on_delete=models.PROTECT, related_name="corrections")
    # For whom it is asked: the unit that the post reaches, all below it included.
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    state = models.CharField(max_length=9, choices=State, default=State.DRAFT)
    reason = models.TextField(_("lý do"), blank=True)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_in = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(_("ý kiến của người duyệt"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    revision = models.ForeignKey("completion.Revision", null=True, on_delete=models.PROTECT, related_name="corrections")

    objects = CorrectionQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(state="withdrawn") | (Q(asked_at__isnull=False) & ~Q(reason="")),
                name="correction_asked_has_a_reason",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["approved", "refused", "sealed"])
                | Q(decided_at__isnull=False, decided_by__isnull=False),
                name="correction_decided_is_signed",
            ),
            models.CheckConstraint(
                condition=Q(decided_by__isnull=True) | ~Q(decided_by=F("asked_by")), name="correction_four_eyes"
            ),
            models.CheckConstraint(
                condition=Q(state="sealed", revision__isnull=False) | (~Q(state="sealed") & Q(revision__isnull=True)),
                name="correction_sealed_has_its_revision",
            ),
            models.UniqueConstraint(
                fields=["period", "asked_in"], condition=Q(state="draft"), name="correction_one_draft"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.period_id} {self.pk} {self.state}"


class CorrectionLine(models.Model):
    """One work of a correction: its line as sealed and as it should be (completion/lines.py), in whose list.

    `to_unit` is the right owner where the sealed one was wrong, else None.
    """

    class Error(models.TextChoices):
        FALSE_CONFIRMATION = "false_confirmation", _("Xác nhận sai: việc chưa hoàn thành")
        WRONG_DAY = "wrong_day", _("Sai ngày hoàn thành")
        WRONG_DUE = "wrong_due", _("Sai hạn")
        WRONG_OWNER = "wrong_owner", _("Sai đơn vị")
        DUPLICATE = "duplicate", _("Đăng ký trùng")
        REGISTERED_IN_ERROR = "registered_in_error", _("Đăng ký nhầm")
        FALSE_EXCLUSION = "false_exclusion", _("Loại trừ nhầm")
        WRONG_CHECK = "wrong_check", _("Kết quả kiểm tra ghi ngược")

    correction = models.ForeignKey(Correction, on_delete=models.CASCADE, related_name="lines")
    item = models.ForeignKey("models_registry.WorkItem", on_delete=models.PROTECT, related_name="+")
    error = models.CharField(_("sai sót"), max_length=20, choices=Error)
    day = models.DateField(null=True)
    home = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    to_unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    was = models.CharField(max_length=150)
    becomes = models.CharField(max_length=150)

    objects = CorrectionLineQuerySet.as_manager()

    class Meta:
        ordering = ["correction_id", "id"]
        constraints = [
            models.UniqueConstraint(fields=["correction", "item"], name="correction_item_once"),
            models.CheckConstraint(
                condition=~Q(was=F("becomes")) | Q(to_unit__isnull=False), name="correction_changes_something"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.correction_id} {self.item_id} {self.error}"


class Taken(models.Model):
    """Somebody took figures of a revision away, as a file or on paper, of which unit and when; told of newer ones."""

    class Form(models.TextChoices):
        XLSX = "xlsx", "Excel"
        CSV = "csv", "CSV"
        PDF = "pdf", "PDF"
        DOCX = "docx", "Word"
        PRINT = "print", _("bản in")

    revision = models.ForeignKey("completion.Revision", on_delete=models.PROTECT, related_name="taken")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    post = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    form = models.CharField(max_length=5, choices=Form)
    at = models.DateTimeField()

    objects = TakenQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"{self.revision_id} {self.unit_id} {self.by_id} {self.form}"
