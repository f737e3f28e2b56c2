"""Conflicts of interest that were declared, and those a second person has set aside for one round of appraisal."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from models_registry.querysets.conflicts import ConflictDeclarationQuerySet, ConflictOverrideQuerySet

PERSON = settings.AUTH_USER_MODEL


class ConflictDeclaration(models.Model):
    """Somebody of a board does not judge one dossier, or what a unit and those below it send, until it is lifted.

    Declared by that person, or by a head about them; lifted by a head who is somebody else.
    """

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="conflicts_declared")
    dossier = models.ForeignKey("models_registry.Dossier", null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("lý do"), max_length=500)
    declared_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    declared_at = models.DateTimeField()
    lifted_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lift_reason = models.CharField(_("lý do gỡ"), max_length=500, blank=True)

    objects = ConflictDeclarationQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(dossier__isnull=True, unit__isnull=False) | Q(dossier__isnull=False, unit__isnull=True),
                name="conflict_is_about_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True) | (Q(lifted_by__isnull=False) & ~Q(lifted_by=F("person"))),
                name="conflict_lifted_by_another",
            ),
            models.UniqueConstraint(
                fields=["person", "dossier"], condition=Q(lifted_at__isnull=True), name="conflict_once_a_dossier"
            ),
            models.UniqueConstraint(
                fields=["person", "unit"], condition=Q(lifted_at__isnull=True), name="conflict_once_a_unit"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.dossier_id or self.unit_id}"


class ConflictOverride(models.Model):
    """One person may judge one version in spite of a conflict: asked for with a reason, granted by somebody else.

    It ends with the round of appraisal: when the version leaves the board; a version sent anew is another.
    """

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="overrides")
    version = models.PositiveSmallIntegerField()
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("lý do"), max_length=1000)
    requested_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    requested_at = models.DateTimeField()
    granted = models.BooleanField(null=True)
    answered_by = models.ForeignKey(PERSON, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)
    answer = models.CharField(_("ý kiến"), max_length=500, blank=True)

    objects = ConflictOverrideQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(granted__isnull=True, answered_by__isnull=True, answered_at__isnull=True)
                | Q(granted__isnull=False, answered_by__isnull=False, answered_at__isnull=False),
                name="override_answered_whole",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True)
                | (~Q(answered_by=F("requested_by")) & ~Q(answered_by=F("person"))),
                name="override_takes_two",
            ),
            models.CheckConstraint(condition=~Q(requested_by=F("person")), name="override_not_for_oneself"),
            models.UniqueConstraint(
                fields=["dossier", "version", "person"],
                condition=~Q(granted=False),
                name="override_once_a_round",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.dossier_id} v{self.version}"
