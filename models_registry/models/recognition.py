"""Recognition: how what works was chosen, fostered, commended and spread. Dated facts, never a state."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.querysets import RecognitionQuerySet


class Recognition(models.Model):
    """One fact: on this day, by this decision, this collective, individual or model was chosen, fostered, … .

    Append-only but for its withdrawal, which needs a reason, and a name whose consent is taken back. `honours_year`
    says that it was for 19/5 of a year: chosen means proposed for that list, commended that it stands on it.
    """

    class Stage(models.TextChoices):
        SELECTED = "selected", _("Lựa chọn")
        FOSTERED = "fostered", _("Bồi dưỡng")
        COMMENDED = "commended", _("Khen thưởng")
        REPLICATED = "replicated", _("Nhân rộng")

    class Recipient(models.TextChoices):
        COLLECTIVE = "collective", _("Tập thể")
        INDIVIDUAL = "individual", _("Cá nhân")
        MODEL = "model", _("Mô hình")

    class Level(models.TextChoices):
        CENTRAL = "central", _("Trung ương")
        PROVINCE = "province", _("Cấp tỉnh")
        DISTRICT = "district", _("Cấp huyện")
        GRASSROOTS = "grassroots", _("Cấp cơ sở")

    stage = models.CharField(_("bước"), max_length=10, choices=Stage)
    recipient = models.CharField(_("dành cho"), max_length=10, choices=Recipient)
    # Whose collective, individual or model it is.
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="recognitions")
    dossier = models.ForeignKey(
        "models_registry.Dossier", null=True, on_delete=models.PROTECT, related_name="recognitions"
    )
    name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    position = models.CharField(_("chức danh"), max_length=150, blank=True)
    consent = models.BooleanField(_("người được nêu đồng ý cho ghi họ tên"), default=False)
    level = models.CharField(_("cấp"), max_length=10, choices=Level, blank=True)
    award = models.CharField(_("hình thức"), max_length=150, blank=True)
    document_symbol = models.CharField(_("số, ký hiệu quyết định"), max_length=60, blank=True)
    on = models.DateField(_("ngày"))
    honours_year = models.PositiveSmallIntegerField(_("dịp 19/5 năm"), null=True, blank=True)
    note = models.CharField(_("nội dung"), max_length=500, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    recorded_at = models.DateTimeField()
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    reason = models.CharField(_("lý do rút"), max_length=500, blank=True)

    objects = RecognitionQuerySet.as_manager()

    class Meta:
        ordering = ["-on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(stage__in=["selected", "fostered", "commended", "replicated"])
                & Q(recipient__in=["collective", "individual", "model"])
                & Q(level__in=["", "central", "province", "district", "grassroots"]),
                name="recognition_words_known",
            ),
            models.CheckConstraint(
                condition=~Q(stage="commended") | (~Q(level="") & ~Q(document_symbol="")),
                name="commended_by_a_decision",
            ),
            models.CheckConstraint(
                condition=Q(recipient="model", dossier__isnull=False)
                | (~Q(recipient="model") & Q(dossier__isnull=True)),
                name="recognition_of_a_model_names_it",
            ),
            models.CheckConstraint(
                condition=Q(recipient="individual") & ~Q(position="")
                | ~Q(recipient="individual") & Q(name="", position=""),
                name="recognised_individual_has_a_position",
            ),
            models.CheckConstraint(condition=Q(name="") | Q(consent=True), name="recognised_named_with_consent"),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="recognition_withdrawn_with_reason",
            ),
            models.UniqueConstraint(
                fields=["dossier", "document_symbol"],
                condition=Q(stage="commended", recipient="model", withdrawn_at__isnull=True),
                name="model_commended_once_a_decision",
            ),
            models.UniqueConstraint(
                fields=["unit", "document_symbol"],
                condition=Q(stage="commended", recipient="collective", withdrawn_at__isnull=True),
                name="collective_commended_once_a_decision",
            ),
        ]
        indexes = [
            models.Index(fields=["on", "id"], name="recognition_by_day"),
            models.Index(fields=["honours_year"], condition=Q(honours_year__isnull=False), name="recognition_honours"),
        ]

    def __str__(self) -> str:
        return f"{self.get_stage_display()}: {self.title}"

    @property
    def title(self) -> str:
        """Who or what it is for, as anybody who sees the row may read it; unit and dossier loaded by the caller."""
        if self.recipient == self.Recipient.MODEL:
            return self.dossier.title
        if self.recipient == self.Recipient.COLLECTIVE:
            return self.unit.name
        return f"{self.name}, {self.position}" if self.name else self.position
