"""Words for asking about themes, criteria, rounds and what units owe."""

from datetime import date, datetime, time, timedelta

from django.apps import apps
from django.db import models
from django.db.models import Case, Count, DateTimeField, Exists, F, OuterRef, Q, Subquery, Value, When
from django.db.models.functions import TruncDate
from django.utils.timezone import get_default_timezone, make_aware

from journal.questions import among
from models_registry.lifecycle import State
from organizations.models import AppraisalLink
from organizations.paths import ids_of, path_end
from organizations.permissions import NOTHING, REACH, Reach, reach


def _lines(post):
    """Return the ids of the post's own unit, of the units its body serves, and of all above them; of a seat a blank."""
    if REACH[post.role] is not Reach.SERVED:
        return ids_of(post.unit.path)
    return {pk for path in [post.unit.path, *post.served_paths] for pk in ids_of(path)}


def _bodies_of(ids):
    return AppraisalLink.objects.filter(among("serves", ids), valid_to__isnull=True).values("body")


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the own unit, a unit above it, or a body that serves one of these has laid down, or judges by."""
        post = user.post
        if post is None:
            return self.none()
        if post.unit_id is None:
            return self
        ids = _lines(post)
        below = NOTHING if REACH[post.role] is Reach.OWN else reach(user, unit="owner")
        return self.filter(
            among("owner", ids) | Q(owner__in=_bodies_of(ids)) | below | self._judged_by(_bodies_of(ids))
        )

    def _judged_by(self, bodies) -> Q:
        """Sets of criteria of the rounds these bodies run: one taken over brings those of the board that ended."""
        if not hasattr(self.model, "dossier_kind"):
            return NOTHING
        rounds = apps.get_model("models_registry", "RegistrationRound").objects.filter(body__in=bodies)
        return Q(pk__in=rounds.values("model_criteria")) | Q(pk__in=rounds.values("sheet_criteria"))

    def standing(self):
        return self.filter(ended=False)

    def of_year(self, year: int):
        """Rows in force in a year, whether they name one year or a span of years."""
        spans = hasattr(self.model, "year_from")
        return self.filter(year_from__lte=year, year_to__gte=year) if spans else self.filter(year=year)

    def ending_in(self, year: int):
        """Rows whose last year it is: what may be copied to the next."""
        return self.filter(year_to=year) if hasattr(self.model, "year_to") else self.filter(year=year)

    def with_size(self):
        """Criterion sets with `size`, how many criteria each holds."""
        return self.annotate(size=Count("criteria")).order_by("-year", "dossier_kind", "-version", "id")


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rounds of the own body, those reaching the own unit, and those of bodies below."""
        post = user.post
        if post is None:
            return self.none()
        if post.unit_id is None:
            return self
        lines = _lines(post)
        reaching = Q(body__in=_bodies_of(lines)) & self._meant_for(lines)
        below = NOTHING if REACH[post.role] is Reach.OWN else reach(user, unit="body")
        seen = self.filter(Q(body=post.unit_id) | reaching | below)
        return seen.filter(opened_at__isnull=False) if REACH[post.role] is Reach.OWN else seen

    def _meant_for(self, line) -> Q:
        """Which rounds may mean a unit, given the ids of it and of all above it; no query of its own."""
        limits = self.model.only_for.through.objects
        limited = limits.values("registrationround")
        return ~Q(pk__in=limited) | Q(pk__in=limited.filter(among("unit", line)))

    def opened(self):
        return self.filter(opened_at__isnull=False)

    def receiving(self, day: date):
        """Opened rounds that still take dossiers, the late window included."""
        return self.opened().filter(opens_on__lte=day, late_until__gte=day)


def end_of(day: date) -> datetime:
    return make_aware(datetime.combine(day + timedelta(days=1), time.min), get_default_timezone())


def _first_sent(day: date):
    """Return the first versions that meet the outer obligation, sent before `day` ended."""
    found = apps.get_model("models_registry", "DossierVersion").objects.filter(
        number=1,
        submitted_at__lt=end_of(day),
        dossier__unit=OuterRef("unit"),
        dossier__round=OuterRef("round"),
        dossier__kind=OuterRef("owes"),
    )
    return found.exclude(dossier__state=State.WITHDRAWN)


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(reach(user))

    def owed(self):
        return self.filter(exempted_at__isnull=True)

    def below(self, unit):
        """What a unit and all below it owe, by one range over the path index."""
        return self.filter(unit__path__gte=unit.path, unit__path__lt=path_end(unit.path))

    def with_status(self, day: date):
        """Add `first_sent_at` and `status` (Obligation.Status) as they stood when `day` ended.

        What counts is the first submission of any dossier of that kind by that unit in that round; a withdrawn one
        does not. Each obligation is exactly one of sent, late, missing and exempt. Part of the one query.
        """
        first_sent = _first_sent(day).order_by("submitted_at").values("submitted_at")[:1]
        status = self.model.Status
        sent_on = TruncDate("first_sent_at", tzinfo=get_default_timezone())
        return self.annotate(first_sent_at=Subquery(first_sent, output_field=DateTimeField())).annotate(
            status=Case(
                When(exempted_at__lt=end_of(day), then=Value(status.EXEMPT)),
                When(first_sent_at__isnull=True, then=Value(status.MISSING)),
                When(round__closes_on__lt=sent_on, then=Value(status.LATE)),
                default=Value(status.SENT),
            )
        )

    def missing(self, day: date):
        """Those whose `with_status` is MISSING, asked without computing it."""
        return self.exclude(exempted_at__lt=end_of(day)).filter(~Exists(_first_sent(day)))

    def counts(self, day: date) -> dict[str, int]:
        """Return {"owed", "sent", "late", "missing", "exempt"}; the last four add up to the first. One query."""
        found = self.order_by().with_status(day).values("status").annotate(n=Count("pk"))
        counts = {value: 0 for value, _ in self.model.Status.choices} | {row["status"]: row["n"] for row in found}
        return {"owed": sum(counts.values())} | counts

    def nearest_deadline_first(self):
        return self.order_by(F("round__closes_on").asc(), "id")
