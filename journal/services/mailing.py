"""The daily mail: each waiting digest sent once, at least; a failing server is tried again without repeating others."""

import logging
from datetime import datetime, timedelta
from smtplib import SMTPDataError, SMTPRecipientsRefused
from urllib.parse import urlsplit

from django.apps import apps
from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import ngettext, override

from journal.models import Digest
from journal.queries import groups_of
from vietnamese.display import day_text

log = logging.getLogger(__name__)
MOST_A_SWEEP = 500
MOST_TRIES = 5
# Of each group a mail tells so many rows and how many more its page holds.
MOST_ROWS = 50
# A mail whose sender died while sending is tried again after this long.
TRIED_AGAIN_AFTER = timedelta(minutes=10)
# Yesterday's reminders may still be news; older ones are not.
LATE_DAYS = 1


def send_mails(*, at: datetime) -> int:
    """Send the mails that wait, at most 500; returns how many the server took.

    Four queries a mail. Each is claimed before it goes, so that two at once send it once; its Message-ID is the
    digest's, so that one sent twice after a crash is known to be the same.
    """
    if not settings.MAIL_ON:
        return 0
    waiting = Digest.objects.to_mail(since=localdate(at) - timedelta(days=LATE_DAYS), tried_before=_again(at))
    keys = list(waiting.values_list("pk", flat=True)[:MOST_A_SWEEP])
    if not keys:
        return 0
    sent, connection = 0, get_connection()
    try:
        connection.open()
        for pk in keys:
            sent += _claim(pk, at) and _send_or_free(pk, connection, at=at)
    except OSError as away:
        log.warning("mail: the server takes none now (%s); tried again next time", type(away).__name__)
    finally:
        connection.close()
    return sent


def _again(at: datetime) -> datetime:
    return at - TRIED_AGAIN_AFTER


def _claim(pk: int, at: datetime) -> bool:
    free = Q(tried_at__isnull=True) | Q(tried_at__lt=_again(at))
    return Digest.objects.filter(free, pk=pk, mail="waiting").update(tried_at=at, tries=F("tries") + 1) == 1


def _send_or_free(pk: int, connection, *, at: datetime) -> int:
    """Send one claimed mail; where the server is away it is free again at once. Raises OSError then."""
    try:
        return _send(Digest.objects.select_related("recipient").get(pk=pk), connection, at=at)
    except OSError:
        Digest.objects.filter(pk=pk).update(tried_at=None, tries=F("tries") - 1)
        raise


def _send(digest: Digest, connection, *, at: datetime) -> int:
    """Send one mail; 0 where nobody wants it any more or its address is refused. Raises OSError: no server."""
    person = digest.recipient
    if not (person.email and person.wants_mail and person.is_active):
        Digest.objects.filter(pk=digest.pk).update(mail="none")
        return 0
    try:
        _message(digest, connection).send()
    except (SMTPRecipientsRefused, SMTPDataError, ValueError) as refused:
        log.warning("mail: digest %s was refused (%s)", digest.pk, type(refused).__name__)
        Digest.objects.filter(pk=digest.pk, tries__gte=MOST_TRIES).update(mail="given_up")
        return 0
    Digest.objects.filter(pk=digest.pk).update(mail="sent", mailed_at=at)
    return 1


def _posts_of(digest: Digest) -> list:
    """Return the posts the reader held that morning, each with its unit; one query."""
    held = apps.get_model("organizations.Post").objects.current(digest.made_at).filter(person=digest.recipient_id)
    return list(held.select_related("unit"))


def _subject(digest: Digest, count: int) -> str:
    said = ngettext(
        "Làm theo Bác, ngày %(day)s: %(count)d việc cần biết",
        "Làm theo Bác, ngày %(day)s: %(count)d việc cần biết",
        count,
    )
    return said % {"day": day_text(digest.day), "count": count}


def _message(digest: Digest, connection) -> EmailMultiAlternatives:
    host = urlsplit(settings.SITE_URL).hostname or "localhost"
    with override(digest.recipient.mail_language):
        groups = groups_of(digest, _posts_of(digest))
        shown = {
            "digest": digest,
            "groups": [(title, rows[:MOST_ROWS], len(rows[MOST_ROWS:])) for title, rows in groups],
            "site": settings.SITE_URL,
            "settings_url": reverse("account_mail"),
        }
        count = sum(len(rows) for _title, rows in groups)
        message = EmailMultiAlternatives(
            subject=_subject(digest, count),
            body=render_to_string("journal/digest_mail.txt", shown),
            to=[digest.recipient.email],
            connection=connection,
            headers={"Message-ID": f"<digest-{digest.pk}@{host}>", "Auto-Submitted": "auto-generated"},
        )
        message.attach_alternative(render_to_string("journal/digest_mail.html", shown), "text/html")
    return message
