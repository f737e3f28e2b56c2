"""Questions about the tree that need more than one word."""

from datetime import date, datetime

from organizations.models import AppraisalLink, Person, Placement, Post, Unit


def tree_on(day: date) -> dict[int, int | None]:
    """Return {unit id: parent id, None for a root} of the units standing on a day; two queries."""
    parents = dict(Placement.objects.on(day).values_list("unit_id", "parent_id"))
    return {pk: parents.get(pk) for pk in Unit.objects.standing_on(day).order_by().values_list("pk", flat=True)}


def appraising_body_of(unit: Unit, day: date) -> Unit | None:
    """Return the body that serves the nearest ancestor-or-self of the unit, in today's tree; one query."""
    line = [*unit.ancestor_ids, unit.pk]
    links = AppraisalLink.objects.on(day).filter(serves__in=line).select_related("body", "serves")
    nearest = max(links, key=lambda link: len(link.serves.path), default=None)
    return nearest.body if nearest else None


def people_at(unit: Unit, roles, at: datetime) -> list[Person]:
    """Return who holds one of these roles at the unit at an instant; one query."""
    posts = Post.objects.current(at).filter(unit=unit, role__in=roles, person__is_active=True)
    return [post.person for post in posts.select_related("person")]
