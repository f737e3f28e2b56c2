"""What a practice model holds beyond its dossier: contents, links, exemplars, outputs (S4 and the official forms)."""

import re

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from vietnamese.folding import fold

ADDRESSED = re.compile(r"^(dong chi|d/?c\.?|ong|ba|anh|chi|co) ")


def name_key(name: str) -> str:
    """Return by what a name typed anywhere is compared with a person's: folded, without how one is addressed."""
    bare = ADDRESSED.sub("", fold(name))
    return bare if " " in bare else fold(name)


class PracticeModel(models.Model):
    """The body of a practice model. Every field may be empty while it is a draft; `validation` asks before sending."""

    dossier = models.OneToOneField("models_registry.Dossier", on_delete=models.CASCADE, related_name="practice")
    situation = models.TextField(_("thực trạng và lý do"), blank=True)
    goal = models.TextField(_("mục tiêu"), blank=True)
    learning = models.TextField(_("Học tập Bác"), blank=True)
    following = models.TextField(_("Làm theo Bác"), blank=True)
    example_setting = models.TextField(_("Nêu gương"), blank=True)
    solutions = models.TextField(_("giải pháp"), blank=True)
    place = models.CharField(_("nơi thực hiện"), max_length=300, blank=True)
    target_group = models.CharField(_("đối tượng thực hiện"), max_length=300, blank=True)
    beneficiaries = models.CharField(_("đối tượng thụ hưởng"), max_length=300, blank=True)
    resources = models.TextField(_("nguồn lực"), blank=True)
    upkeep = models.TextField(_("cách duy trì"), blank=True)
    spread = models.TextField(_("cách nhân rộng"), blank=True)

    def __str__(self) -> str:
        return f"practice of {self.dossier_id}"


class TargetLink(models.Model):
    """The model serves a resolution target."""

    practice = models.ForeignKey(PracticeModel, on_delete=models.CASCADE, related_name="target_links")
    target = models.ForeignKey("models_registry.ResolutionTarget", on_delete=models.PROTECT, related_name="links")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["practice", "target"], name="target_linked_once")]

    def __str__(self) -> str:
        return f"{self.practice_id} → {self.target_id}"


class ShortcomingLink(models.Model):
    """The model remedies a named shortcoming; how far, at the time of writing."""

    class Remedy(models.TextChoices):
        NOT_YET = "not_yet", _("Chưa khắc phục")
        PARTLY = "partly", _("Khắc phục chưa đầy đủ")
        LITTLE_EFFECT = "little_effect", _("Hiệu quả chưa cao")
        DONE = "done", _("Đã khắc phục")

    practice = models.ForeignKey(PracticeModel, on_delete=models.CASCADE, related_name="shortcoming_links")
    shortcoming = models.ForeignKey("models_registry.Shortcoming", on_delete=models.PROTECT, related_name="links")
    remedy = models.CharField(_("tình trạng khắc phục"), max_length=15, choices=Remedy)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["practice", "shortcoming"], name="shortcoming_linked_once"),
            models.CheckConstraint(
                condition=Q(remedy__in=["not_yet", "partly", "little_effect", "done"]), name="remedy_known"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.practice_id} → {self.shortcoming_id}"


class Exemplar(models.Model):
    """An exemplary individual (cá nhân điển hình), named only where consent is recorded; otherwise by post."""

    practice = models.ForeignKey(PracticeModel, on_delete=models.CASCADE, related_name="exemplars")
    name = models.CharField(_("họ và tên"), max_length=150, blank=True)
    # By which an appraiser of that name is kept from judging; erased with the name.
    folded_name = models.CharField(max_length=200, blank=True, editable=False)
    position = models.CharField(_("chức danh, vai trò"), max_length=150)
    evidence = models.TextField(_("việc làm, hiệu quả thực tế"))
    consent = models.BooleanField(_("người được nêu đã đồng ý nêu tên"), default=False)
    consented_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(name="", folded_name="") | Q(consent=True), name="exemplar_named_with_consent"
            ),
        ]
        indexes = [models.Index(fields=["folded_name"], condition=~Q(folded_name=""), name="exemplar_by_name")]

    def __str__(self) -> str:
        return self.name or self.position


class PracticeOutput(models.Model):
    """An output that can be verified: a number and its unit; no number yet is None and prints a dash."""

    practice = models.ForeignKey(PracticeModel, on_delete=models.CASCADE, related_name="outputs")
    name = models.CharField(_("sản phẩm, kết quả"), max_length=200)
    value = models.DecimalField(_("số lượng"), max_digits=14, decimal_places=2, null=True, blank=True)
    measure = models.ForeignKey("models_registry.MeasureUnit", on_delete=models.PROTECT, verbose_name=_("đơn vị tính"))

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.name
