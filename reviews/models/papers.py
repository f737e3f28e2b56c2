"""The board's papers: what was issued, byte for byte, and the sessions whose minutes it keeps."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from reviews.check_codes import shown
from reviews.querysets import IssuedPaperQuerySet, SessionQuerySet


class Session(models.Model):
    """A meeting of the board at which dossiers were discussed; people are named as the minutes name them."""

    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="sessions")
    title = models.CharField(_("tên phiên họp"), max_length=200)
    held_on = models.DateField(_("ngày họp"))
    begins_at = models.TimeField(_("bắt đầu lúc"))
    ends_at = models.TimeField(_("kết thúc lúc"), null=True, blank=True)
    place = models.CharField(_("địa điểm"), max_length=200)
    chair = models.CharField(_("chủ trì"), max_length=200)
    secretary = models.CharField(_("thư ký"), max_length=200)
    attendees = models.TextField(_("thành phần dự họp"), max_length=4000)
    absent = models.TextField(_("vắng mặt, lý do"), max_length=2000, blank=True)
    conclusion = models.TextField(_("kết luận chung"), max_length=8000, blank=True)
    edition = models.PositiveIntegerField(default=0, editable=False)
    changed_at = models.DateTimeField()

    objects = SessionQuerySet.as_manager()

    class Meta:
        ordering = ["-held_on", "-id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("begins_at")), name="session_ends_after_it_begins"
            ),
        ]

    def __str__(self) -> str:
        return self.title


class SessionPoint(models.Model):
    """One version of a dossier on the agenda of a session: what was said of it, and what was concluded."""

    session = models.ForeignKey(Session, on_delete=models.CASCADE, related_name="points")
    version = models.ForeignKey("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="+")
    discussion = models.TextField(_("ý kiến thảo luận"), max_length=8000, blank=True)
    conclusion = models.TextField(_("kết luận"), max_length=4000, blank=True)
    edition = models.PositiveIntegerField(default=0, editable=False)

    class Meta:
        ordering = ["id"]
        constraints = [models.UniqueConstraint(fields=["session", "version"], name="discussed_once_a_session")]

    def __str__(self) -> str:
        return f"{self.session_id} · {self.version_id}"


class IssuedPaper(models.Model):
    """A paper as it left the board: its bytes, their checksums, its number and its check code. No row ever changes.

    `edition` counts the issues of the same paper; a later one names in `replaces` the one it stands for.
    """

    class Kind(models.TextChoices):
        APPRAISAL = "appraisal", _("Phiếu thẩm định")
        DECISION = "decision", _("Quyết định")
        MINUTES = "minutes", _("Biên bản phiên họp")

    kind = models.CharField(max_length=10, choices=Kind)
    code = models.CharField(max_length=16, unique=True)
    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="papers")
    issuer = models.CharField(max_length=300)  # the body's name on the day
    number = models.PositiveIntegerField()
    year = models.PositiveSmallIntegerField()
    unit_symbol = models.CharField(max_length=30)
    symbol = models.CharField(max_length=60)  # "12-QĐ/BTG", as printed
    day = models.DateField()
    place = models.CharField(max_length=60)
    title = models.CharField(max_length=400)
    edition = models.PositiveSmallIntegerField(default=1)
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    version = models.ForeignKey(
        "models_registry.DossierVersion", null=True, on_delete=models.PROTECT, related_name="papers"
    )
    session = models.ForeignKey(Session, null=True, on_delete=models.PROTECT, related_name="papers")
    decisions = models.ManyToManyField("reviews.Decision", related_name="papers")
    signer = models.CharField(max_length=200)  # the post, as text
    word = models.FileField(upload_to="papers/%Y/%m/", max_length=200)
    word_sha256 = models.CharField(max_length=64)
    pdf = models.FileField(upload_to="papers/%Y/%m/", max_length=200, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    issued_at = models.DateTimeField()
    issued_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    objects = IssuedPaperQuerySet.as_manager()

    class Meta:
        ordering = ["-issued_at", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["body", "kind", "year", "number"], name="paper_number_once"),
            models.UniqueConstraint(fields=["version", "edition"], name="appraisal_paper_edition_once"),
            models.UniqueConstraint(fields=["session", "edition"], name="minutes_edition_once"),
            models.CheckConstraint(
                condition=Q(edition=1, replaces__isnull=True) | Q(edition__gt=1, replaces__isnull=False),
                name="later_edition_replaces_one",
            ),
            models.CheckConstraint(
                condition=Q(kind="appraisal", version__isnull=False, session__isnull=True)
                | Q(kind="minutes", version__isnull=True, session__isnull=False)
                | Q(kind="decision", version__isnull=True, session__isnull=True),
                name="paper_is_of_its_kind",
            ),
        ]
        indexes = [models.Index(fields=["body", "-issued_at", "-id"], name="papers_of_body")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.symbol}"

    @property
    def shown_code(self) -> str:
        return shown(self.code)

    @property
    def is_replaced(self) -> bool:
        """One query, unless `replaced_by` was loaded with the row."""
        return hasattr(self, "replaced_by")
