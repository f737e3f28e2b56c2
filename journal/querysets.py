from django.db import models


class EventQuerySet(models.QuerySet):
    def about(self, subject: str, subject_id: int):
        """Events of one thing, oldest first, with the person and unit that acted; one query."""
        return self.filter(subject=subject, subject_id=subject_id).select_related("actor", "on_behalf_of", "unit")


class NoticeQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(recipient=user)

    def unread(self):
        return self.filter(told_at__isnull=False, read_at__isnull=True)

    def untold(self):
        return self.filter(told_at__isnull=True)


class JobQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(owner=user)

    def unfinished(self):
        return self.filter(state__in=["waiting", "running"])
