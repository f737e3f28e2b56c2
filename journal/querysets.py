from datetime import date, datetime

from django.db import models
from django.db.models import Q

from journal.names import WHO, name_then


class EventQuerySet(models.QuerySet):
    def about(self, subject: str, subject_id: int):
        """Events of one thing, oldest first, with the unit that acted and the person by the name of then; one query."""
        names = [f"{who}__{name}" for who in ("actor", "on_behalf_of") for name in ("full_name", "username")]
        found = self.filter(subject=subject, subject_id=subject_id).select_related("actor", "on_behalf_of", "unit")
        found = found.annotate(**{name: name_then(who, "at") for who, name in WHO.items()})
        return found.only("at", "verb", "role", "subject", "subject_id", "detail", "unit__name", *names)

    def unchained(self):
        """Events that have no link yet, in the order of their ids."""
        return self.filter(link__isnull=True).order_by("pk")


class UnreadTotal(models.Func):
    """How many notices a person (by id) was told and has not read."""

    template = (
        "(SELECT COUNT(*) FROM journal_notice"
        " WHERE recipient_id = %(expressions)s AND told_at IS NOT NULL AND read_at IS NULL AND in_portal)"
    )
    output_field = models.IntegerField()


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user.pk)

    def told(self):
        """Those that stand in the portal."""
        return self.filter(told_at__isnull=False, in_portal=True)

    def unread(self):
        return self.told().filter(read_at__isnull=True)

    def unread_total(self, person: models.Value):
        """Return, as an expression, how many notices this person was told and has not read: `unread`, counted.

        Written out, because every page asks it and building it from words costs more than asking.
        """
        return UnreadTotal(person)

    def untold(self):
        return self.filter(told_at__isnull=True)

    def to_mail(self, *, since: datetime):
        """News for the daily mail: not read, in no mail yet, and not from before `since`."""
        return self.filter(by_mail=True, digest__isnull=True, read_at__isnull=True, told_at__gte=since)

    def with_actors(self):
        """With who did it, by the name of then."""
        return self.select_related("event__actor").annotate(actor_then=name_then("event__actor", "event__at"))


class ReminderQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def untold(self):
        return self.filter(digest__isnull=True)


class DigestQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def to_mail(self, *, since: date, tried_before: datetime):
        """Those whose mail waits and was not tried just now, oldest first; of days before `since` none."""
        waiting = self.filter(mail="waiting", day__gte=since)
        return waiting.filter(Q(tried_at__isnull=True) | Q(tried_at__lt=tried_before)).order_by("id")


class TypedTextQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(person=user)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(owner=user)

    def unfinished(self):
        return self.filter(state__in=["waiting", "running"])

    def overlooked(self, *, waiting_before: datetime, silent_before: datetime, never_after: datetime):
        """Jobs sent to nobody, sent too long ago and still unclaimed, or claimed by a worker not seen since.

        So also what a wrong clock sent or claimed at an instant that lies ahead, later than `never_after`.
        """
        wrong = Q(sent_at__isnull=True) | Q(sent_at__gt=never_after)
        unclaimed = Q(state="waiting") & (wrong | Q(sent_at__lt=waiting_before))
        silent = Q(state="running") & (Q(seen_alive_at__lt=silent_before) | Q(seen_alive_at__gt=never_after))
        return self.filter(unclaimed | silent).order_by("id")
