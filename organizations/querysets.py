"""Words for asking about units, people and posts."""

import re
from datetime import date, datetime

from django.apps import apps
from django.contrib.auth.base_user import BaseUserManager
from django.db import models
from django.db.models import Exists, OuterRef, Q

from organizations.door import posts_at_the_door
from organizations.lineage import bearers, lineage, lines_of
from organizations.paths import path_end
from organizations.permissions import REACH, Action, Reach, may, reach
from organizations.phones import normal_phone
from vietnamese.folding import fold, nfc


def dated(day: date) -> Q:
    return Q(valid_from__lte=day) & (Q(valid_to__isnull=True) | Q(valid_to__gt=day))


class UnitQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Units within the reach of the post one acts in."""
        return self.filter(reach(user, unit=""))

    def standing_on(self, day: date):
        return self.filter(dated(day))

    def below(self, unit, *, include_self: bool = True):
        """Today's tree below a unit, by one range over the path index."""
        found = self.filter(path__gte=unit.path, path__lt=path_end(unit.path))
        return found if include_self else found.exclude(pk=unit.pk)

    def children_of(self, unit, day: date | None = None):
        """Units directly below on a day; without one, by the placements that have no end."""
        edges = placed_under(unit)
        return self.filter(pk__in=edges.on(day) if day else edges.filter(valid_to__isnull=True))

    def predecessors_of(self, unit):
        """Units that a unit came from by merging and splitting, theirs too; part of one query."""
        return self.filter(pk__in=lineage(unit.pk, "predecessor", "successor"))

    def successors_of(self, unit):
        """Units that a unit became by merging and splitting, and what they became in turn; part of one query."""
        return self.filter(pk__in=lineage(unit.pk, "successor", "predecessor"))

    def lines_of(self, units) -> dict[int, set[int]]:
        """Return {id: the ones of these ids that it is, or that came from it by merging and splitting}; one query."""
        return lines_of(units)

    def named_like(self, typed: str):
        """Units found by how their code begins, or by the words of their name in any order, accents or not.

        Also by a name they bore before, or one that a unit they came from ever bore, however many decisions ago.
        """
        once = Q(pk__in=bearers(_successions().once_named(typed)))
        return self.filter(_words_of(typed) | Q(code__istartswith=typed.strip()) | once)


def _words_of(typed: str, name: str = "folded_name") -> Q:
    """Each word typed begins a word of the folded name: "an" finds "xã An" and not "Đảng"."""
    words = Q()
    for word in fold(typed).split():
        words &= Q(**{f"{name}__startswith": word}) | Q(**{f"{name}__contains": f" {word}"})
    return words


def placed_under(unit):
    return apps.get_model("organizations.Placement").objects.filter(parent=unit).values("unit")


class ReorganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that changed a unit within reach, or led to one."""
        return self.filter(Exists(_successions().filter(reorganisation=OuterRef("pk")).visible_to(user)))


class PlannedReorganisationQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those that name a unit within reach."""
        units = self.model.units.through.objects.filter(plannedreorganisation=OuterRef("pk"))
        return self.filter(Exists(units.filter(reach(user))))

    def waiting(self):
        return self.filter(state="waiting")

    def due(self, day: date):
        """Those whose day has come, in the order in which they take effect."""
        return self.waiting().filter(effective_on__lte=day).order_by("effective_on", "id")

    def open(self):
        """Those somebody still answers for: they wait for their day, or were stopped on it."""
        return self.filter(state__in=["waiting", "stopped"])


class SuccessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of a unit within reach, or that lead to one."""
        return self.filter(reach(user, unit="predecessor") | reach(user, unit="successor"))

    def in_force(self, end_day: date, known_until: datetime):
        """Those that count just before a day by what was known at an instant: effective before it, recorded before."""
        return self.filter(effective_on__lt=end_day, recorded_at__lt=known_until)

    def once_named(self, typed: str):
        """Renamings from a name of these words, and merges and splits of units so named; with the predecessor."""
        renamed = Q(kind="rename") & ~Q(folded_old_name="") & _words_of(typed, "folded_old_name")
        inherited = Q(kind__in=["merge", "split"]) & _words_of(typed, "predecessor__folded_name")
        return self.filter(renamed | inherited).select_related("predecessor")

    def merged_by(self, day: date):
        """Those that led a unit, ended by a day, into another by then."""
        return self.filter(kind="merge", effective_on__lte=day, predecessor__valid_to__lte=day)


def _successions():
    return apps.get_model("organizations.Succession").objects


class HeadCountQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(reach(user))

    def in_force(self, day: date, *, unit):
        """The one row in force on a day of one unit, which may be an OuterRef."""
        return self.filter(unit=unit, valid_from__lte=day).order_by("-valid_from", "-id")[:1]


class PlacementQuerySet(models.QuerySet):
    def visible_to(self, user):
        return self.filter(reach(user))

    def on(self, day: date):
        return self.filter(dated(day))


class AppraisalLinkQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Links of the served units within reach, and those of the own body."""
        if user.post is None:
            return self.none()
        if user.post.unit_id is None:
            return self
        return self.filter(reach(user, unit="serves") | Q(body=user.post.unit_id))

    def on(self, day: date):
        return self.filter(dated(day))


class PersonQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Oneself; to an administrator also whoever holds or held a post within reach, without a query of its own."""
        oneself = Q(pk=user.pk)
        if not may(user, Action.MANAGE_PEOPLE):
            return self.filter(oneself)
        if user.post.unit_id is None:
            return self
        return self.filter(oneself | Exists(_posts_of_person().filter(reach(user))))

    def named_like(self, typed: str):
        """People found by name (accents or not), user name or telephone."""
        found = _words_of(typed) | Q(username__contains=typed.strip().lower())
        if digits := re.sub(r"\D", "", typed):
            found |= Q(phone__contains=re.sub("^84", "0", digits))
        return self.filter(found)


def _posts_of_person():
    return apps.get_model("organizations.Post").objects.filter(person=OuterRef("pk"))


class PersonManager(BaseUserManager.from_queryset(PersonQuerySet)):
    def get_by_natural_key(self, username):
        return self.get(username=username)

    def at_the_door(self, pk: int, at: datetime):
        """Return the person a session belongs to, with `unread_notices` and `current_posts`, each with its unit,
        `served_paths` and `came_from`; those that are only read on, as readers, come last.

        None where there is no such person. One query, which every page pays; two for someone without a post.
        """
        posts = posts_at_the_door(person=pk, at=at)
        if not posts:
            unread = apps.get_model("journal.Notice").objects.unread_total(models.Value(pk))
            person = self.filter(pk=pk).annotate(unread_notices=unread).first()
        else:
            person = posts[0].person
            person.unread_notices = posts[0].unread_notices
        if person is not None:
            person.current_posts = posts
            for post in posts:
                post.served_paths = sorted(post.served.split()) if post.served else []
                if not post.is_current(at):
                    post.as_reader()
                own = REACH[post.role] is Reach.OWN and post.line
                post.came_from = sorted(map(int, post.line.split())) if own else []
            posts.sort(key=lambda post: post.role == "reader")
        return person

    def known_as(self, login: str):
        """Return who signs in by this user name or telephone number, or None; one query, two at most."""
        if "\x00" in login:
            return None
        found = self.filter(username=nfc(login).strip().lower()).first()
        if found is None and (phone := normal_phone(login)):
            found = self.filter(phone=phone).first()
        return found


class PostQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own posts and those delegated from them; to an administrator also those at units within reach."""
        own = Q(person=user.pk) | Q(delegated_from__person=user.pk)
        if not may(user, Action.MANAGE_PEOPLE):
            return self.filter(own)
        return self if user.post.unit_id is None else self.filter(own | reach(user))

    def current(self, at: datetime):
        return self.filter(starts_at__lte=at).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))

    def at_hand(self, at: datetime):
        """Those one may act in: the current ones, and those that ended with their unit and are read on."""
        return self.filter(starts_at__lte=at).filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at) | Q(reads_on=True))

    def lasting(self, at: datetime):
        """Those that have not ended by an instant, those still to begin included."""
        return self.filter(Q(ends_at__isnull=True) | Q(ends_at__gt=at))


class FormerNameQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Those of the people in sight."""
        return self.filter(person__in=apps.get_model("organizations.Person").objects.visible_to(user))


class ResetCodeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That codes were made, to whoever made them; the codes themselves are readable by nobody."""
        return self.filter(made_by=user.pk) if may(user, Action.MANAGE_PEOPLE) else self.none()


class RecoveryCodeQuerySet(models.QuerySet):
    def visible_to(self, user):
        """That one has them, to oneself; the codes themselves are readable by nobody."""
        return self.filter(person=user.pk)

    def open(self):
        return self.filter(used_at__isnull=True)


class SessionQuerySet(models.QuerySet):
    def visible_to(self, user):
        """One's own."""
        return self.filter(person=user.pk)

    def lasting(self, at: datetime):
        """Those no clean-up is due to; whether one is over for its person is `session_ends`' answer."""
        return self.filter(expire_date__gt=at)


class SignInAttemptsQuerySet(models.QuerySet):
    def visible_to(self, user):
        """Nobody's business."""
        return self.none()


class RosterQuerySet(models.QuerySet):
    def visible_to(self, user):
        """To whoever uploaded it, while an administrator."""
        return self.filter(owner=user.pk) if may(user, Action.MANAGE_UNITS) else self.none()
