"""Words for asking about periods and figures."""

from django.db import models
from django.db.models import F, OuterRef, Q, Subquery

from organizations.paths import path_end
from organizations.permissions import REACH, Action, Reach, may, reach


class PeriodQuerySet(models.QuerySet):
    def of(self, quarter):
        return self.filter(year=quarter.year, quarter=quarter.number)

    def unsealed(self):
        return self.exclude(revisions__sealed=True)

    def open_at(self, at):
        """Begun or not, but not yet at their closing instant, and not sealed."""
        return self.unsealed().filter(closes_at__gt=at)

    def to_close(self, at):
        """Past their closing instant and still without a seal."""
        return self.unsealed().filter(closes_at__lte=at)


class RevisionQuerySet(models.QuerySet):
    def newest_first(self):
        return self.order_by("-number")

    def newest(self):
        """Of each period the newest sealed revision, else the provisional one."""
        best = self.model.objects.filter(period=OuterRef("period")).order_by("-number").values("pk")[:1]
        return self.filter(pk=Subquery(best))

    def with_frames(self):
        """Add what each is judged by: `before_closes_at`, of the quarter before, and `first_as_of`, K of its facts."""
        periods = self.model._meta.get_field("period").related_model.objects
        earlier = periods.alias(at=F("year") * 4 + F("quarter")).filter(
            root=OuterRef("period__root"), at=OuterRef("period__year") * 4 + OuterRef("period__quarter") - 1
        )
        first = self.model.objects.filter(period=OuterRef("period"), number=1)
        return self.annotate(
            before_closes_at=Subquery(earlier.order_by().values("closes_at")[:1]),
            first_as_of=Subquery(first.order_by().values("as_of")[:1]),
        )

    def provisional(self):
        return self.filter(number=0)


class FrozenUnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Rows whose unit lies within reach in today's tree; never to an administrator, who reads no figures."""
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user))

    def below(self, place, *, include_self: bool = True):
        """The frozen tree of the same revision below a row."""
        found = self.filter(revision=place.revision_id, path__gte=place.path, path__lt=path_end(place.path))
        return found if include_self else found.exclude(pk=place.pk)


class FigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user, unit="place__unit"))


class FigurePartQuerySet(models.QuerySet):
    def visible_to(self, user):
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user, unit="place__unit"))

    def below(self, place):
        """Parts of a row of a frozen tree and of all below it."""
        return self.filter(
            place__revision=place.revision_id, place__path__gte=place.path, place__path__lt=path_end(place.path)
        )


class PublishedFigureQuerySet(models.QuerySet):
    def visible_to(self, user):
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user)).shown()

    def shown(self):
        """Those of an approved table that no newer version replaced, and those loaded without a table."""
        return self.filter(Q(table=None) | Q(table__state="shown"))


class PublishedTableQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Tables of units within reach: one's own drafts, what waits for those who enter or approve, what was shown."""
        post = user.post
        if post is None:
            return self.none()
        seen = Q()
        if may(user, Action.ENTER_PUBLISHED) or may(user, Action.APPROVE_PUBLISHED):
            seen = Q(state="asked") | Q(state="draft", entered_by=user.pk)
        elif not may(user, Action.READ_FIGURES):
            return self.none()
        return self.filter(reach(user)).filter(seen | Q(state__in=["shown", "replaced"]))

    def waiting(self):
        """Sent, and not approved yet."""
        return self.filter(state="asked")


class CorrectionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those asked for units within reach; of drafts only one's own. Never any to an administrator."""
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user)).filter(~Q(state="draft") | Q(asked_in=post.pk))

    def waiting(self):
        """Sent, and neither approved nor refused."""
        return self.filter(state="asked")

    def to_seal(self):
        """Approved, and in no revision yet."""
        return self.filter(state="approved")


class CorrectionLineQuerySet(models.QuerySet):
    def of_revision(self, revision):
        """What a revision says otherwise than the one before it."""
        return self.filter(correction__revision=revision)

    def up_to(self, revision):
        """What a revision says otherwise than the first, the last word on a work last."""
        found = self.filter(
            correction__revision__period=revision.period_id, correction__revision__number__lte=revision.number
        )
        return found.order_by("correction__revision__number", "id")


class TakenQuerySet(models.QuerySet):
    def outdated_by(self, revision):
        """What was taken of an older revision of the same period."""
        return self.filter(revision__period=revision.period_id, revision__number__lt=revision.number)


class PackQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of units within reach; never any to an administrator, who reads no figures."""
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        return self.filter(reach(user))


class PackWishQuerySet(models.QuerySet):
    def of(self, user):
        """What one asked for in the post one acts in."""
        return self.filter(person=user, post=user.post)


class ExtractQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of units within reach made in the own unit, which tell what its people may read, names and all.

        At a board each sees the own ones: what a conflict of interest hides differs between them.
        """
        post = user.post
        if post is None or post.role == "administrator" or not may(user, Action.READ_FIGURES):
            return self.none()
        found = self.filter(reach(user), made_in__unit=post.unit_id)
        return found.filter(made_by=user) if REACH[post.role] is Reach.SERVED else found
