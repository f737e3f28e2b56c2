"""The plan of a year, kept by the board head: themes, criterion sets, rounds, and what units owe in them."""

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from models_registry.querysets import MemberObligationQuerySet, ObligationQuerySet, PlanQuerySet, RoundQuerySet


class Kept(models.Model):
    """What a board keeps. `edition` counts saved changes, so that a stale page is noticed; ended rows stay readable."""

    edition = models.PositiveIntegerField(default=0, editable=False)
    ended = models.BooleanField(_("đã kết thúc"), default=False, editable=False)

    objects = PlanQuerySet.as_manager()

    class Meta:
        abstract = True


class Theme(Kept):
    """A yearly or longer theme (chuyên đề) announced by a unit."""

    title = models.CharField(_("chuyên đề"), max_length=500)
    year_from = models.PositiveSmallIntegerField(_("từ năm"))
    year_to = models.PositiveSmallIntegerField(_("đến năm"))
    owner = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="themes")
    document_symbol = models.CharField(_("số, ký hiệu văn bản"), max_length=60, blank=True)

    class Meta:
        ordering = ["-year_to", "-year_from", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="theme_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.title


class CriterionSet(Kept):
    """One version of the criteria a body appraises by; frozen once a dossier was judged by it."""

    class DossierKind(models.TextChoices):
        PRACTICE_MODEL = "practice_model", _("Mô hình")
        REGISTRATION_SHEET = "registration_sheet", _("Bản đăng ký")

    name = models.CharField(_("tên bộ tiêu chí"), max_length=200)
    owner = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="criterion_sets")
    dossier_kind = models.CharField(_("dùng cho"), max_length=20, choices=DossierKind)
    year = models.PositiveSmallIntegerField(_("năm"))
    version = models.PositiveSmallIntegerField(default=1)
    frozen_at = models.DateTimeField(null=True)
    # What it was written from: the version before, or the set of another year.
    based_on = models.ForeignKey("self", on_delete=models.PROTECT, null=True, related_name="+")

    class Meta:
        ordering = ["-year", "dossier_kind", "-version"]
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "dossier_kind", "year", "version"], name="criterion_set_version_once"
            ),
        ]

    def __str__(self) -> str:
        said = {"name": self.name, "year": self.year, "version": self.version}
        return gettext("%(name)s (năm %(year)d, bản %(version)d)") % said

    def rounds(self):
        """The rounds that appraise by it now."""
        return RegistrationRound.objects.filter(Q(model_criteria=self) | Q(sheet_criteria=self))

    def versions(self):
        """All versions of one body's set for a year and dossier kind, this one among them."""
        return CriterionSet.objects.filter(owner=self.owner_id, dossier_kind=self.dossier_kind, year=self.year)

    def rounds_to_move(self):
        """The body's rounds that appraise by any version, each with its number in `by_version`, by name."""
        field = "model_criteria" if self.dossier_kind == self.DossierKind.PRACTICE_MODEL else "sheet_criteria"
        using = RegistrationRound.objects.filter(body=self.owner_id, **{f"{field}__in": self.versions()})
        return using.annotate(by_version=F(f"{field}__version")).order_by("name")


class Criterion(models.Model):
    """One question of a set. A fault is answered "shown" or "not shown", and doubles as a reason for returning.

    `levels` are a score's own, best first, as [points, descriptor]; what a mark earns of `weight` is told by `scales`.
    """

    class Group(models.TextChoices):
        CONTENT = "content", _("Ba nội dung")
        EASE = "ease", _("5 dễ")
        CLARITY = "clarity", _("5 rõ")
        LINK = "link", _("Liên hệ")
        FAULT = "fault", _("Sáu lỗi cần tránh")

    class Kind(models.TextChoices):
        CHECK = "check", _("Đạt, một phần, chưa đạt")
        SCORE = "score", _("Cho điểm theo mức")
        TEXT = "text", _("Nhận xét bằng lời")

    criterion_set = models.ForeignKey(CriterionSet, on_delete=models.CASCADE, related_name="criteria")
    group = models.CharField(_("nhóm"), max_length=10, choices=Group)
    code = models.SlugField(_("mã"), max_length=40)
    text = models.CharField(_("nội dung"), max_length=300)
    order = models.PositiveSmallIntegerField(default=0)
    kind = models.CharField(_("cách chấm"), max_length=5, choices=Kind, default=Kind.CHECK)
    weight = models.PositiveSmallIntegerField(_("trọng số"), default=1)
    levels = models.JSONField(default=list)

    class Meta:
        ordering = ["criterion_set_id", "order", "id"]
        constraints = [
            models.UniqueConstraint(fields=["criterion_set", "code"], name="criterion_code_once"),
            models.CheckConstraint(condition=Q(kind__in=["check", "score", "text"]), name="criterion_kind_known"),
            models.CheckConstraint(condition=Q(kind="check") | ~Q(group="fault"), name="fault_is_shown_or_not"),
            models.CheckConstraint(condition=Q(weight__lte=100), name="criterion_weight_within_100"),
            models.CheckConstraint(condition=Q(weight=0) | ~Q(kind="text"), name="words_weigh_nothing"),
        ]

    def __str__(self) -> str:
        return self.text


