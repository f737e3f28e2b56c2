"""What people are told and reminded of, each in the own language, and where they chose to be told."""

from collections.abc import Callable

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import get_language, override
from django.utils.translation import gettext_lazy as _

from journal.models.events import Event
from journal.querysets import DigestQuerySet, NoticeQuerySet, ReminderQuerySet

LONGEST = 500  # characters a notice says


def worded(text: str | Callable[[], str]) -> dict:
    """Return the columns of a `Worded` row: what `text` says in Vietnamese, and in each language that differs."""
    if not callable(text):
        return {"text": text[:LONGEST]}
    said = {}
    for language, _name in settings.LANGUAGES:
        with override(language):
            said[language] = text()[:LONGEST]
    plain = said.pop(settings.LANGUAGE_CODE)
    return {"text": plain, "translated": {language: words for language, words in said.items() if words != plain}}


class Worded(models.Model):
    """A sentence said once, by whoever acted, and read by each reader in the reader's own language."""

    text = models.CharField(max_length=LONGEST)
    translated = models.JSONField(default=dict)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return self.words

    @property
    def words(self) -> str:
        return self.translated.get(get_language(), self.text)


class Told(models.TextChoices):
    """Kinds of notices a person chooses to be told of; a notice of no kind is always told."""

    ASSIGNED = "assigned", _("Được giao hồ sơ để thẩm định")
    RETURNED = "returned", _("Hồ sơ được trả lại để bổ sung")
    ANSWERED = "answered", _("Đơn vị bổ sung và gửi lại hồ sơ")
    DECIDED = "decided", _("Hồ sơ có kết luận")
    OVERDUE = "overdue", _("Hồ sơ quá hạn")
    PACK = "pack", _("Số liệu được chốt, bộ báo cáo đã hẹn lập xong")
    URGED = "urged", _("Cấp trên bấm nhắc việc")
    WEEKLY = "weekly", _("Bản tin số liệu mỗi tuần")


class NoticeChoice(models.Model):
    """Where one person is told of one kind: in the portal, by mail, in both or nowhere. Without a row: in both."""

    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notice_choices")
    kind = models.CharField(max_length=10, choices=Told)
    in_portal = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)

    class Meta:
        ordering = ["person_id", "kind"]
        constraints = [
            models.UniqueConstraint(fields=["person", "kind"], name="notice_chosen_once"),
            models.CheckConstraint(condition=Q(kind__in=Told.values), name="notice_choice_kind_known"),
        ]

    def __str__(self) -> str:
        return f"{self.person_id} {self.kind}"


class Notice(Worded):
    """One person to be told of one event, in one post or in none; written with the event, delivered by a task."""

    kind = models.CharField(max_length=10, choices=Told, blank=True)
    # As the person had chosen when it happened.
    in_portal = models.BooleanField(default=True)
    by_mail = models.BooleanField(default=True)
    event = models.ForeignKey(Event, on_delete=models.PROTECT, related_name="notices")
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="notices")
    # One that never began is taken back.
    post = models.ForeignKey("organizations.Post", null=True, on_delete=models.SET_NULL, related_name="+")
    link = models.CharField(max_length=300, blank=True)
    told_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    # The mail that told it too, if one did.
    digest = models.ForeignKey("journal.Digest", null=True, on_delete=models.SET_NULL, related_name="notices")

    objects = NoticeQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]
        constraints = [
            models.UniqueConstraint(fields=["event", "recipient"], name="told_once"),
            models.CheckConstraint(condition=Q(kind="") | Q(kind__in=Told.values), name="notice_kind_known"),
            models.CheckConstraint(condition=Q(in_portal=True) | Q(by_mail=True), name="notice_told_somewhere"),
        ]
        indexes = [
            models.Index(fields=["recipient", "-id"], name="notice_of_person"),
            models.Index(fields=["id"], condition=Q(told_at__isnull=True), name="notice_untold"),
        ]

    @property
    def who(self) -> str:
        """Who did it, by the name of then where asked for `with_actors`; "" for the portal itself."""
        return getattr(self, "actor_then", None) or self.event.who


class Digest(models.Model):
    """What one person is told on one morning, once: reminders in the portal, and by mail also notices not yet read.

    The row comes before the mail, so that a crash in between loses nothing and repeats nothing to others.
    """

    class Mail(models.TextChoices):
        NONE = "none", _("Không gửi thư")
        WAITING = "waiting", _("Thư chờ gửi")
        SENT = "sent", _("Đã gửi thư")
        GIVEN_UP = "given_up", _("Không gửi được thư")

    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="digests")
    day = models.DateField()
    made_at = models.DateTimeField()
    mail = models.CharField(max_length=10, choices=Mail, default=Mail.NONE)
    tries = models.PositiveSmallIntegerField(default=0)
    tried_at = models.DateTimeField(null=True)
    mailed_at = models.DateTimeField(null=True)

    objects = DigestQuerySet.as_manager()

    class Meta:
        ordering = ["-day", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["recipient", "day"], name="digest_once_a_day"),
            models.CheckConstraint(
                condition=Q(mail__in=["none", "waiting", "sent", "given_up"]), name="digest_mail_known"
            ),
        ]
        indexes = [models.Index(fields=["id"], condition=Q(mail="waiting"), name="digest_to_mail")]

    def __str__(self) -> str:
        return f"{self.recipient_id} {self.day}"


class Reminder(Worded):
    """One person was reminded of one thing at one stage: what makes reminding twice safe, and what a digest says.

    What must be done is asked anew every morning; nothing of it is stored but that it was told. `subject_id` is the
    unit it is about, `stage` the days after `due_on` (before it, when negative).
    """

    kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    due_on = models.DateField()
    stage = models.SmallIntegerField()
    recipient = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="reminders")
    link = models.CharField(max_length=300)
    at = models.DateTimeField()
    digest = models.ForeignKey(Digest, null=True, on_delete=models.CASCADE, related_name="reminders")

    objects = ReminderQuerySet.as_manager()

    class Meta:
        ordering = ["due_on", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["recipient", "kind", "subject_id", "due_on", "stage"], name="reminded_once"
            ),
        ]
        indexes = [
            models.Index(fields=["recipient"], condition=Q(digest__isnull=True), name="reminder_untold"),
            models.Index(fields=["due_on"], name="reminder_by_day"),
        ]
