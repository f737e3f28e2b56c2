"""What privacy keeps: who answers for an installation's data, requests to erase a person, who looked at whose data."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from privacy.querysets import ControllerQuerySet, ErasureQuerySet, LookQuerySet, RetentionChoiceQuerySet


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


class Look(models.Model):
    """Somebody looked at personal data: of one person, or of the people of a unit, by day and what it was.

    One row a day however often, so that it does not grow without bound; `at` is the first time of that day. Without a
    person and a unit it was a list of the whole portal.
    """

    class What(models.TextChoices):
        PERSON = "person", _("Trang của một người")
        PEOPLE = "people", _("Danh sách người dùng")
        SHEET = "sheet", _("Hồ sơ nêu tên cá nhân")
        WORK = "work", _("Việc của cá nhân")

    # viewer.day.what.taken.person.unit: what is one row.
    key = models.CharField(max_length=100, unique=True)
    viewer = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    what = models.CharField(_("đã xem gì"), max_length=6, choices=What)
    taken = models.BooleanField(_("đã lấy về"), default=False)
    person = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField(_("lần đầu trong ngày"), db_index=True)

    objects = LookQuerySet.as_manager()

    class Meta:
        ordering = ["-at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(what__in=["person", "people", "sheet", "work"]), name="look_what_known"),
        ]
        indexes = [
            models.Index(fields=["unit", "-at"], name="look_of_unit"),
            models.Index(fields=["person", "-at"], name="look_of_person"),
        ]

    def __str__(self) -> str:
        return self.key


class RetentionChoice(models.Model):
    """How many days this installation keeps one kind of data (`retention.RULES`), where it chose."""

    key = models.CharField(max_length=20, unique=True)
    days = models.PositiveSmallIntegerField(_("số ngày giữ"))
    changed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    changed_at = models.DateTimeField()

    objects = RetentionChoiceQuerySet.as_manager()

    class Meta:
        ordering = ["key"]
        constraints = [models.CheckConstraint(condition=Q(days__gte=1), name="retention_at_least_a_day")]

    def __str__(self) -> str:
        return f"{self.key}: {self.days}"
