"""Words for asking who agreed to what."""

from django.apps import apps
from django.db import models
from django.db.models import Q


class ConsentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the dossiers and recognitions in sight."""
        dossiers = apps.get_model("models_registry.Dossier").objects.visible_to(user)
        recognised = apps.get_model("models_registry.Recognition").objects.visible_to(user)
        of_dossier = Q(exemplar__practice__dossier__in=dossiers) | Q(photo__dossier__in=dossiers)
        return self.filter(of_dossier | Q(recognition__in=recognised))

    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def of_dossier(self, dossier_id: int):
        return self.filter(Q(exemplar__practice__dossier=dossier_id) | Q(photo__dossier=dossier_id))
