"""The appraisal: who holds a dossier, and what was judged of which version."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.scales import MARKS, Mark, level_of
from reviews.querysets import AssignmentQuerySet, JudgementQuerySet


class Assignment(models.Model):
    """An appraiser's hand on one version of a dossier, until it is given back or the board has spoken.

    One leads: holds the dossier, returns it, proposes to the head (a later word replaces the earlier, which the journal
    keeps). Where the round asks for several, the others only score. `finished_at` is when the scoresheet was handed in:
    from then on its owner sees the others'. `assigned_by` is empty where the appraiser took the dossier.
    """

    class Proposed(models.TextChoices):
        APPROVE = "approve", _("Đề xuất duyệt")
        REJECT = "reject", _("Đề xuất không duyệt")

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="assignments")
    version = models.PositiveSmallIntegerField(default=1)
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="assignments")
    taken_at = models.DateTimeField()
    assigned_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+")
    is_lead = models.BooleanField(default=True)
    finished_at = models.DateTimeField(null=True)
    released_at = models.DateTimeField(null=True)
    proposed = models.CharField(_("đề xuất"), max_length=10, choices=Proposed, blank=True)
    proposed_reason = models.TextField(_("lý do đề xuất"), blank=True)
    proposed_at = models.DateTimeField(null=True)
    # The head's answer to a proposal that needs more work; a new proposal ends it.
    sent_back_reason = models.TextField(_("lý do trả lại"), blank=True)
    sent_back_at = models.DateTimeField(null=True)
    sent_back_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(released_at__isnull=True, is_lead=True), name="dossier_held_by_one"
            ),
            models.UniqueConstraint(
                fields=["dossier", "appraiser"], condition=Q(released_at__isnull=True), name="appraiser_assigned_once"
            ),
            models.CheckConstraint(condition=Q(is_lead=True) | Q(proposed=""), name="lead_proposes"),
            models.CheckConstraint(condition=Q(proposed__in=["", "approve", "reject"]), name="proposal_known"),
            models.CheckConstraint(
                condition=Q(proposed="", proposed_at__isnull=True) | (~Q(proposed="") & Q(proposed_at__isnull=False)),
                name="proposal_has_its_instant",
            ),
            models.CheckConstraint(
                condition=Q(sent_back_at__isnull=True, sent_back_by__isnull=True, sent_back_reason="")
                | Q(sent_back_at__isnull=False, sent_back_by__isnull=False, proposed="") & ~Q(sent_back_reason=""),
                name="sent_back_by_someone_for_a_reason",
            ),
        ]
        indexes = [models.Index(fields=["appraiser", "released_at"], name="assignment_mine")]

    def __str__(self) -> str:
        return f"{self.dossier_id} · {self.appraiser_id}"

    @property
    def is_at_work(self) -> bool:
        """Whether a seat that is held waits for its owner; the twin of `at_work`."""
        return self.is_lead or self.finished_at is None


class Judgement(models.Model):
    """One criterion judged on one version: a mark and a remark. It never follows the dossier to a later version.

    The mark is the key of one of the criterion's levels (`models_registry.scales`). A remark may stand before it: a
    draft, which counts nowhere until the mark is there.
    """

    Mark = Mark

    version = models.ForeignKey("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="judgements")
    criterion = models.ForeignKey("models_registry.Criterion", on_delete=models.PROTECT, related_name="judgements")
    appraiser = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    mark = models.CharField(_("đánh giá"), max_length=15, blank=True)
    remark = models.CharField(_("nhận xét"), max_length=500, blank=True)
    at = models.DateTimeField()

    objects = JudgementQuerySet.as_manager()

    class Meta:
        ordering = ["criterion__order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["version", "criterion", "appraiser"], name="criterion_judged_once"),
            models.CheckConstraint(condition=Q(mark__in=["", *MARKS]), name="mark_known"),
            models.CheckConstraint(condition=~Q(mark="", remark=""), name="judgement_says_something"),
        ]

    def __str__(self) -> str:
        return f"{self.version_id} {self.criterion_id} {self.mark}"

    @property
    def mark_label(self) -> str:
        """The mark in words, as the criterion asks for it; the criterion is loaded by the caller."""
        level = level_of(self.criterion, self.mark)
        return level.label if level else ""
