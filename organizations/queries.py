"""Questions about the tree that need more than one word."""

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Case, DateField, DateTimeField, OuterRef, Q, QuerySet, Subquery, When
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.awaiting import Awaited
from journal.models import Event
from journal.questions import Among, Blank, Question
from organizations.models import CELL_KINDS, AppraisalLink, HeadCount, Person, Placement, Post, Succession, Unit
from organizations.permissions import REACH, Action, Reach, may, reach
from organizations.seats import SightCount


def tree_on(day: date) -> dict[int, int | None]:
    """Return {unit id: parent id, None for a root} of the units standing on a day; two queries."""
    parents = dict(Placement.objects.on(day).values_list("unit_id", "parent_id"))
    return {pk: parents.get(pk) for pk in Unit.objects.standing_on(day).order_by().values_list("pk", flat=True)}


def parents_on(day: date, units) -> dict[int, Unit]:
    """Return {unit id: its parent on a day} of these units; roots are left out; one query."""
    placements = Placement.objects.on(day).filter(unit__in=[unit.pk for unit in units]).select_related("parent")
    return {placement.unit_id: placement.parent for placement in placements}


def names_on(day: date, units) -> dict[int, str]:
    """Return {unit id: the name it bore on a day} of these units, from the renamings of later days; one query."""
    names = {unit.pk: unit.name for unit in units}
    later = Succession.objects.filter(kind=Succession.Kind.RENAME, predecessor__in=names, effective_on__gt=day)
    for renaming in later.exclude(old_name="").order_by("-effective_on", "-recorded_at", "-id"):
        names[renaming.predecessor_id] = renaming.old_name
    return names


def lineage_of(unit: Unit) -> list[Succession]:
    """Return what became of a unit and of all it came from, oldest first: renamed, moved, merged, split, dissolved.

    Each with both units and its reorganisation; what the units it became went through later is told on their own. One
    query.
    """
    line = Unit.objects.predecessors_of(unit)
    found = Succession.objects.filter(Q(predecessor__in=line.order_by().values("pk")) | Q(predecessor=unit))
    return list(found.select_related("predecessor", "successor", "reorganisation"))


def former_names(unit: Unit) -> list[str]:
    """Return the names a unit bore before, and those of all it came from by merging and splitting; one query."""
    line = Unit.objects.predecessors_of(unit).order_by().values("pk")
    told = Succession.objects.filter(Q(predecessor__in=line) | Q(predecessor=unit, kind=Succession.Kind.RENAME))
    rows = told.order_by("effective_on", "id").values_list("kind", "old_name", "predecessor__name")
    names = (old if kind == Succession.Kind.RENAME else name for kind, old, name in rows)
    return list(dict.fromkeys(name for name in names if name and name != unit.name))


def say_what_became(units, typed: str = "") -> None:
    """Give each unit of a page `went_to`, names it merged into or was split into, and `found_by`: by which older name
    what was typed finds it, its own or of one it came from. One query, three where something was typed.
    """
    rows = {unit.pk: unit for unit in units}
    for unit in rows.values():
        unit.went_to, unit.found_by = [], []
    ended = [unit.pk for unit in rows.values() if unit.valid_to]
    for became in Succession.objects.filter(predecessor__in=ended, kind__in=INHERITED).select_related("successor"):
        rows[became.predecessor_id].went_to.append(became.successor.name)
    if not typed.strip():
        return
    line = Unit.objects.lines_of(rows)
    for told in Succession.objects.once_named(typed).filter(predecessor__in=line):
        old = told.old_name if told.kind == Succession.Kind.RENAME else told.predecessor.name
        for unit in line[told.predecessor_id]:
            itself = unit == told.predecessor_id and told.kind != Succession.Kind.RENAME
            if not itself and old not in rows[unit].found_by:
                rows[unit].found_by.append(old)


INHERITED = (Succession.Kind.MERGE, Succession.Kind.SPLIT)


def trail_of(unit: Unit) -> list[Unit]:
    """Return the units above, from the root down, in today's tree; one query."""
    above = Unit.objects.in_bulk(unit.ancestor_ids)
    return [above[pk] for pk in unit.ancestor_ids if pk in above]


@Question
def _serving():
    links = AppraisalLink.objects.on(Blank("day", DateField())).filter(Among("serves", "line"))
    return links.select_related("body", "serves")


def appraising_body_of(unit: Unit, day: date) -> Unit | None:
    """Return the body that serves the nearest ancestor-or-self of the unit, in today's tree; one query."""
    links = _serving(day=day, line=[*unit.ancestor_ids, unit.pk])
    nearest = max(links, key=lambda link: len(link.serves.path), default=None)
    return nearest.body if nearest else None


