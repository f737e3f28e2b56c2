"""Words for asking about periods and figures."""

from django.db import models

from organizations.permissions import reach


class PeriodQuerySet(models.QuerySet):
    pass


class RevisionQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-number")


class FigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(reach(user))
