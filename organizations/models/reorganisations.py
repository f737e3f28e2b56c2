"""What became of units: decisions on their organisation, and who followed whom."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from organizations.models.units import Unit
from organizations.querysets import PlannedReorganisationQuerySet, ReorganisationQuerySet, SuccessionQuerySet


class Change(models.TextChoices):
    """How a reorganisation changes a unit."""

    MERGE = "merge", _("Sáp nhập, hợp nhất")
    SPLIT = "split", _("Chia tách")
    MOVE = "move", _("Chuyển trực thuộc")
    RENAME = "rename", _("Đổi tên")
    DISSOLVE = "dissolve", _("Giải thể, kết thúc")


class Reorganisation(models.Model):
    """A numbered decision on units, taking effect on a day; what it did to each is its successions."""

    kind = models.CharField(_("hình thức"), max_length=10, choices=Change)
    number = models.CharField(_("số quyết định"), max_length=60)
    decided_on = models.DateField(_("ngày quyết định"))
    effective_on = models.DateField(_("có hiệu lực từ ngày"))
    note = models.TextField(_("ghi chú"), blank=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")

    objects = ReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ["-effective_on", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Change.values), name="reorganisation_kind_known"),
            models.CheckConstraint(condition=~Q(number=""), name="reorganisation_has_a_number"),
        ]

    def __str__(self) -> str:
        return self.number


class Succession(models.Model):
    """What became of one unit (`predecessor`) on a day, and when that became known; never changed.

    Merged into `successor`; split, one row for each; moved, `successor` is what it stands under from then on (none: it
    heads a tree); renamed, or of another kind, which keeps it the same unit; dissolved, without a successor. Imported
    ones, and those an administrator makes without a wizard, belong to no `reorganisation`.
    """

    Kind = Change

    reorganisation = models.ForeignKey(Reorganisation, null=True, on_delete=models.PROTECT, related_name="successions")
    kind = models.CharField(max_length=10, choices=Change)
    predecessor = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="successions")
    successor = models.ForeignKey(Unit, null=True, on_delete=models.PROTECT, related_name="inheritances")
    old_name = models.CharField(max_length=300, blank=True)
    new_name = models.CharField(max_length=300, blank=True)
    old_kind = models.CharField(max_length=30, choices=Unit.Kind, blank=True)
    new_kind = models.CharField(max_length=30, choices=Unit.Kind, blank=True)
    folded_old_name = models.CharField(max_length=400, blank=True, editable=False)
    effective_on = models.DateField()
    recorded_at = models.DateTimeField()

    objects = SuccessionQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "recorded_at", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Change.values), name="succession_kind_known"),
            models.CheckConstraint(
                condition=Q(successor__isnull=False) | ~Q(kind__in=["merge", "split"]),
                name="succession_has_a_successor",
            ),
            models.CheckConstraint(
                condition=Q(successor__isnull=True) | ~Q(kind__in=["rename", "dissolve"]),
                name="succession_needs_no_successor",
            ),
            models.CheckConstraint(condition=~Q(successor=F("predecessor")), name="succession_by_another"),
            models.CheckConstraint(
                condition=~Q(kind="rename") | ~Q(old_name="", old_kind=""), name="succession_renames_something"
            ),
            models.UniqueConstraint(
                fields=["predecessor", "successor", "kind", "effective_on", "recorded_at"],
                condition=Q(successor__isnull=False),
                name="succession_once",
            ),
        ]
        indexes = [
            models.Index(fields=["kind", "effective_on"], name="succession_by_day"),
            models.Index(fields=["recorded_at"], name="succession_by_record"),
        ]

    def __str__(self) -> str:
        return f"{self.predecessor_id} {self.kind} {self.effective_on}"


class PlannedReorganisation(models.Model):
    """A decision confirmed before its day: what it asks for, what was shown of it then, and what came of it.

    `asked` names units and posts by id, so that renaming one changes nothing; `differed` are [head, lines shown, lines
    done] of what its day found otherwise; `stopped_because` says why its day could not carry it out.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("Chờ đến ngày")
        DONE = "done", _("Đã thực hiện")
        STOPPED = "stopped", _("Dừng lại, cần xem")
        REPLACED = "replaced", _("Đã thay")
        WITHDRAWN = "withdrawn", _("Đã rút lại")

    kind = models.CharField(_("hình thức"), max_length=10, choices=Change)
    number = models.CharField(_("số quyết định"), max_length=60)
    decided_on = models.DateField(_("ngày quyết định"))
    effective_on = models.DateField(_("có hiệu lực từ ngày"))
    note = models.TextField(_("ghi chú"), blank=True)
    # Every unit it names: those it changes, and those that receive something.
    units = models.ManyToManyField(Unit, related_name="+")
    asked = models.JSONField()
    shown = models.JSONField()
    language = models.CharField(max_length=5, choices=settings.LANGUAGES, default="vi")
    state = models.CharField(max_length=10, choices=State, default=State.WAITING)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("Person", on_delete=models.PROTECT, related_name="+")
    # The post it was confirmed in; one that has ended carries nothing out.
    post = models.ForeignKey("Post", null=True, on_delete=models.SET_NULL, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey("Person", null=True, on_delete=models.PROTECT, related_name="+")
    reorganisation = models.OneToOneField(Reorganisation, null=True, on_delete=models.PROTECT, related_name="plan")
    differed = models.JSONField(default=list)
    stopped_because = models.TextField(blank=True)

    objects = PlannedReorganisationQuerySet.as_manager()

    class Meta:
        ordering = ["effective_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(kind__in=Change.values), name="planned_reorganisation_kind_known"),
            models.CheckConstraint(
                condition=Q(state="waiting", ended_at__isnull=True)
                | Q(state__in=["done", "stopped", "replaced", "withdrawn"], ended_at__isnull=False),
                name="planned_reorganisation_waits_or_ended",
            ),
            models.CheckConstraint(
                condition=Q(state="done", reorganisation__isnull=False)
                | ~Q(state="done") & Q(reorganisation__isnull=True),
                name="planned_reorganisation_done_by_one",
            ),
        ]
        indexes = [
            models.Index(fields=["effective_on"], condition=Q(state="waiting"), name="planned_reorganisation_due"),
        ]

    def __str__(self) -> str:
        return self.number