def appraising_bodies_of(units: Iterable[Unit], day: date) -> dict[int, Unit]:
    """Return {unit id: the body that serves the nearest ancestor-or-self of it}, as `appraising_body_of`, of many
    units; those nobody serves are left out. One query."""
    units = list(units)
    links = AppraisalLink.objects.on(day).select_related("body")
    serving = {link.serves_id: link.body for link in links}
    lines = {unit.pk: [pk for pk in [*unit.ancestor_ids, unit.pk] if pk in serving] for unit in units}
    return {pk: serving[line[-1]] for pk, line in lines.items() if line}


def appraisal_links_about(unit: Unit, day: date) -> tuple[Unit | None, list[AppraisalLink]]:
    """Return who appraises for a unit on a day, and the links to and from the unit itself, newest first; one query."""
    line = {pk: depth for depth, pk in enumerate([*unit.ancestor_ids, unit.pk])}
    found = AppraisalLink.objects.filter(Q(serves__in=line) | Q(body=unit)).select_related("body", "serves")
    links = list(found.order_by("-valid_from"))
    standing = [link for link in links if link.serves_id in line and link.holds_on(day)]
    nearest = max(standing, key=lambda link: line[link.serves_id], default=None)
    own = [link for link in links if unit.pk in (link.serves_id, link.body_id)]
    return nearest and nearest.body, own


def people_at(unit: Unit | int, roles, at: datetime) -> list[Person]:
    """Return who holds one of these roles at a unit, given it or its id, each acting in that post; one query."""
    unit = unit.pk if isinstance(unit, Unit) else unit
    return people_at_each([unit], roles, at)[unit]


def people_at_each(units: Iterable[int], roles, at: datetime) -> dict[int, list[Person]]:
    """Return {unit: who holds one of these roles there}, as `people_at`, of units by their ids; one query."""
    found: dict[int, list[Person]] = {pk: [] for pk in units}
    for post in _posts_held(tuple(roles), units=found, at=at):
        found[post.unit_id].append(post.person.acting_as(post))
    return found


@Question
def _posts_held(roles):
    posts = Post.objects.current(Blank("at", DateTimeField())).filter(Among("unit", "units"), role__in=roles)
    return posts.filter(person__is_active=True).select_related("person")


def posts_at(unit: Unit, at: datetime) -> QuerySet[Post]:
    """Return up to two hundred lasting posts at a unit, by given name, each with who holds and who delegated it."""
    posts = unit.posts.lasting(at).select_related("person", "delegated_from__person")
    return posts.order_by("person__sort_key", "id")[:200]


def may_stand_in(post: Post, at: datetime) -> QuerySet[Person]:
    """Return who may stand in for a post: the others with a lasting post at its unit who sign in, by given name."""
    there = Post.objects.filter(unit=post.unit_id).lasting(at).values("person")
    return Person.objects.filter(pk__in=there, is_active=True).exclude(pk=post.person_id)


def delegations_of(user) -> list[Post]:
    """Return what was delegated from one's posts and to oneself, the latest end first; one query."""
    found = Post.objects.filter(delegated_from__isnull=False).filter(Q(person=user) | Q(delegated_from__person=user))
    return list(found.select_related("person", "unit", "delegated_from__person").order_by("-ends_at", "-id")[:50])


def entered_for(by, at: datetime) -> Person | None:
    """Return for whom a clerk enters: the secretary of the own unit, or whoever stands in; None for any other role.

    No query but for a clerk: one, or two where the unit has no secretary.
    """
    if by is None or by.post is None or by.post.role != Post.Role.CLERK:
        return None
    held = people_at(by.post.unit_id, (Post.Role.SECRETARY,), at) or people_at(by.post.unit_id, (Post.Role.DEPUTY,), at)
    return held[0] if held else None


def units_listed(user, day: date, *, q: str = "", kind: str = "", standing: str = "") -> QuerySet[Unit]:
    """Return the units within reach, sorted by name: standing on the day, or `standing` "ended" by it, or "all"."""
    found = Unit.objects.visible_to(user)
    if standing == "ended":
        found = found.filter(valid_to__lte=day)
    elif standing != "all":
        found = found.standing_on(day)
    if kind:
        found = found.filter(kind=kind)
    return found.named_like(q) if q.strip() else found


