"""Words for asking about dossiers, their comments and work items."""

from datetime import date

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from journal.names import name_then
from models_registry.lifecycle import ItemState, State
from models_registry.querysets.conflicts import barred_from, without_barred
from models_registry.querysets.search import Spoken
from organizations.paths import path_end
from organizations.permissions import REACH, Reach, reach


def bounds(post) -> dict:
    """Return how far `DossierQuerySet.within` reaches from a post that stands at a unit."""
    return {"unit": post.unit_id, "path": post.unit.path, "path_end": path_end(post.unit.path)}


class Unlisted(models.Func):
    """Whether a key is none of these ids; written out, as hundreds of values cost more to pass than to read."""

    template = "%(expressions)s NOT IN (%(ids)s)"
    output_field = models.BooleanField()

    def __init__(self, key: str, *, ids):
        super().__init__(key, ids=", ".join(str(int(pk)) for pk in sorted(ids)))


class DossierQuerySet(Spoken):
    def visible_to(self, user):
        """The own unit's, and what those it came from left; the own body's and those below, once sent.

        Never any to an administrator.
        People of a board never see there what a conflict of interest keeps them from judging (`barred_from`).
        """
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        kind = REACH[post.role]
        seen = self.within(kind, **bounds(post))
        if kind is Reach.OWN and post.came_from != []:
            seen = self.filter(reach(user)).exclude(~Q(unit=post.unit_id), state=State.DRAFT)
        barred = barred_from(user) if kind is Reach.SERVED else ()
        return seen.filter(Unlisted("pk", ids=barred)) if barred else seen

    def within(self, kind: Reach, *, unit, path, path_end):
        """Those that far from a post's unit, its conflicts of interest aside; the unit's values, or blanks for them."""
        if kind is Reach.OWN:
            return self.filter(unit=unit)
        if kind is Reach.SERVED:
            return self.filter(body=unit).exclude(state=State.DRAFT)
        return self.filter(unit__path__gte=path, unit__path__lt=path_end).exclude(state=State.DRAFT, version=0)

    def shown_to(self, user):
        """Models that stand in the showcase before this person, wherever they were registered."""
        publications = self.model._meta.apps.get_model("models_registry", "Publication").objects
        return self.filter(pk__in=publications.visible_to(user).values("dossier"))

    def awaiting_appraisal(self):
        return self.filter(state=State.SUBMITTED)

    def late(self, day: date):
        """Whoever holds it now should have answered by now; what is decided is never late."""
        return self.filter(due_on__lt=day)

    def held_by_unit(self):
        return self.filter(state__in=[State.DRAFT, State.REVISION_REQUESTED])


class AttachmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Files of the dossiers within sight; of what another unit still writes, only those it has sent."""
        seen = self.filter(dossier__in=self._dossiers().visible_to(user))
        if user.post is None:
            return seen
        signed = Q(signed_version__isnull=False, signed_version__lte=F("dossier__version"))
        sent = Q(signed_version__isnull=True, added_at__lte=F("dossier__submitted_at"))
        return seen.filter(Q(dossier__unit=user.post.unit_id) | signed | sent)

    def kept(self):
        """Those that still belong to what is written now; scans of the signed paper stand apart."""
        return self.filter(removed_at__isnull=True, signed_version__isnull=True)

    def shown_with(self, dossier):
        """Photos that stand beside a model in the showcase: of the files kept, those a consent stands of."""
        consents = apps.get_model("models_registry.Consent").objects.standing()
        agreed = Exists(consents.filter(photo=OuterRef("pk")))
        return self.filter(agreed, dossier=dossier, held="").exclude(thumbnail="").kept()

    def signed(self):
        """Scans of the signed paper, newest version first, with who added and who signed them."""
        return self.filter(signed_version__isnull=False).in_paper_order()

    def in_paper_order(self):
        """Scans newest version first, with who added and who signed them; one query."""
        return self.select_related("added_by", "signed_by").order_by("-signed_version", "id")

    def _dossiers(self):
        return DossierQuerySet(self.model._meta.get_field("dossier").related_model, using=self._db)


class CommentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """The board reads all of its dossiers' comments; others not its internal ones."""
        post = user.post
        if post is None:
            return self.none()
        if post.role in ("appraiser", "head"):
            return without_barred(self.filter(dossier__body=post.unit_id), user)
        return self.filter(reach(user, unit="dossier__unit"), audience="both")

    def with_authors(self):
        """Comments as a page shows them: of author and unit only what names them, the author by the name of then."""
        names = ("author__full_name", "author__username", "unit__name")
        found = self.select_related("author", "unit").annotate(author_then=name_then("author", "at"))
        return found.only("dossier", "text", "at", "audience", *names)


class WorkItemQuerySet(Spoken):
    def visible_to(self, user):
        """Items of units within reach; above the own unit only once approved. Never any to an administrator.

        People of a board never see there those of a dossier they may not judge.
        """
        post = user.post
        if post is None or post.role == "administrator":
            return self.none()
        found = without_barred(self.filter(reach(user)), user)
        return found if REACH[post.role] is Reach.OWN else found.exclude(state=ItemState.PLANNED)

    def counted(self):
        """Items approved once: those that may enter a rate."""
        return self.filter(approved_at__isnull=False)

    def open(self):
        return self.filter(state__in=[ItemState.IN_PROGRESS, ItemState.REPORTED, ItemState.SUSPENDED])

    def overdue(self, day: date):
        """Derived, never stored: still being done, and the day in force has passed."""
        return self.filter(state=ItemState.IN_PROGRESS, due_in_force__lt=day, excluded_at__isnull=True)

    def due_between(self, first: date, last: date):
        return self.filter(due_in_force__range=(first, last))

    def nearest_due_first(self):
        return self.order_by(F("due_in_force").asc(nulls_last=True), "id")
