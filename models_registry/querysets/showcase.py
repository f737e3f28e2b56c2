"""Words for asking what the showcase holds. Whatever shows a published model to others starts here."""

from django.db import models
from django.db.models import Case, Count, F, OuterRef, Subquery, Sum, When
from django.db.models.functions import Coalesce

from organizations.paths import STEP, path_end

# Fewer votes than this say nothing of a model: it is never ranked by them.
RANKED_FROM = 5


class PublicationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """What stands in the showcase of the own tree, whatever the post; to who stands above every tree all of it."""
        post = user.post
        if post is None:
            return self.none()
        standing = self.filter(withdrawn_at__isnull=True)
        if post.unit_id is None:
            return standing
        root = post.unit.path[:STEP]
        return standing.filter(dossier__unit__path__gte=root, dossier__unit__path__lt=path_end(root))

    def with_votes(self):
        """Add `votes` and `stars`, how many there are and their sum; part of the one query."""
        votes = VoteQuerySet(self.model._meta.apps.get_model("models_registry", "Vote"), using=self._db)
        cast = votes.filter(dossier=OuterRef("dossier")).order_by().values("dossier")
        return self.annotate(
            votes=Coalesce(Subquery(cast.values(n=Count("pk"))), 0),
            stars=Coalesce(Subquery(cast.values(n=Sum("stars"))), 0),
        )

    def newest_first(self):
        return self.order_by("-published_at", "-id")

    def best_first(self):
        """After `with_votes`: by average, then by how many; those of fewer than five votes after all others."""
        share = Case(
            When(votes__gte=RANKED_FROM, then=F("stars") * 1.0 / F("votes")),
            default=None,
            output_field=models.FloatField(),
        )
        many = Case(When(votes__gte=RANKED_FROM, then=F("votes")), default=None)
        return self.order_by(share.desc(nulls_last=True), many.desc(nulls_last=True), "-published_at", "-id")


class VoteQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own; of others' only the average and the number are shown."""
        return self.filter(person=user.pk)
