"""Words for asking about what the board remarked."""

from django.db import models
from django.db.models import F


class RemarkQuerySet(models.QuerySet):
    def on(self, dossier):
        """Those on the version that was sent last."""
        return self.filter(version__dossier=dossier, version__number=dossier.version)

    def unanswered(self):
        return self.filter(answer="")

    def sent(self):
        """Those whose answers were sent: a later version stands."""
        return self.filter(version__number__lt=F("version__dossier__version"))
