"""The clock of an exchange: whose turn it is, since when and until when; and the calendar its working days are of."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from models_registry.querysets import TurnQuerySet


class Turn(models.Model):
    """One side holds a dossier, from an instant until it passes it on; the next turn begins at that same instant.

    Written only by `services.turns`, which every step goes through. `due_on` is the last local day to answer in time.
    """

    class Side(models.TextChoices):
        BOARD = "board", _("Cơ quan thẩm định")
        UNIT = "unit", _("Đơn vị")

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="turns")
    number = models.PositiveSmallIntegerField()
    side = models.CharField(max_length=5, choices=Side)
    began_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    due_on = models.DateField()
    # How many working days were given; None where a day was named, which no change of the calendar moves.
    working_days = models.PositiveSmallIntegerField(null=True)
    # The due day it was told late for: an extension gives it another, which may be missed again.
    told_late_for = models.DateField(null=True)

    objects = TurnQuerySet.as_manager()

    class Meta:
        ordering = ["dossier_id", "number"]
        constraints = [
            models.UniqueConstraint(fields=["dossier", "number"], name="turn_once"),
            models.UniqueConstraint(fields=["dossier"], condition=Q(ended_at__isnull=True), name="turn_open_once"),
            models.CheckConstraint(condition=Q(side__in=["board", "unit"]), name="turn_side_known"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True) | Q(ended_at__gte=F("began_at")), name="turn_ends_after_it_begins"
            ),
        ]
        indexes = [models.Index(fields=["due_on"], condition=Q(ended_at__isnull=True), name="turn_due")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.number} {self.side}"


class Extension(models.Model):
    """One turn's due day was moved to a later one: by whom, when and why."""

    turn = models.ForeignKey(Turn, on_delete=models.PROTECT, related_name="extensions")
    due_before = models.DateField()
    due_on = models.DateField(_("hạn mới"))
    reason = models.TextField(_("lý do gia hạn"))
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=Q(due_on__gt=F("due_before")), name="extension_is_later"),
            models.CheckConstraint(condition=~Q(reason=""), name="extension_has_a_reason"),
        ]

    def __str__(self) -> str:
        return f"{self.turn_id} {self.due_on}"


class SpecialDays(models.Model):
    """Days on which the week's rule does not hold: a holiday, or a weekend day worked in exchange for another."""

    first_on = models.DateField(_("từ ngày"))
    last_on = models.DateField(_("đến ngày"))
    works = models.BooleanField(_("làm bù"), default=False)
    name = models.CharField(_("tên"), max_length=100)

    class Meta:
        ordering = ["first_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(last_on__gte=F("first_on")), name="special_days_in_order"),
        ]

    def __str__(self) -> str:
        return self.name
