"""Year-end extracts: what the portal holds of one unit's year, on paper for its classification file."""

from django.conf import settings
from django.db import models
from django.db.models import Q

from completion.models.packs import DIGESTS
from completion.querysets import ExtractQuerySet


class Extract(models.Model):
    """One extract of a unit's year: when and by whom it was made, the checksums of its files and its check code.

    `is_final` once all four quarters were sealed. No row ever changes or goes, so that its code always says what it
    was; the files go after a while.
    """

    code = models.CharField(max_length=16, unique=True)
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="extracts")
    year = models.PositiveSmallIntegerField()
    sources = models.ManyToManyField("completion.Revision", related_name="+")  # the seals it tells of
    is_final = models.BooleanField(default=False)
    with_names = models.BooleanField(default=False)  # of individuals, for the cell itself
    issuer = models.CharField(max_length=300)
    title = models.CharField(max_length=400)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    made_in = models.ForeignKey("organizations.Post", on_delete=models.PROTECT, related_name="+")
    word_sha256 = models.CharField(max_length=64)
    pdf_sha256 = models.CharField(max_length=64, blank=True)  # "" where the system could draw none
    workbook_sha256 = models.CharField(max_length=64)

    objects = ExtractQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at", "-id"]
        indexes = [models.Index(fields=["unit", "year", "-made_at", "-id"], name="extracts_of_unit")]

    def __str__(self) -> str:
        return f"{self.unit_id} {self.year}"

    @property
    def digests(self) -> dict[str, str]:
        """The checksums of its files: {sha256: form}."""
        known = {form: getattr(self, f"{column}_sha256") for form, column in DIGESTS.items()}
        return {digest: form for form, digest in known.items() if digest}


class ExtractFile(models.Model):
    """One file of an extract while it is kept."""

    class Form(models.TextChoices):
        DOCX = "docx", "Word"
        PDF = "pdf", "PDF"
        XLSX = "xlsx", "Excel"

    extract = models.ForeignKey(Extract, on_delete=models.CASCADE, related_name="files")
    form = models.CharField(max_length=4, choices=Form)
    file = models.FileField(upload_to="extracts/%Y/%m/", max_length=200)
    size = models.PositiveBigIntegerField()

    class Meta:
        ordering = ["extract_id", "form"]
        constraints = [
            models.UniqueConstraint(fields=["extract", "form"], name="extract_file_once"),
            models.CheckConstraint(condition=Q(form__in=["docx", "pdf", "xlsx"]), name="extract_file_form_known"),
        ]

    def __str__(self) -> str:
        return f"{self.extract_id} {self.form}"
