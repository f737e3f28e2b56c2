"""Words for asking about units, people and posts."""

from datetime import date, datetime

from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Q

from organizations.paths import path_end
from organizations.permissions import reach
from organizations.phones import normal_phone
from vietnamese.folding import nfc


def dated(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Units within the reach of the post one acts in."""
        return self.filter(reach(user, unit=""))

    def standing_on(self, day: date):
        return self.filter(dated(day))

    def below(self, unit, *, include_self: bool = True):
        """Today's tree below a unit, by one range over the path index."""
        found = self.filter(path__gte=unit.path, path__lt=path_end(unit.path))
        return found if include_self else found.exclude(pk=unit.pk)

    def children_of(self, unit):
        """Units directly below, in today's tree."""
        return self.filter(placements__parent=unit, placements__valid_to__isnull=True)


class PlacementQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(dated(day))


class AppraisalLinkQuerySet(models.QuerySet):
    def on(self, day: date):
        return self.filter(dated(day))


class PersonManager(BaseUserManager):
    def get_by_natural_key(self, username):
        return self.get(username=username)

    def known_as(self, login: str):
        """Return who signs in by this user name or telephone number, or None; one query, two at most."""
        if "\x00" in login:
            return None
        found = self.filter(username=nfc(login).strip().lower()).first()
        if found is None and (phone := normal_phone(login)):
            found = self.filter(phone=phone).first()
        return found


class PostQuerySet(models.QuerySet):
    def current(self, at: datetime):
        return self.filter(starts_at__lte=at).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))
