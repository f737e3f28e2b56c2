"""People, the posts they hold, and how they sign in."""

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from organizations.models.units import AppraisalLink, Unit
from organizations.querysets import (
    FormerNameQuerySet,
    PersonManager,
    PostQuerySet,
    RecoveryCodeQuerySet,
    ResetCodeQuerySet,
    RosterQuerySet,
    SignInAttemptsQuerySet,
)


class Person(AbstractBaseUser):
    """Someone who signs in, by user name or by phone. What one may do comes from the post one acts in."""

    username = models.CharField(_("tên đăng nhập"), max_length=60, unique=True)
    phone = models.CharField(_("số điện thoại"), max_length=20, unique=True, null=True, blank=True)
    email = models.EmailField(_("thư điện tử"), blank=True)
    # How the daily mail is written, where there is an address and it is wanted.
    wants_mail = models.BooleanField(_("nhận thư hằng ngày"), default=True)
    mail_language = models.CharField(_("ngôn ngữ của thư"), max_length=5, choices=settings.LANGUAGES, default="vi")
    full_name = models.CharField(_("họ và tên"), max_length=150)
    is_active = models.BooleanField(default=True)
    # Since when nobody signs in with it; how to reach the person is kept so long after it.
    shut_out_at = models.DateTimeField(null=True, blank=True, editable=False)
    must_change_password = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)
    folded_name = models.CharField(max_length=200, editable=False)
    sort_key = models.CharField(max_length=400, db_index=True, editable=False)

    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["full_name"]

    objects = PersonManager()

    # The post one acts in now: set by the middleware from the session, by tasks and tests by hand.
    post: "Post | None" = None

    class Meta:
        ordering = ["sort_key", "id"]

    def __str__(self) -> str:
        return self.full_name or self.username

    def acting_as(self, post: "Post | None") -> "Person":
        """Return this person acting in one of the own posts; what `visible_to` and the gate then go by."""
        self.post = post
        return self


class FormerName(models.Model):
    """The name a person bore until an instant. The journal holds ids alone, so erasing these rows erases the names."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="former_names")
    full_name = models.CharField(max_length=150)
    until = models.DateTimeField()

    objects = FormerNameQuerySet.as_manager()

    class Meta:
        ordering = ["person_id", "until"]
        indexes = [models.Index(fields=["person", "until"], name="former_name_of_person")]

    def __str__(self) -> str:
        return self.full_name


class Post(models.Model):
    """A person holds a role at a unit from one instant until another (exclusive).

    A delegated one stands in for the post of somebody else, has an end, and ends with it.
    """

    class Role(models.TextChoices):
        SECRETARY = "secretary", _("Bí thư chi bộ")
        DEPUTY = "deputy", _("Người được ủy quyền")
        CLERK = "clerk", _("Người nhập liệu")
        COMMITTEE = "committee", _("Cấp ủy cơ sở")
        APPRAISER = "appraiser", _("Chuyên viên thẩm định")
        HEAD = "head", _("Trưởng, Phó Ban")
        LEADER = "leader", _("Lãnh đạo")
        ADMINISTRATOR = "administrator", _("Quản trị")

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="posts")
    # Only an administrator may stand above every tree.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, related_name="posts", null=True, blank=True)
    role = models.CharField(_("vai trò"), max_length=20, choices=Role)
    title = models.CharField(_("chức danh"), max_length=150, blank=True)
    starts_at = models.DateTimeField(_("từ"))
    ends_at = models.DateTimeField(_("đến"), null=True, blank=True)
    delegated_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="delegations")
    # Ended with its unit, and its holder went on nowhere: what the unit left closed is read on, and nothing else.
    reads_on = models.BooleanField(default=False)

    # Ids of the units the post's own came from, once `at_the_door` has asked for them.
    came_from: "list[int] | None" = None

    objects = PostQuerySet.as_manager()

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(
                condition=Q(
                    role__in=[
                        "secretary",
                        "deputy",
                        "clerk",
                        "committee",
                        "appraiser",
                        "head",
                        "leader",
                        "administrator",
                    ]
                ),
                name="post_role_known",
            ),
            models.CheckConstraint(
                condition=Q(unit__isnull=False) | Q(role="administrator"), name="post_stands_at_a_unit"
            ),
            models.CheckConstraint(
                condition=Q(ends_at__isnull=True) | Q(ends_at__gt=F("starts_at")), name="post_ends_after_it_begins"
            ),
            models.CheckConstraint(
                condition=Q(delegated_from__isnull=True) | Q(role="deputy", ends_at__isnull=False),
                name="post_delegated_has_an_end",
            ),
            models.UniqueConstraint(
                fields=["person", "unit", "role"], condition=Q(ends_at__isnull=True), name="post_held_once"
            ),
        ]
        indexes = [models.Index(fields=["unit", "role"], name="post_at_unit")]

    def __str__(self) -> str:
        return self.title or self.get_role_display()

    def get_role_display(self) -> str:
        return str(_("Chỉ đọc, đơn vị đã kết thúc")) if self.role == "reader" else str(self.Role(self.role).label)

    def as_reader(self) -> "Post":
        """Return this ended post as one acts in it: it reads what its unit left, and opens nothing. Never saved so."""
        self.role, self.title = "reader", ""
        return self

    def is_current(self, at) -> bool:
        """Whether the post is held at an instant; the twin of `PostQuerySet.current`."""
        return self.starts_at <= at and (self.ends_at is None or self.ends_at > at)

    @cached_property
    def served_paths(self) -> list[str]:
        """Paths of the units this post's body appraises for; one query."""
        served = AppraisalLink.objects.filter(body_id=self.unit_id, valid_to__isnull=True)
        return list(served.order_by("serves__path").values_list("serves__path", flat=True))


class ResetCode(models.Model):
    """A one-time code an administrator hands to a person; only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="reset_codes")
    code_hash = models.CharField(max_length=200)
    made_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+", null=True)
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = ResetCodeQuerySet.as_manager()

    class Meta:
        ordering = ["-made_at"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at}"


class RecoveryCode(models.Model):
    """One of the codes that stand in, once each, for a lost second factor; only its hash is kept."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="recovery_codes")
    code_hash = models.CharField(max_length=64)
    made_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)

    objects = RecoveryCodeQuerySet.as_manager()

    class Meta:
        ordering = ["id"]

    def __str__(self) -> str:
        return f"{self.person_id} {self.made_at}"


class SignInAttempts(models.Model):
    """How often one address lately failed to sign in as one person; both are kept only as one hash."""

    key = models.CharField(max_length=64, unique=True)
    failures = models.PositiveIntegerField(default=0)
    last_at = models.DateTimeField(db_index=True)
    closed_until = models.DateTimeField(null=True)

    objects = SignInAttemptsQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.failures} until {self.closed_until}"


class Roster(models.Model):
    """An uploaded XLSX file of units, people and posts: checked first, loaded then, all of it or nothing."""

    owner = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="rosters")
    name = models.CharField(max_length=150)
    file = models.FileField(upload_to="rosters/%Y/%m/", max_length=200)
    size = models.PositiveIntegerField()
    uploaded_at = models.DateTimeField()
    loaded_at = models.DateTimeField(null=True)

    objects = RosterQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return self.name
