"""Words for asking about appraisals."""

from django.db import models


class AssignmentQuerySet(models.QuerySet):
    def held(self):
        return self.filter(released_at__isnull=True)


class JudgementQuerySet(models.QuerySet):
    def of_version(self, version):
        return self.filter(version=version).select_related("criterion")
