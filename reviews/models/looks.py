"""Which versions of a dossier somebody of the board has seen."""

from django.conf import settings
from django.db import models


class Look(models.Model):
    """Somebody opened the appraisal of one version for the first time: what changed since is told from here."""

    version = models.ForeignKey("models_registry.DossierVersion", on_delete=models.PROTECT, related_name="looks")
    person = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    at = models.DateTimeField()

    class Meta:
        ordering = ["version_id", "id"]
        constraints = [models.UniqueConstraint(fields=["version", "person"], name="looked_at_once")]

    def __str__(self) -> str:
        return f"{self.version_id} {self.person_id}"
