"""The board's word: on which version, by whom and why, when it was prepared and when the unit was told."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import State
from reviews.querysets import AnnouncementQuerySet, DecisionQuerySet


class Announcement(models.Model):
    """Decisions of one board that are told together: at once, or when `due_at` has come.

    `began_at` is the instant all of them carry, however long the telling takes; `ended_at` says that it is over.
    """

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # The post it is announced in; one that has ended announces nothing more.
    post = models.ForeignKey("organizations.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    made_at = models.DateTimeField()
    due_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)

    objects = AnnouncementQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(began_at__isnull=False), name="announcement_begins_first"
            ),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(ended_at__isnull=True), name="announcement_open")]

    def __str__(self) -> str:
        return f"{self.body_id} {self.due_at:%Y-%m-%d %H:%M}"


class Decision(models.Model):
    """The board's word on one version: returned, approved or not approved, by whom and why.

    Prepared until `announced_at`: then the state has not moved, the unit knows nothing, and the word may be taken back
    (the row goes, the journal keeps it). Announced, it stands for ever; what ends it is a `Reopening`.
    """

    class Outcome(models.TextChoices):
        RETURNED = "returned", _("Yêu cầu bổ sung")
        APPROVED = "approved", _("Đã duyệt")
        REJECTED = "rejected", _("Không duyệt")

    version = models.OneToOneField("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="decision")
    outcome = models.CharField(max_length=10, choices=Outcome)
    reason = models.TextField(_("lý do"), blank=True)
    criteria = models.ManyToManyField("models_registry.Criterion", related_name="+", blank=True)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    prepared_at = models.DateTimeField()
    announced_at = models.DateTimeField(null=True)
    # Which announcement it waits for or was told by; none when it was told alone, or waits for nothing yet.
    announcement = models.ForeignKey(Announcement, null=True, on_delete=models.SET_NULL, related_name="decisions")

    objects = DecisionQuerySet.as_manager()

    class Meta:
        ordering = ["version_id"]
        constraints = [
            models.CheckConstraint(condition=Q(outcome="approved") | ~Q(reason=""), name="refusal_has_a_reason"),
            models.CheckConstraint(
                condition=~Q(outcome="returned") | Q(announced_at__isnull=False), name="return_is_told_at_once"
            ),
            models.CheckConstraint(
                condition=Q(announced_at__isnull=True) | Q(announced_at__gte=F("prepared_at")),
                name="announced_once_prepared",
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(announced_at__isnull=True), name="decision_prepared")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.outcome}"

    @property
    def state(self) -> str:
        """The state the dossier went to, or will go to."""
        return State.REVISION_REQUESTED if self.outcome == self.Outcome.RETURNED else self.outcome


class Reopening(models.Model):
    """An announced decision ended by a second person, for a reason; the next version begins a new round."""

    decision = models.OneToOneField(Decision, on_delete=models.PROTECT, related_name="reopening")
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()
    reason = models.TextField(_("lý do mở lại"))

    class Meta:
        ordering = ["id"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="reopening_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.decision_id} {self.at:%Y-%m-%d %H:%M}"
