"""Reminders kept once, and the digest each person gets of them on a morning."""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import transaction
from django.db.models import Count, OuterRef, Q, Subquery
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import ngettext

from journal.models import Digest, Event, Notice, Reminder, worded
from vietnamese.display import day_text

BATCH = 500
# A notice older than this is no news, whether it was read or not.
NEWS_DAYS = 7
# What was told stays readable this long; no stage of anything lies further back.
KEPT_DAYS = 400


def keep_reminders(reminders: Iterable[Reminder]) -> None:
    """Store reminders for the next digest; one that was stored before stays as it was. One insert per 500."""
    Reminder.objects.bulk_create(reminders, batch_size=BATCH, ignore_conflicts=True)


def make_digests(*, at: datetime) -> int:
    """Make today's digest of everybody who was reminded of something, or whom a mail tells of unread notices.

    Each person gets one a day, and none when there is nothing; run twice, it makes no second. Returns how many. Eight
    queries for 500 people.
    """
    day, made = localdate(at), 0
    while people := _without_digest(day, at):
        made += _make_for(people, day=day, at=at)
    return made


def drop_old(*, at: datetime) -> int:
    """Delete reminders and digests nobody needs any more; returns how many digests."""
    before = localdate(at) - timedelta(days=KEPT_DAYS)
    Reminder.objects.filter(due_on__lt=before).delete()
    return Digest.objects.filter(day__lt=before, reminders__isnull=True).delete()[0]


def _without_digest(day: date, at: datetime) -> list[int]:
    """Return the next people something waits for and who have no digest of the day."""
    people = get_user_model().objects.filter(is_active=True).exclude(digests__day=day)
    waiting = Q(pk__in=Reminder.objects.untold().values("recipient"))
    if settings.MAIL_ON:
        waiting |= Q(pk__in=_news(at).values("recipient"), wants_mail=True) & ~Q(email="")
    return list(people.filter(waiting).order_by("pk").values_list("pk", flat=True)[:BATCH])


def _news(at: datetime):
    return Notice.objects.to_mail(since=at - timedelta(days=NEWS_DAYS))


@transaction.atomic
def _make_for(people: list[int], *, day: date, at: datetime) -> int:
    with_mail = set()
    if settings.MAIL_ON:
        wanting = get_user_model().objects.filter(pk__in=people, wants_mail=True).exclude(email="")
        with_mail = set(wanting.values_list("pk", flat=True))
    Digest.objects.bulk_create(
        (Digest(recipient_id=pk, day=day, made_at=at, mail="waiting" if pk in with_mail else "none") for pk in people),
        ignore_conflicts=True,
    )
    todays = Digest.objects.filter(recipient__in=people, day=day)
    own = Subquery(todays.filter(recipient=OuterRef("recipient")).values("pk")[:1])
    Reminder.objects.untold().filter(recipient__in=people).update(digest=own)
    _news(at).filter(recipient__in=with_mail).update(digest=own)
    _tell(todays.annotate(lines=Count("reminders")).filter(lines__gt=0), day=day, at=at)
    return len(people)


def _tell(digests, *, day: date, at: datetime) -> None:
    """Put one notice before everybody whose digest reminds of something."""
    found = list(digests)
    if not found:
        return
    event = Event.objects.create(at=at, verb="digest.made", subject="digest", detail={"people": len(found)})

    def said(lines: int):
        return lambda: (
            ngettext("Nhắc việc ngày %(day)s: %(count)d việc", "Nhắc việc ngày %(day)s: %(count)d việc", lines)
            % {"day": day_text(day), "count": lines}
        )

    words = {lines: worded(said(lines)) for lines in {digest.lines for digest in found}}
    Notice.objects.bulk_create(
        Notice(
            event=event,
            recipient_id=digest.recipient_id,
            digest=digest,
            link=reverse("journal:digest", args=[digest.pk]),
            **words[digest.lines],
        )
        for digest in found
    )
