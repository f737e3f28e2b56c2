"""Words for asking about themes, criteria, rounds and what units owe."""

from datetime import date

from django.db import models
from django.db.models import Q

from organizations.permissions import NOTHING, REACH, Reach, reach


class PlanQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What the own unit, a unit above it, or the body that serves it has laid down."""
        post = user.post
        if post is None:
            return self.none()
        if post.unit_id is None:
            return self
        lines = [post.unit.path, *(post.served_paths if REACH[post.role] is Reach.SERVED else [])]
        ids = {int(path[i : i + 8]) for path in lines for i in range(0, len(path), 8)}
        bodies = Q(owner__appraises__serves__in=ids, owner__appraises__valid_to__isnull=True)
        below = reach(user, unit="owner") if REACH[post.role] is not Reach.OWN else NOTHING
        return self.filter(Q(owner__in=ids) | bodies | below).distinct()

    def of_year(self, year: int):
        return self.filter(year_from__lte=year, year_to__gte=year)


class RoundQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rounds run by the own body, or reaching the own unit or units below it."""
        post = user.post
        if post is None:
            return self.none()
        if post.unit_id is None:
            return self
        above = {int(post.unit.path[i : i + 8]) for i in range(0, len(post.unit.path), 8)}
        reaching = Q(body__appraises__serves__in=above, body__appraises__valid_to__isnull=True)
        if REACH[post.role] is not Reach.OWN:
            reaching |= reach(user, unit="body")
        return self.filter(Q(body=post.unit_id) | reaching).distinct()

    def opened(self):
        return self.filter(opened_at__isnull=False)

    def receiving(self, day: date):
        """Opened rounds that still take dossiers, the late window included."""
        return self.opened().filter(opens_on__lte=day, late_until__gte=day)


class ObligationQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(reach(user))

    def owed(self):
        return self.filter(exempted_at__isnull=True)
