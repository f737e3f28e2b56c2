"""Report packs: the sealed figures of one unit as files that are handed on, and who has them made at every seal."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from completion.quarters import Quarter
from completion.querysets import PackQuerySet, PackWishQuerySet

# In which column the checksum of each form stands.
DIGESTS = {"docx": "word", "pdf": "pdf", "xlsx": "workbook"}


class Pack(models.Model):
    """One report pack: of which unit, period and sealed revisions, the checksums of its files and its check code.

    No row ever changes or goes, so that its code always says what it was; the files go after a while.
    """

    class Span(models.TextChoices):
        QUARTER = "quarter", _("quý")
        HALF = "half", _("6 tháng")
        YEAR = "year", _("cả năm")

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="packs")
    span = models.CharField(max_length=7, choices=Span)
    # Whose end is the period's: all but what single quarters tell is of this one.
    revision = models.ForeignKey("completion.Revision", on_delete=models.PROTECT, related_name="packs")
    sources = models.ManyToManyField("completion.Revision", related_name="+")
    issuer = models.CharField(max_length=300)  # the unit's name on the last day of the period
    title = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_in = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    item_count = models.PositiveIntegerField(default=0)
    word_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, blank=True)  # "" where the system could draw none
    workbook_sha256 = models.CharField(max_length=64)

    objects = PackQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        constraints = [
            models.CheckConstraint(condition=Q(span__in=["quarter", "half", "year"]), name="pack_span_known")
        ]
        indexes = [models.Index(fields=["unit", "-made_at", "-id"], name="packs_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.revision_id} {self.span}"

    @property
    def digests(self) -> dict[str, str]:
        """The checksums of its files: {sha256: form}."""
        known = {form: getattr(self, f"{column}_sha256") for form, column in DIGESTS.items()}
        return {digest: form for form, digest in known.items() if digest}

    @property
    def quarter(self) -> Quarter:
        """The quarter whose end is the period's; `revision__period` should be loaded."""
        return self.revision.period.as_quarter


class PackFile(models.Model):
    """One file of a pack while it is kept."""

    class Form(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    pack = models.ForeignKey(Pack, on_delete=models.CASCADE, related_name="files")
    form = models.CharField(max_length=4, choices=Form)
    file = models.FileField(upload_to="packs/%Y/%m/", max_length=200)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["pack_id", "form"]
        constraints = [
            models.UniqueConstraint(fields=["pack", "form"], name="pack_file_once"),
            models.CheckConstraint(condition=Q(form__in=["docx", "pdf", "xlsx"]), name="pack_file_form_known"),
        ]

    def __str__(self) -> str:
        return f"{self.pack_id} {self.form}"


class PackWish(models.Model):
    """Somebody wants the pack of a unit made, and to be told of it, whenever a quarter of that unit is sealed."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="pack_wishes")
    post = models.ForeignKey("organizations.Post", on_delete=models.CASCADE, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()  # seals of before are not sent

    objects = PackWishQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["post", "unit"], name="pack_wished_once")]

    def __str__(self) -> str:
        return f"{self.post_id} {self.unit_id}"


class PackSending(models.Model):
    """One wish met for one seal, once: made first, so that a crash after it neither loses nor repeats anything."""

    wish = models.ForeignKey(PackWish, on_delete=models.CASCADE, related_name="sendings")
    revision = models.ForeignKey("completion.Revision", on_delete=models.PROTECT, related_name="+")
    span = models.CharField(max_length=7, choices=Pack.Span)
    pack = models.ForeignKey(Pack, null=True, on_delete=models.PROTECT, related_name="+")
    planned_at = models.DateTimeField()
    told_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(fields=["wish", "revision", "span"], name="pack_sent_once"),
            models.CheckConstraint(
                condition=Q(told_at__isnull=True) | Q(pack__isnull=False), name="pack_told_when_made"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.wish_id} {self.revision_id} {self.span}"
