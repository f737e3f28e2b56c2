"""Who is given which dossiers by rule, and who is away."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from models_registry.models import Dossier, Programme
from reviews.querysets import AbsenceQuerySet, OfOwnBodyQuerySet

PERSON = settings.AUTH_USER_MODEL


class AssignmentRule(models.Model):
    """Dossiers of a kind, a programme, a theme, or from a unit and all below it go to one appraiser; empty means any.

    Of several that fit, the first in order decides.
    """

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    order = models.PositiveSmallIntegerField(_("thứ tự"), default=1)
    kind = models.CharField(_("loại hồ sơ"), max_length=20, choices=Dossier.Kind, blank=True)
    programme = models.CharField(_("lĩnh vực, chương trình"), max_length=40, choices=Programme, blank=True)
    theme = models.ForeignKey(
        "models_registry.Theme", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("chuyên đề")
    )
    unit = models.ForeignKey(
        "organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+", verbose_name=_("địa bàn")
    )
    appraiser = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+", verbose_name=_("giao cho"))
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = OfOwnBodyQuerySet.as_manager()

    class Meta:
        ordering = ["order", "id"]

    def __str__(self) -> str:
        return f"{self.order}: {self.appraiser_id}"

    def fits(self, dossier: Dossier) -> bool:
        """Whether a dossier, with its unit and round loaded, falls under it; no query where `unit` is loaded."""
        return (
            self.kind in ("", dossier.kind)
            and (not self.programme or self.programme in dossier.programmes)
            and self.theme_id in (None, dossier.round.theme_id)
            and (self.unit_id is None or dossier.unit.path.startswith(self.unit.path))
        )


class Absence(models.Model):
    """Somebody of a board is away from a day to a day, both included; meanwhile nothing new is assigned to them."""

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="absences")
    first_day = models.DateField(_("từ ngày"))
    last_day = models.DateField(_("đến hết ngày"))
    reason = models.CharField(_("lý do"), max_length=200, blank=True)
    made_by = models.ForeignKey(PERSON, on_delete=models.PROTECT, related_name="+")
    made_at = models.DateTimeField()

    objects = AbsenceQuerySet.as_manager()

    class Meta:
        ordering = ["-last_day", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_day__gte=F("first_day")), name="absence_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.first_day}–{self.last_day}"
