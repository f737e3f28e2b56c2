"""Words for asking who has a draft open."""

from datetime import datetime

from django.db import models


class OpenDraftQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those on drafts of the own unit: nobody else writes in them."""
        post = user.post
        return self.none() if post is None else self.filter(dossier__unit=post.unit_id)

    def alive(self, since: datetime):
        """Those told of since an instant, longest open first, with who it is."""
        names = ("person__full_name", "person__username")
        alive = self.filter(seen_at__gte=since).order_by("opened_at", "id")
        return alive.select_related("person").only("person", "opened_at", *names)