class RegistrationRound(models.Model):
    """A round of registration, run by a body for the units it serves. Open, late and closed follow from the days."""

    name = models.CharField(_("tên đợt"), max_length=200)
    year = models.PositiveSmallIntegerField(_("năm kế hoạch"))
    body = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="rounds")
    theme = models.ForeignKey(Theme, on_delete=models.PROTECT, related_name="rounds", verbose_name=_("chuyên đề"))
    model_criteria = models.ForeignKey(
        CriterionSet, on_delete=models.PROTECT, related_name="+", verbose_name=_("tiêu chí mô hình")
    )
    sheet_criteria = models.ForeignKey(
        CriterionSet, on_delete=models.PROTECT, related_name="+", verbose_name=_("tiêu chí bản đăng ký")
    )
    opens_on = models.DateField(_("mở ngày"))
    closes_on = models.DateField(_("hạn đăng ký"))
    late_until = models.DateField(_("nhận muộn đến"))
    target_kinds = models.JSONField(_("loại đơn vị phải đăng ký"), default=list)
    model_required = models.BooleanField(_("mỗi đơn vị phải có mô hình"), default=False)
    members_required = models.BooleanField(_("mỗi đảng viên phải đăng ký việc cá nhân"), default=True)
    min_works = models.PositiveSmallIntegerField(_("số việc ít nhất"), default=1)
    max_works = models.PositiveSmallIntegerField(_("số việc nhiều nhất"), default=2)
    mask_names = models.BooleanField(_("che tên cá nhân ở cấp trên"), default=True)
    appraisal_days = models.PositiveSmallIntegerField(_("số ngày làm việc thẩm định"), default=15)
    appraisers = models.PositiveSmallIntegerField(_("số người chấm mỗi hồ sơ"), default=1)
    apart_points = models.PositiveSmallIntegerField(_("lệch từ bao nhiêu điểm thì lưu ý"), default=15)
    opened_at = models.DateTimeField(null=True)
    # Whom it is for, with all below them, where its body took it over from one that served fewer; none: all it serves.
    only_for = models.ManyToManyField("organizations.Unit", related_name="+", blank=True)
    edition = models.PositiveIntegerField(default=0, editable=False)

    objects = RoundQuerySet.as_manager()

    class Meta:
        ordering = ["-year", "-opens_on", "id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(closes_on__gte=F("opens_on")) & Q(late_until__gte=F("closes_on")),
                name="round_days_in_order",
            ),
            models.CheckConstraint(condition=Q(max_works__gte=F("min_works")), name="round_works_in_order"),
            models.CheckConstraint(condition=Q(appraisers__gte=1, appraisers__lte=5), name="round_asks_one_to_five"),
            models.CheckConstraint(condition=Q(apart_points__range=(1, 100)), name="round_apart_in_points"),
            models.UniqueConstraint(fields=["body", "year", "name"], name="round_name_once"),
        ]

    def __str__(self) -> str:
        return self.name


class Obligation(models.Model):
    """What one unit owes in one round; written when the round opens."""

    class Owes(models.TextChoices):
        SHEET = "registration_sheet", _("Bản đăng ký")
        MODEL = "practice_model", _("Mô hình")

    class Status(models.TextChoices):
        """Never stored: what `with_status` derives."""

        SENT = "sent", _("Đã gửi đúng hạn")
        LATE = "late", _("Gửi muộn")
        MISSING = "missing", _("Chưa gửi")
        EXEMPT = "exempt", _("Được miễn")

    round = models.ForeignKey(RegistrationRound, on_delete=models.PROTECT, related_name="obligations")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="obligations")
    owes = models.CharField(max_length=20, choices=Owes)
    exempt_reason = models.CharField(_("lý do miễn"), max_length=300, blank=True)
    exempted_by = models.ForeignKey(settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+")
    exempted_at = models.DateTimeField(null=True)

    objects = ObligationQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "unit_id"]
        constraints = [
            models.UniqueConstraint(fields=["round", "unit", "owes"], name="obligation_once"),
            models.CheckConstraint(
                condition=Q(exempted_at__isnull=True) | ~Q(exempt_reason=""), name="exemption_has_a_reason"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id} {self.owes}"


class MemberObligation(models.Model):
    """How many members of one cell owe works of their own in one round: those of a head-count, less its exempt ones.

    Written when the round opens, from the head-count in force that day, and again whenever the board brings the round
    up to date. Without any head-count it says so (None) and is no zero. Exempt from its sheet, it exempts its members.
    """

    round = models.ForeignKey(RegistrationRound, on_delete=models.PROTECT, related_name="member_obligations")
    unit = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="member_obligations")
    head_count = models.ForeignKey("organizations.HeadCount", null=True, on_delete=models.PROTECT, related_name="+")
    written_at = models.DateTimeField()

    objects = MemberObligationQuerySet.as_manager()

    class Meta:
        ordering = ["round_id", "unit_id"]
        constraints = [models.UniqueConstraint(fields=["round", "unit"], name="member_obligation_once")]

    def __str__(self) -> str:
        return f"{self.round_id} {self.unit_id}"


class ResolutionTarget(Kept):
    """A target of a resolution (chỉ tiêu nghị quyết) of a unit, which models below it may serve."""

    owner = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="resolution_targets")
    text = models.CharField(_("chỉ tiêu"), max_length=500)
    document_symbol = models.CharField(_("nghị quyết"), max_length=100, blank=True)
    year_from = models.PositiveSmallIntegerField(_("từ năm"))
    year_to = models.PositiveSmallIntegerField(_("đến năm"))

    class Meta:
        ordering = ["-year_to", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(year_to__gte=F("year_from")), name="target_ends_after_it_begins"),
        ]

    def __str__(self) -> str:
        return self.text


class Shortcoming(Kept):
    """A named shortcoming (tồn tại, hạn chế) of a unit, found by a review or an inspection."""

    owner = models.ForeignKey("organizations.Unit", on_delete=models.PROTECT, related_name="shortcomings")
    text = models.CharField(_("tồn tại, hạn chế"), max_length=500)
    source = models.CharField(_("nêu tại"), max_length=200, blank=True)
    year = models.PositiveSmallIntegerField(_("năm"))

    class Meta:
        ordering = ["-year", "id"]

    def __str__(self) -> str:
        return self.text
