"""Signals against formalism: questions the figures put to the appraiser, with what makes them, never a verdict."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from reviews.querysets import SignalPartQuerySet, SignalQuerySet


class SignalThresholds(models.Model):
    """From when on a board is asked; a board without a row is asked by the defaults."""

    body = models.OneToOneField("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    alike_passages = models.PositiveSmallIntegerField(_("số câu giống một hồ sơ khác, ít nhất"), default=2)
    alike_percent = models.PositiveSmallIntegerField(_("chiếm ít nhất mấy phần trăm số câu của hồ sơ"), default=20)
    common_units = models.PositiveSmallIntegerField(
        _("câu, tệp có ở nhiều hơn số đơn vị này là của chung, không hỏi"), default=6
    )
    file_days = models.PositiveSmallIntegerField(_("tệp của chính đơn vị dùng lại sau ít nhất (ngày)"), default=30)
    burst_count = models.PositiveSmallIntegerField(_("số việc một người xác nhận liền nhau, ít nhất"), default=20)
    burst_minutes = models.PositiveSmallIntegerField(_("trong vòng (phút)"), default=10)
    last_day_works = models.PositiveSmallIntegerField(_("số việc hoàn thành trong quý, ít nhất"), default=3)
    last_day_percent = models.PositiveSmallIntegerField(
        _("mấy phần trăm xong đúng ngày hạn hoặc ngày cuối quý"), default=100
    )
    exclusions = models.PositiveSmallIntegerField(_("số đề nghị loại trừ của một đơn vị trong quý"), default=2)
    exclusion_days = models.PositiveSmallIntegerField(_("gửi trong số ngày trước hạn"), default=7)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(alike_percent__range=(1, 100), last_day_percent__range=(1, 100)),
                name="signal_percent_within_hundred",
            ),
            models.CheckConstraint(
                condition=Q(
                    alike_passages__gte=1,
                    common_units__gte=2,
                    burst_count__gte=2,
                    burst_minutes__gte=1,
                    last_day_works__gte=2,
                    exclusions__gte=1,
                ),
                name="signal_thresholds_ask_for_something",
            ),
        ]

    def __str__(self) -> str:
        return f"thresholds of {self.body_id}"


class Signal(models.Model):
    """One question: of what kind, about which unit or dossier, and whether somebody has looked into it.

    `key` says what it is about, so that it is found again instead of asked twice. `facts` are the numbers its sentence
    names; `person` is who acted, where it is about somebody's act. It ends once what made it no longer holds.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Nội dung giống hồ sơ khác")
        FILE = "file", _("Tệp đã dùng ở nơi khác")
        BURST = "burst", _("Xác nhận hàng loạt")
        LAST_DAY = "last_day", _("Xong cả vào ngày cuối")
        EXCLUSION = "exclusion", _("Xin loại trừ sát hạn")

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=10, choices=Kind)
    key = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    dossier = models.ForeignKey("models_registry.Dossier", null=True, on_delete=models.CASCADE, related_name="signals")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    facts = models.JSONField(default=dict)
    found_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    # Cleared when something new is found; the answers stay.
    answered_at = models.DateTimeField(null=True)

    objects = SignalQuerySet.as_manager()

    class Meta:
        ordering = ["-found_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "kind", "key"], name="signal_once"),
            models.CheckConstraint(
                condition=Q(kind__in=["text", "file", "burst", "last_day", "exclusion"]), name="signal_kind_known"
            ),
        ]
        indexes = [
            models.Index(fields=["body", "year", "-found_at", "-id"], name="signal_of_body"),
            models.Index(fields=["unit", "year"], name="signal_of_unit"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"

    @property
    def is_open(self) -> bool:
        return self.answered_at is None and self.ended_at is None


class SignalPart(models.Model):
    """One of the things that make a signal: a work, another dossier, a like sentence of it, a file's other place."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="parts")
    key = models.CharField(max_length=60)
    item = models.ForeignKey("models_registry.WorkItem", null=True, on_delete=models.CASCADE, related_name="+")
    dossier = models.ForeignKey("models_registry.Dossier", null=True, on_delete=models.CASCADE, related_name="+")
    # Sentences are named and not copied: a name that is erased there is gone from here.
    mine = models.ForeignKey("models_registry.KnownSentence", null=True, on_delete=models.CASCADE, related_name="+")
    theirs = models.ForeignKey("models_registry.KnownSentence", null=True, on_delete=models.CASCADE, related_name="+")
    note = models.CharField(max_length=200, blank=True)
    at = models.DateTimeField(null=True)

    objects = SignalPartQuerySet.as_manager()

    class Meta:
        ordering = ["at", "id"]
        constraints = [models.UniqueConstraint(fields=["signal", "key"], name="signal_part_once")]

    def __str__(self) -> str:
        return f"{self.signal_id} {self.key}"


class SignalAnswer(models.Model):
    """Somebody of the board looked into a signal and says what was found; kept for good."""

    signal = models.ForeignKey(Signal, on_delete=models.CASCADE, related_name="answers")
    note = models.CharField(_("đã xem thế nào"), max_length=500)
    by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["-id"]
        constraints = [models.CheckConstraint(condition=~Q(note=""), name="signal_answer_says_something")]

    def __str__(self) -> str:
        return self.note
