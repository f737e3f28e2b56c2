"""The dossier: one row for a practice model or a registration sheet, its versions, files and comments."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Left
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import State
from models_registry.models.files import StoredFile
from models_registry.querysets import AttachmentQuerySet, CommentQuerySet, DossierQuerySet


class Programme(models.TextChoices):
    """Programmes a dossier may also be counted in."""

    FOLLOWING_BAC = "lam_theo_bac", _("Học tập và làm theo Bác")
    SKILFUL_MOBILISATION = "dan_van_kheo", _("Dân vận khéo")
    NEW_COUNTRYSIDE = "nong_thon_moi", _("Xây dựng nông thôn mới, đô thị văn minh")
    REFORM = "cai_cach_hanh_chinh", _("Cải cách hành chính, chuyển đổi số")


class Dossier(models.Model):
    """What a unit sends to its appraising body. Only the gate (`services.take_step`) changes `state`."""

    class Kind(models.TextChoices):
        PRACTICE_MODEL = "practice_model", _("Mô hình")
        REGISTRATION_SHEET = "registration_sheet", _("Bản đăng ký")

    kind = models.CharField(max_length=20, choices=Kind)
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="dossiers")
    round = models.ForeignKey("models_registry.RegistrationRound", on_delete=models.PROTECT, related_name="dossiers")
    year = models.PositiveSmallIntegerField()
    # A further sheet of the same unit and round, sent after the first.
    supplementary = models.BooleanField(default=False)
    title = models.CharField(_("tên"), max_length=400)
    state = models.CharField(max_length=20, choices=State, default=State.DRAFT)
    # The number of the last version sent; 0 before the first submission.
    version = models.PositiveSmallIntegerField(default=0)
    # Counts every saved change; a page that carries an older number is stale.
    edition = models.PositiveIntegerField(default=0)
    body = models.ForeignKey(
        "organizations.Unit", null=True, on_delete=models.PROTECT, related_name="dossiers_to_appraise"
    )
    co_units = models.ManyToManyField("organizations.Unit", blank=True, related_name="dossiers_shared")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="dossiers")
    copied_from = models.ForeignKey("self", null=True, blank=True, on_delete=models.SET_NULL, related_name="copies")
    tags = models.JSONField(_("từ khóa"), default=list, blank=True)
    programmes = models.JSONField(_("chương trình"), default=list, blank=True)
    created_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    submitted_at = models.DateTimeField(null=True)
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    decided_at = models.DateTimeField(null=True)
    # By when whoever holds it now must answer: the day of its open turn, kept here because lists sort by it.
    due_on = models.DateField(null=True)
    # What lacked when last saved, {section: [field or row, …]}, for the list of steps; sending asks anew.
    lacking = models.JSONField(default=dict)
    folded = models.TextField(editable=False)

    objects = DossierQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="dossier_state_known"),
            models.CheckConstraint(condition=Q(state=State.DRAFT) | Q(version__gte=1), name="dossier_sent_has_version"),
            models.CheckConstraint(
                condition=Q(state__in=[State.DRAFT]) | Q(body__isnull=False), name="dossier_sent_has_body"
            ),
            # A copy is younger than what it was made from, so that nothing comes from itself by any way round.
            models.CheckConstraint(
                condition=Q(copied_from__isnull=True) | Q(copied_from__lt=F("id")), name="dossier_copied_from_an_older"
            ),
            models.UniqueConstraint(
                fields=["unit", "round"],
                condition=Q(kind="registration_sheet", supplementary=False)
                & ~Q(state__in=[State.REJECTED, State.WITHDRAWN]),
                name="sheet_once_a_unit_and_round",
            ),
        ]
        indexes = [
            models.Index(fields=["body", "state", "submitted_at", "id"], name="dossier_queue"),
            models.Index(fields=["body", "state", "due_on", "id"], name="dossier_by_due_day"),
            # The queue counts every state at every look, without what one may not judge; narrow, and with the id, so
            # that the count reads little.
            models.Index(fields=["body", "state", "kind", "round", "id"], name="dossier_tally"),
            models.Index(fields=["unit", "-year", "-id"], name="dossier_of_unit"),
            models.Index("body", "state", Left("folded", 80), "id", name="dossier_by_title"),
            models.Index(fields=["round", "unit", "kind"], name="dossier_of_obligation"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_model(self) -> bool:
        return self.kind == self.Kind.PRACTICE_MODEL

    @property
    def can_be_edited(self) -> bool:
        """While the unit holds it; whether *this* person may is the permission's answer."""
        return self.state in (State.DRAFT, State.REVISION_REQUESTED)

    def begun_works(self) -> frozenset[int]:
        """Return the ids of works that began under an earlier approval; one query, none before a second version."""
        if self.version < 2:
            return frozenset()
        return frozenset(self.items.filter(approved_at__isnull=False).values_list("pk", flat=True))


class DossierVersion(models.Model):
    """What was sent, frozen: `content` is the whole dossier as plain values, by the field names of the forms."""

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveSmallIntegerField()
    content = models.JSONField()
    submitted_at = models.DateTimeField()
    submitted_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    # By which criteria it is judged, from the first mark on, whatever the round takes up later.
    criterion_set = models.ForeignKey(
        "models_registry.CriterionSet", on_delete=models.PROTECT, null=True, related_name="judged_versions"
    )

    class Meta:
        ordering = ["dossier_id", "number"]
        constraints = [models.UniqueConstraint(fields=["dossier", "number"], name="dossier_version_once")]

    def __str__(self) -> str:
        return f"{self.dossier_id} v{self.number}"


class Attachment(StoredFile):
    """A file of a dossier, checked by content, stored under a random name, served through the scope check."""

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="attachments")
    file = models.FileField(upload_to="dossiers/%Y/%m/", max_length=200)
    added_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    added_at = models.DateTimeField()
    # A file a sent version names is never deleted, only taken off what comes next.
    removed_at = models.DateTimeField(null=True)
    # A scan of the paper that was signed: of which version (the next one while a draft is held), and by whom. It is no
    # part of a version's content: it may come later, and changes nothing that was sent.
    signed_version = models.PositiveSmallIntegerField(null=True)
    signed_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")

    objects = AttachmentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        indexes = [*StoredFile.Meta.indexes]
        constraints = [
            *StoredFile.Meta.constraints,
            models.UniqueConstraint(
                fields=["dossier", "digest"],
                condition=Q(removed_at__isnull=True) & ~Q(digest=""),
                name="attachment_once",
            ),
            models.CheckConstraint(
                condition=Q(signed_version__isnull=True, signed_by__isnull=True)
                | Q(signed_version__gte=1, signed_by__isnull=False),
                name="attachment_signed_by_someone",
            ),
        ]


class Comment(models.Model):
    """A remark of at most 500 characters on a dossier: between unit and board, or within the board only."""

    class Audience(models.TextChoices):
        BOTH = "both", _("Đơn vị và Ban")
        BOARD = "board", _("Nội bộ Ban")

    dossier = models.ForeignKey(Dossier, on_delete=models.CASCADE, related_name="comments")
    audience = models.CharField(max_length=5, choices=Audience, default=Audience.BOTH)
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="+")
    text = models.CharField(_("ý kiến"), max_length=500)
    at = models.DateTimeField()

    objects = CommentQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return self.text
