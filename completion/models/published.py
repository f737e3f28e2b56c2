"""What reports printed before, and beside, the portal: tables entered from a document, and their figures."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from completion.querysets import PublishedFigureQuerySet, PublishedTableQuerySet
from models_registry.models import WorkItem
from models_registry.models.files import StoredFile


class SourceDocument(StoredFile):
    """The scan or file of a report that figures were entered from; versions of a table share it."""

    file = models.FileField(upload_to="published/%Y/%m/", max_length=200)


class PublishedTable(models.Model):
    """One table of published figures of a `unit` and those below it, in one year, as somebody entered it.

    `rows` are the cells as they were typed, right or wrong, so that nothing is lost; what is shown are the figures
    made of them when somebody else approved. A correction is a new table that `replaces` this one, which stays as it
    was (triggers). `edition` counts how often the rows were saved.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Đang nhập")
        ASKED = "asked", _("Chờ duyệt")
        SHOWN = "shown", _("Đang hiển thị")
        REPLACED = "replaced", _("Đã có bản mới")

    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="published_tables")
    year = models.PositiveSmallIntegerField(_("năm"))
    title = models.CharField(_("tên bảng"), max_length=200)
    symbol = models.CharField(_("số, ký hiệu văn bản"), max_length=60)
    issued_on = models.DateField(_("ngày văn bản"))
    issuer = models.CharField(_("cơ quan ban hành"), max_length=200)
    document = models.ForeignKey(SourceDocument, null=True, on_delete=models.PROTECT, related_name="tables")
    version = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    reason = models.TextField(_("lý do sửa"), blank=True)  # of a version that replaces another
    rows = models.JSONField(default=list)
    edition = models.PositiveIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State, default=State.DRAFT)
    entered_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    entered_in = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    begun_at = models.DateTimeField()
    asked_at = models.DateTimeField(null=True)
    answer = models.TextField(_("ý kiến của người duyệt"), blank=True)
    decided_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)

    objects = PublishedTableQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state__in=["draft", "asked", "shown", "replaced"]), name="published_table_state_known"
            ),
            models.CheckConstraint(
                condition=Q(state__in=["draft", "asked"])
                | (Q(decided_by__isnull=False, decided_at__isnull=False) & ~Q(decided_by=F("entered_by"))),
                name="published_table_four_eyes",
            ),
            models.CheckConstraint(
                condition=Q(version=1, replaces__isnull=True) | Q(version__gt=1, replaces__isnull=False),
                name="published_table_version_replaces",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title} {self.year}"


class PublishedFigure(models.Model):
    """A figure a report printed, kept as it was printed, to stand beside the computed one."""

    # None: loaded by a command, shown as it is.
    table = models.ForeignKey(PublishedTable, null=True, on_delete=models.PROTECT, related_name="figures")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="published_figures")
    year = models.PositiveSmallIntegerField(_("năm"))
    quarter = models.PositiveSmallIntegerField(_("quý"), null=True)  # to the end of which; None: the whole year
    # "" of all kinds together.
    kind = models.CharField(_("loại việc"), max_length=3, choices=WorkItem.Kind, blank=True)
    # Of items owned by units of this kind; empty where the figure is of all.
    unit_kind = models.CharField(_("loại đơn vị"), max_length=30, blank=True)
    label = models.CharField(_("chỉ tiêu"), max_length=200)
    n = models.PositiveIntegerField(_("hoàn thành"))
    base = models.PositiveIntegerField(_("tổng số"))
    printed_rate = models.CharField(_("tỷ lệ đã công bố"), max_length=20, blank=True)
    source = models.CharField(_("nguồn"), max_length=300)
    order = models.PositiveSmallIntegerField(default=0)

    objects = PublishedFigureQuerySet.as_manager()

    class Meta:
        ordering = ["unit_id", "-year", "order"]
        constraints = [
            models.UniqueConstraint(
                fields=["unit", "year", "label"], condition=Q(table__isnull=True), name="published_once"
            ),
            models.UniqueConstraint(
                fields=["table", "unit", "quarter", "label"],
                condition=Q(quarter__isnull=False),
                name="published_quarter_once",
            ),
            models.UniqueConstraint(
                fields=["table", "unit", "label"],
                condition=Q(table__isnull=False, quarter__isnull=True),
                name="published_year_once",
            ),
            models.CheckConstraint(condition=Q(n__lte=F("base")), name="published_n_within_base"),
            models.CheckConstraint(
                condition=Q(quarter__isnull=True) | Q(quarter__range=(1, 4)), name="published_quarter"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.label} {self.year}"