def with_parent_name(units: QuerySet[Unit], day: date) -> QuerySet[Unit]:
    """Return the units each with `parent_name`, what they stand under on a day; None for a root."""
    above = Placement.objects.on(day).filter(unit=OuterRef("pk"))
    return units.annotate(parent_name=Subquery(above.values("parent__name")[:1]))


def history_of(subject: str, pk: int, user) -> list[Event]:
    """Return the last thirty things done to a unit or a person, newest first; one query.

    `within` says whether an event's unit lies within this person's reach: others are not named to them.
    """
    within = Case(When(Q(pk__isnull=False) & reach(user), then=True), default=False)
    return list(Event.objects.about(subject, pk).annotate(within=within).order_by("-id")[:30])


def people_listed(user, at: datetime, *, q: str = "", unit: Unit | None = None, standing: str = "") -> QuerySet[Person]:
    """Return the people within reach, by given name: who may sign in, `standing` "out" who may not, or "all".

    With a unit, those with a lasting post there or below.
    """
    found = Person.objects.visible_to(user)
    if standing != "all":
        found = found.filter(is_active=standing != "out")
    if unit is not None:
        there = Post.objects.lasting(at).filter(unit__in=Unit.objects.below(unit)).values("person")
        found = found.filter(pk__in=there)
    return found.named_like(q) if q.strip() else found


def is_old(counted_from: date, day: date) -> bool:
    """Whether a head-count of that day is to be looked at again: older than a year."""
    return counted_from < year_before(day)


def year_before(day: date) -> date:
    return day.replace(year=day.year - 1, day=28 if (day.month, day.day) == (2, 29) else day.day)


def cells_counted(user, day: date, *, state: str = "", q: str = "") -> QuerySet[Unit]:
    """Return the cells within reach standing on a day, in tree order, each with what is in force of its members.

    That is `members`, `exempt` and `counted_from` (all None where nobody ever counted) and `parent_name`. `state` keeps
    those without any ("none"), with one older than a year ("old"), or either ("ask"). One query.
    """
    found = Unit.objects.visible_to(user).standing_on(day).filter(kind__in=CELL_KINDS)
    counts = HeadCount.objects.in_force(day, unit=OuterRef("pk"))
    names = {"members": "members", "exempt": "exempt", "counted_from": "valid_from"}
    found = found.annotate(**{name: Subquery(counts.values(field)) for name, field in names.items()})
    above = Placement.objects.filter(unit=OuterRef("pk"), valid_to__isnull=True)
    found = found.annotate(parent_name=Subquery(above.values("parent__name")[:1])).order_by("path")
    never, old = Q(counted_from=None), Q(counted_from__lt=year_before(day))
    if wanted := {"none": never, "old": old, "ask": never | old}.get(state):
        found = found.filter(wanted)
    return found.named_like(q) if q.strip() else found


@SightCount
def _to_count(user, day: date):
    return cells_counted(user, day, state="ask").order_by().values_list("pk", flat=True)


def awaiting(user, at: datetime) -> list[Awaited]:
    """Return how many cells within reach nobody counted the members of, or not for a year; one query."""
    if user.post is None or not may(user, Action.COUNT_MEMBERS):
        return []
    count = _to_count(user, localdate(at))
    own = count and REACH[user.post.role] is Reach.OWN
    url = reverse("organizations:members", args=[user.post.unit_id]) if own else reverse("organizations:cells")
    text = _("Chi bộ chưa có số đảng viên, hoặc số đã quá một năm")
    return [Awaited(text, count, url if own else f"{url}?state=ask", "info")]


def unit_choices(user, chosen: str = "") -> list[Unit]:
    """Return the units a list may be narrowed to: those directly below the own place, and the one chosen; one query."""
    post = user.post
    if post is None or post.unit_id is None or REACH[post.role] is Reach.OWN:
        return []
    tops = [path[-8:] for path in (post.served_paths if REACH[post.role] is Reach.SERVED else [post.unit.path])]
    below = Q(placements__parent__in=[int(top) for top in tops], placements__valid_to__isnull=True)
    wanted = below | Q(pk=int(chosen)) if chosen.isdecimal() and len(chosen) < 18 else below
    return list(Unit.objects.visible_to(user).filter(wanted).distinct())


def owner_acting(job, *, at: datetime) -> Person:
    """Return who started a job, acting in the post it was started from (`post` among its arguments).

    As its reader when it ended with its unit; in none when it ended otherwise, or the person is no longer active.
    """
    posts = Post.objects.at_hand(at).filter(person=job.owner, person__is_active=True)
    post = posts.select_related("unit").filter(pk=job.arguments["post"]).first()
    return job.owner.acting_as(post if post is None or post.is_current(at) else post.as_reader())
