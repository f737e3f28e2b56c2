"""What is shown of approved models to everyone of a tree, and how it is judged there."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from models_registry.querysets import PublicationQuerySet, VoteQuerySet


class Publication(models.Model):
    """An approved model stands in the showcase from `published_at` until it is withdrawn, which needs a reason."""

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="publications")
    summary = models.CharField(_("tóm tắt"), max_length=300)
    published_at = models.DateTimeField()
    published_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)
    withdrawn_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(_("lý do gỡ"), max_length=500, blank=True)

    objects = PublicationQuerySet.as_manager()

    class Meta:
        ordering = ["-published_at", "-id"]
        constraints = [
            models.UniqueConstraint(
                fields=["dossier"], condition=Q(withdrawn_at__isnull=True), name="publication_stands_once"
            ),
            models.CheckConstraint(
                condition=Q(withdrawn_at__isnull=True, withdrawn_by__isnull=True, reason="")
                | (Q(withdrawn_at__isnull=False, withdrawn_by__isnull=False) & ~Q(reason="")),
                name="publication_withdrawn_with_reason",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.published_at:%d/%m/%Y}"


class Vote(models.Model):
    """One person's judgement of one model, from 1 to 5; changed as often as one likes, counted once."""

    class Stars(models.IntegerChoices):
        ONE = 1, _("1: Chưa thuyết phục")
        TWO = 2, _("2: Còn ít kết quả")
        THREE = 3, _("3: Khá")
        FOUR = 4, _("4: Tốt")
        FIVE = 5, _("5: Rất tốt, nên nhân rộng")

    dossier = models.ForeignKey("models_registry.Dossier", on_delete=models.PROTECT, related_name="votes")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="votes")
    stars = models.PositiveSmallIntegerField(choices=Stars)
    at = models.DateTimeField()

    objects = VoteQuerySet.as_manager()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "person"], name="vote_one_a_person"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="vote_from_one_to_five"),
        ]

    def __str__(self) -> str:
        return f"{self.dossier_id}: {self.stars}"
