"""Tables of published figures: who approves them, and which wait for whom."""

from datetime import datetime

from django.db.models import Q
from django.utils.timezone import localdate

from completion.lifecycle import OWN_PUBLISHED_STEPS, PUBLISHED_MOVES
from completion.models import PublishedTable
from models_registry import gate
from organizations.models import Person, Post
from organizations.permissions import Action, may, reaches, top_path
from progress.queries.authority import bodies_in_line


def approvers_of(table: PublishedTable, at: datetime) -> list[Person]:
    """Return who may approve, of the nearest level that has somebody, each acting in that post; three queries."""
    unit = table.unit
    bodies = {body.pk: body for body in bodies_in_line(unit, localdate(at))}
    posts = Post.objects.current(at).filter(person__is_active=True).exclude(person=table.entered_by_id)
    line = Q(role="leader", unit__in=[*unit.ancestor_ids, unit.pk]) | Q(role="head", unit__in=bodies)
    found = [post.person.acting_as(post) for post in posts.filter(line).select_related("person", "unit")]
    found = [person for person in found if reaches(person, unit)]
    nearest = max((len(top_path(person)) for person in found), default=0)
    return [person for person in found if len(top_path(person)) == nearest]


def open_published_steps(table: PublishedTable, user) -> set[str]:
    """Return the steps this person may take on a table now; no query."""
    own = table.entered_by_id == user.pk
    steps = gate.open_steps(table, PUBLISHED_MOVES, by=user, conflicted=own)
    return {step for step in steps if own or step not in OWN_PUBLISHED_STEPS}


def waiting_for(user):
    """Return the tables that wait for this person's approval."""
    if not may(user, Action.APPROVE_PUBLISHED):
        return PublishedTable.objects.none()
    return PublishedTable.objects.visible_to(user).waiting().exclude(entered_by=user.pk)
