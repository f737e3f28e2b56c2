"""Words for asking what was recognised."""

from datetime import date

from django.db import models

from organizations.permissions import reach


class RecognitionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What was recorded of units within reach. Never any to an administrator."""
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user))

    def standing(self):
        return self.filter(withdrawn_at__isnull=True)

    def of_year(self, year: int):
        return self.filter(on__range=(date(year, 1, 1), date(year, 12, 31)))

    def commended(self):
        return self.filter(stage="commended")

    def honoured_in(self, year: int):
        """Proposed or commended for 19/5 of a year."""
        return self.filter(honours_year=year, stage__in=("selected", "commended"))

    def with_names(self):
        return self.select_related("unit", "dossier")
