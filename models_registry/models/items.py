"""Work items: the smallest counted things, with the five "rõ"."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import ItemState
from models_registry.querysets import WorkItemQuerySet
from vietnamese.folding import fold


def public_subject(position: str, number: int | None) -> str:
    """Return how an individual is called above the own cell: "Đảng viên (số 3)"."""
    return gettext("%(post)s (số %(number)s)") % {"post": position or gettext("Cá nhân"), "number": number or "—"}


def subject_key(name: str, position: str) -> tuple[str, str]:
    """Return what tells one individual of a cell from another."""
    return fold(name), fold(position)


class MeasureUnit(models.Model):
    """A unit an indicator may carry: a controlled list."""

    code = models.SlugField(max_length=20, unique=True)
    name = models.CharField(max_length=40)
    order = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["order", "name"]

    def __str__(self) -> str:
        return self.name


class WorkItem(models.Model):
    """One work: collective (also each step of a model's roadmap), individual, or a pressing issue.

    The facts of its life are `progress.Fact` rows; the columns after `state` repeat the latest of them, so that lists
    and roll-ups read one row. `plain` says they tell the whole story (at most one completion and one confirmation,
    nothing extended, excluded, transferred or revoked), so that any past instant can be judged from them alone.
    """

    class Kind(models.TextChoices):
        COLLECTIVE = "COL", _("Việc của tập thể")
        INDIVIDUAL = "IND", _("Việc của cá nhân")
        ISSUE = "ISS", _("Vấn đề bức xúc, nổi cộm")

    code = models.CharField(max_length=40, unique=True, null=True)
    dossier = models.ForeignKey("models_registry.Dossier", null=True, on_delete=models.PROTECT, related_name="items")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="items")
    # The unit that registered it, once it has been handed over to another.
    first_unit = models.ForeignKey("organizations.Unit", null=True, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=3, choices=Kind)
    year = models.PositiveSmallIntegerField()

    title = models.CharField(_("rõ việc"), max_length=500)
    assignee = models.CharField(_("rõ người"), max_length=200, blank=True)
    accountable = models.CharField(_("rõ trách nhiệm"), max_length=200, blank=True)
    starts_on = models.DateField(_("rõ tiến độ: bắt đầu"), null=True, blank=True)
    due_on = models.DateField(_("rõ tiến độ: hoàn thành"), null=True, blank=True)
    ongoing = models.BooleanField(_("việc thường xuyên"), default=False)
    expected_result = models.CharField(_("rõ kết quả"), max_length=500, blank=True)
    expected_value = models.DecimalField(_("số lượng"), max_digits=14, decimal_places=2, null=True, blank=True)
    measure = models.ForeignKey(
        MeasureUnit, null=True, blank=True, on_delete=models.PROTECT, verbose_name=_("đơn vị tính")
    )
    # The subject of an individual work; shown by name inside the cell, above it as post and number.
    subject_name = models.CharField(_("cá nhân"), max_length=150, blank=True)
    subject_position = models.CharField(_("chức danh"), max_length=150, blank=True)
    subject_number = models.PositiveSmallIntegerField(null=True)
    subject_is_head = models.BooleanField(_("là người đứng đầu"), default=False)
    order = models.PositiveSmallIntegerField(default=0)

    state = models.CharField(max_length=20, choices=ItemState, default=ItemState.PLANNED)
    approved_at = models.DateTimeField(null=True)
    due_in_force = models.DateField(null=True)
    completed_on = models.DateField(null=True)
    confirmed_at = models.DateTimeField(null=True)
    excluded_at = models.DateTimeField(null=True)
    plain = models.BooleanField(default=True)
    imported = models.BooleanField(default=False)
    # The item of the year before that this one continues; it is counted in its own year only.
    carried_from = models.OneToOneField(
        "self", null=True, blank=True, on_delete=models.PROTECT, related_name="carried_to"
    )
    folded = models.TextField(editable=False)

    objects = WorkItemQuerySet.as_manager()

    class Meta:
        ordering = ["dossier_id", "order", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=["COL", "IND", "ISS"]), name="item_kind_known"),
            models.CheckConstraint(condition=Q(state__in=ItemState.values), name="item_state_known"),
            models.CheckConstraint(
                condition=Q(state=ItemState.PLANNED) | Q(approved_at__isnull=False, due_in_force__isnull=False),
                name="item_begun_is_approved",
            ),
            models.CheckConstraint(condition=Q(dossier__isnull=False) | Q(imported=True), name="item_has_a_dossier"),
        ]
        indexes = [
            models.Index(
                fields=["year", "unit", "kind"],
                include=[
                    "due_in_force",
                    "approved_at",
                    "completed_on",
                    "confirmed_at",
                    "plain",
                    "ongoing",
                    "code",
                    "id",
                ],
                name="item_figures",
            ),
            models.Index(fields=["year", "unit"], condition=Q(plain=False), name="item_not_plain"),
            models.Index(fields=["year", "unit"], condition=Q(ongoing=True), name="item_ongoing"),
            models.Index(fields=["unit", "state", "due_in_force", "id"], name="item_of_unit"),
            # Leaders are told at every look how many are overdue, and how many will soon be that nobody touched.
            models.Index(
                fields=["year", "unit", "due_in_force"],
                include=["id"],
                condition=Q(state=ItemState.IN_PROGRESS, excluded_at__isnull=True),
                name="item_late_of_unit",
            ),
            # Lists of a large part of the tree walk these in order and stop after a page.
            models.Index(fields=["year", "due_in_force", "id"], name="item_by_due"),
            models.Index(
                fields=["year", "due_in_force", "id"],
                condition=Q(state__in=[ItemState.IN_PROGRESS, ItemState.REPORTED, ItemState.SUSPENDED]),
                name="item_open_by_due",
            ),
            models.Index(
                fields=["unit", "id"], condition=Q(state=ItemState.REPORTED), name="item_awaiting_confirmation"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def public_subject(self) -> str:
        """How the individual is called above the own cell."""
        return public_subject(self.subject_position, self.subject_number)


class ItemChange(models.Model):
    """A counted fact about an item has changed: appended in the transaction that changed it, folded by a task."""

    item = models.ForeignKey(WorkItem, on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.CASCADE, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.item_id} {self.at}"
