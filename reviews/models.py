"""The appraisal: who holds a dossier, what was judged of which version, and what was decided."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.querysets import AssignmentQuerySet, JudgementQuerySet


class Assignment(models.Model):
    """An appraiser holds a dossier from taking it until giving it back or the end of the round."""

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="assignments")
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    taken_at = models.DateTimeField()
    released_at = models.DateTimeField(null=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(released_at__isnull=True), name="dossier_held_by_one"
            ),
        ]
        indexes = [models.Index(fields=["appraiser", "released_at"], name="assignment_mine")]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.appraiser_id}"


class Judgement(models.Model):
    """One criterion judged on one version: a mark and a remark. It never follows the dossier to a later version."""

    class Mark(models.TextChoices):
        MET = "met", _("Đạt")
        PARTLY = "partly", _("Đạt một phần")
        NOT_MET = "not_met", _("Chưa đạt")
        NOT_APPLICABLE = "not_applicable", _("Không áp dụng")

    version = models.ForeignKey("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey("models_registry.Criterion", on_delete=models.PROTECT, related_name="judgements")
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(max_length=15, choices=Mark)
    remark = models.CharField(_("nhận xét"), max_length=500, blank=True)
    at = models.DateTimeField()

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "criterion", "appraiser"], name="criterion_judged_once"),
            models.CheckConstraint(
                condition=Q(mark__in=["met", "partly", "not_met", "not_applicable"]), name="mark_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.criterion_id} {self.mark}"


class Decision(models.Model):
    """How one version left the board: returned, approved or not approved, by whom and why."""

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("Yêu cầu bổ sung")
        APPROVED = "approved", _("Đã duyệt")
        REJECTED = "rejected", _("Không duyệt")

    version = models.OneToOneField("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(_("lý do"), blank=True)
    criteria = models.ManyToManyField("models_registry.Criterion", related_name="+", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version_id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="approved") | ~Q(reason=""), name="refusal_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.outcome}"
