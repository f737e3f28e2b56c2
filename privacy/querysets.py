"""Words for asking what privacy keeps."""

from django.apps import apps
from django.db import models
from django.db.models import Q

from organizations.paths import ids_of
from organizations.permissions import Action, may, reach


class ControllerQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Everybody who is signed in reads who answers for the own data."""
        return self


class ErasureQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To administrators, those of the people within reach."""
        if not may(user, Action.MANAGE_PEOPLE):
            return self.none()
        return self.filter(person__in=apps.get_model("organizations.Person").objects.visible_to(user))


class LookQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Looks at oneself."""
        return self.filter(person=user.pk)

    def at_unit_of(self, user):
        """Looks at the people of the units within reach: at each of them, and at lists they stand in.

        For the secretary and the committee (READ_LOOKS); a list of a unit above holds those below. One's own looks are
        left out.
        """
        if not may(user, Action.READ_LOOKS):
            return self.none()
        held = apps.get_model("organizations.Post").objects.filter(reach(user))
        above = ids_of(user.post.unit.path)
        found = Q(reach(user)) | Q(person__in=held.values("person")) | Q(person=None, unit=None)
        return self.filter(found | Q(what="people", unit__in=above)).exclude(viewer=user.pk)

    def with_names(self):
        return self.select_related("viewer", "person", "unit")


class RetentionChoiceQuerySet(models.QuerySet):
    def visible_to(self, user):
        """How long data is kept is told to everybody."""
        return self
