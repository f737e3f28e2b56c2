"""Words for asking about turns."""

from datetime import date

from django.db import models
from django.db.models import F, Q


class TurnQuerySet(models.QuerySet):
    def open(self):
        return self.filter(ended_at__isnull=True)

    def late(self, day: date):
        """Open, and the due day has passed."""
        return self.open().filter(due_on__lt=day)

    def untold(self):
        """Nobody was told yet that the due day of now was missed."""
        return self.filter(Q(told_late_for__isnull=True) | ~Q(told_late_for=F("due_on")))
