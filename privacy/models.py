"""What privacy keeps: who answers for an installation's data, requests to erase a person, who looked at whose data."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from privacy.querysets import ControllerQuerySet, ErasureQuerySet


class Controller(models.Model):
    """Who answers for the personal data of this installation, and whom to ask; the latest row says what holds."""

    name = models.CharField(_("cơ quan chịu trách nhiệm về dữ liệu"), max_length=200)
    address = models.CharField(_("địa chỉ"), max_length=300, blank=True)
    contact = models.CharField(_("điện thoại, thư điện tử liên hệ"), max_length=200)
    officer = models.CharField(_("người phụ trách bảo vệ dữ liệu"), max_length=150, blank=True)
    officer_contact = models.CharField(_("cách liên hệ người phụ trách"), max_length=200, blank=True)
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = ControllerQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=~Q(name="") & ~Q(contact=""), name="controller_can_be_asked"),
        ]

    def __str__(self) -> str:
        return self.name


class Erasure(models.Model):
    """A request to erase a person's data: asked by one administrator, carried out or refused by another.

    `named` are the rows that name the person by the words of the name alone, chosen by whoever asked:
    {"exemplar": [ids], "recognition": […], "item": […]}; `counts` what was done.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ người thứ hai xác nhận")
        DONE = "done", _("Đã xóa")
        REFUSED = "refused", _("Không thực hiện")

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="erasures")
    state = models.CharField(_("trạng thái"), max_length=8, choices=State, default=State.WAITING)
    reference = models.CharField(_("số, ngày văn bản hoặc đơn yêu cầu"), max_length=100)
    reason = models.CharField(_("lý do"), max_length=500)
    named = models.JSONField(default=dict)
    counts = models.JSONField(default=dict)
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    answered_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    answered_at = models.DateTimeField(null=True)

    objects = ErasureQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=["waiting", "done", "refused"]), name="erasure_state_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", answered_by__isnull=True, answered_at__isnull=True)
                | ~Q(state="waiting") & Q(answered_by__isnull=False, answered_at__isnull=False),
                name="erasure_answered_by_someone",
            ),
            models.CheckConstraint(
                condition=~Q(state="done") | ~Q(answered_by=F("asked_by")), name="erasure_by_four_eyes"
            ),
            models.UniqueConstraint(fields=["person"], condition=Q(state="waiting"), name="erasure_asked_once"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.state}"
