"""Words for asking about appraisals."""

from datetime import date, datetime

from django.apps import apps
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils.timezone import localdate

from journal.names import name_then
from models_registry.lifecycle import State
from models_registry.querysets.conflicts import barred_from
from organizations.models import Post

BOARD_ROLES = ("appraiser", "head")
# Who may be the second person an override of a conflict takes.
ANSWERS = ("head", "leader", "administrator")
AT_THE_BOARD = (State.SUBMITTED, State.UNDER_APPRAISAL)


class AssignmentQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own board's dossiers; nobody outside the board."""
        return _of_board(self, user, "dossier__body")

    def held(self):
        """Still being appraised; a dossier that was withdrawn is held by nobody."""
        return self.filter(released_at__isnull=True, dossier__state=State.UNDER_APPRAISAL)

    def at_work(self):
        """Held, and waiting for its owner: the lead's, and those whose sheet is not handed in."""
        return self.held().filter(Q(is_lead=True) | Q(finished_at__isnull=True))

    def leading(self):
        """Of each dossier's hands the one that holds it; the others only score."""
        return self.filter(is_lead=True)

    def proposed(self):
        """Those that wait for the head's word: proposed, and no decision prepared on them."""
        decisions = self.model._meta.apps.get_model("reviews", "Decision").objects
        prepared = decisions.prepared().values("version__dossier")
        return self.filter(proposed_at__isnull=False).exclude(dossier__in=prepared)

    def unattended(self, body_id: int, at: datetime):
        """Those of a board in the hands of who is away or has left it."""
        there = Post.objects.current(at).filter(unit=body_id, role__in=BOARD_ROLES).values("person")
        away = apps.get_model("reviews", "Absence").objects.filter(body=body_id).on(localdate(at)).values("person")
        return self.filter(~Q(appraiser__in=there) | Q(appraiser__in=away))


class JudgementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own board's dossiers; nobody outside the board.

        While the board holds a version, one sees the own marks, and of others only what was handed in: an appraiser
        after handing the own sheet in, a head unless an own sheet is still open. Afterwards the board sees all.
        """
        seen = _of_board(self, user, "version__dossier__body")
        return seen.told_to(user.pk, is_head=bool(user.post and user.post.role == Post.Role.HEAD))

    def told_to(self, person, *, is_head: bool):
        """Those of a board somebody of it is told, by the person's id or a blank for it: see `visible_to`."""
        sheets = self.model._meta.apps.get_model("reviews", "Assignment").objects.filter(
            dossier=OuterRef("version__dossier"), version=OuterRef("version__number")
        )
        handed_in = sheets.filter(finished_at__isnull=False)
        own = sheets.filter(appraiser=person)
        if is_head:
            is_told = ~Exists(own.filter(finished_at__isnull=True, released_at__isnull=True))
        else:
            is_told = Exists(handed_in.filter(appraiser=person))
        left = ~Q(version__dossier__state__in=AT_THE_BOARD) | Q(version__number__lt=F("version__dossier__version"))
        others = Exists(handed_in.filter(appraiser=OuterRef("appraiser"))) & is_told
        return self.filter(Q(appraiser=person) | left | Q(others))

    def of_version(self, version):
        return self.filter(version=version).select_related("criterion")

    def marked(self):
        return self.exclude(mark="")


class DecisionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own board, prepared ones too; nobody outside the board."""
        return _of_board(self, user, "version__dossier__body")

    def prepared(self):
        """Not told yet: nobody outside the board knows of them."""
        return self.filter(announced_at__isnull=True)

    def waiting(self):
        """Prepared on a dossier that is still there to be decided, and in no announcement that has begun."""
        begun = self.model._meta.get_field("announcement").related_model.objects.filter(began_at__isnull=False)
        found = self.prepared().filter(version__dossier__state=State.UNDER_APPRAISAL)
        return found.exclude(announcement__in=begun.unfinished())

    def shown(self):
        """As a list of them shows each: with its dossier, unit and decider, and what it waits for; oldest first."""
        found = self.select_related("version__dossier__unit", "by", "announcement").defer("version__content")
        return found.order_by("prepared_at", "pk")

    def announced(self):
        return self.filter(announced_at__isnull=False)

    def of_dossier(self, dossier):
        """What was announced on each version, oldest first, with who (by the name of then), which criteria, and how
        it was reopened; two queries."""
        found = self.announced().filter(version__dossier=dossier)
        found = found.select_related("version", "by", "reopening__by").prefetch_related("criteria")
        names = {
            "decider_then": name_then("by", "prepared_at"),
            "reopener_then": name_then("reopening__by", "reopening__at"),
        }
        return found.annotate(**names).order_by("version__number")


class AnnouncementQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own board; nobody outside the board."""
        return _of_board(self, user, "body")

    def unfinished(self):
        return self.filter(ended_at__isnull=True)

    def counted(self):
        """With who announces and `count`, how many are still to be told; by their instants."""
        left = models.Count("decisions", filter=models.Q(decisions__announced_at__isnull=True))
        return self.select_related("by").annotate(count=left).order_by("due_at", "pk")


class OfBoardQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own board; nobody outside it."""
        return _of_board(self, user, "body")


class SessionQuerySet(OfBoardQuerySet):
    def open_to(self, user):
        """Those of the own board whose whole minutes one may read: nothing on the agenda is a conflict of interest."""
        return self.visible_to(user).exclude(points__version__dossier__in=_barred(user))


class IssuedPaperQuerySet(OfBoardQuerySet):
    def visible_to(self, user):
        """Those of the own board; not sheets and minutes about what a conflict of interest keeps one from judging."""
        seen, barred = super().visible_to(user), _barred(user)
        if not barred:
            return seen
        about = models.Q(version__dossier__in=barred) | models.Q(session__points__version__dossier__in=barred)
        return seen.exclude(pk__in=seen.filter(about).values("pk"))

    def handed_to(self, user):
        """Those whose bytes this person may have: the own board's, and elsewhere decisions that were announced on
        dossiers in sight and not reopened, which go to the units they name. Never any to an administrator."""
        if _sits_in_a_board(user):
            return self.visible_to(user)
        decisions, dossiers = apps.get_model("reviews", "Decision"), apps.get_model("models_registry", "Dossier")
        seen = dossiers.objects.visible_to(user)
        told = decisions.objects.announced().filter(version__dossier__in=seen, reopening__isnull=True)
        return self.filter(
            kind="decision", pk__in=self.model.decisions.through.objects.filter(decision__in=told).values("issuedpaper")
        )

    def deciding(self, dossier):
        """The decisions in force that say what became of a dossier, newest first; none of what was reopened since."""
        told = {"decisions__version__dossier": dossier, "decisions__announced_at__isnull": False}
        found = self.filter(kind="decision", decisions__reopening__isnull=True, **told)
        return found.in_force().distinct().order_by("-issued_at", "-id")

    def in_force(self):
        """Those no later issue stands for."""
        return self.filter(replaced_by__isnull=True)


class SignalQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those put to the own board, none about a dossier one may not judge or a unit one belongs to."""
        post = user.post
        if post is None or post.role not in BOARD_ROLES:
            return self.none()
        found = self.put_to(post.unit_id, user.pk)
        return found.exclude(dossier__in=barred) if (barred := barred_from(user)) else found

    def put_to(self, body, person):
        """Those put to a board, none about a unit this person of it belonged to; ids, or blanks for them."""
        still = models.Q(ends_at__isnull=True) | models.Q(ends_at__gt=models.OuterRef("found_at"))
        own = Post.objects.filter(still, person=person, unit=models.OuterRef("unit"))
        return self.filter(~models.Exists(own), body=body)

    def open(self):
        return self.filter(answered_at__isnull=True, ended_at__isnull=True)

    def about(self, dossier, *, unit, year):
        """Those about a dossier, and those about what its unit does in the same year; values, or blanks for them."""
        of_unit = models.Q(dossier__isnull=True, unit=unit, year=year)
        return self.filter(models.Q(dossier=dossier) | of_unit)

    def with_names(self):
        """With the unit, the dossier and who acted (by the name of then) loaded; part of the one query."""
        return self.select_related("unit", "dossier", "person").annotate(person_then=name_then("person", "found_at"))


class SignalPartQuerySet(models.QuerySet):
    def to_show(self):
        """Each with its work, its dossier and their units, as a page names them, in time; one query."""
        found = self.select_related("item__unit", "item__dossier__round", "item__measure", "dossier__unit")
        return found.order_by("at", "dossier_id", "id")


def _of_board(rows, user, path: str):
    """Return the rows of the own board; of those of one dossier (`…dossier__body`) not what one may not judge."""
    if not _sits_in_a_board(user):
        return rows.none()
    own, dossier = rows.filter(**{path: user.post.unit_id}), path.removesuffix("body").removesuffix("__")
    barred = _barred(user) if dossier else ()
    return own.exclude(**{f"{dossier}__in": barred}) if barred else own


def _barred(user) -> frozenset[int]:
    return barred_from(user) if _sits_in_a_board(user) else frozenset()


def _sits_in_a_board(user) -> bool:
    return user.post is not None and user.post.role in BOARD_ROLES


class OfOwnBodyQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the own board; nobody outside it."""
        return _of_board(self, user, "body")


class AbsenceQuerySet(OfOwnBodyQuerySet):
    def on(self, day: date):
        return self.filter(first_day__lte=day, last_day__gte=day)
