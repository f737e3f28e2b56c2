"""Words for asking what privacy keeps."""

from django.apps import apps
from django.db import models

from organizations.permissions import Action, may


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
