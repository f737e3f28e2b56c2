"""Units merged, split, moved, renamed and dissolved by one numbered decision; what they hold follows in progress."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from organizations.models import AppraisalLink, HeadCount, Placement, Post, Reorganisation, Succession, Unit
from organizations.services.people import give_post
from organizations.services.tree import move_unit, place_where_due
from organizations.services.units import add_unit, end_unit, let_appraise, midnight, require_reach


@dataclass(frozen=True, slots=True)
class Decision:
    """What the paper says."""

    kind: str
    number: str
    decided_on: date
    effective_on: date
    note: str = ""


@dataclass(frozen=True, slots=True)
class Founded:
    """A unit that a decision founds."""

    code: str
    name: str
    kind: str
    parent: Unit | None


def begin_reorganisation(
    decision: Decision, units: Sequence[Unit], *, by, at: datetime
) -> tuple[Reorganisation, list[Unit]]:
    """Lock the units, refuse what cannot be reorganised, and keep the decision; inside the caller's transaction.

    Raises PermissionDenied (also for one's own unit) or ValidationError.
    """
    require_reach(by, *units)
    if by is not None and by.post.unit_id in {unit.pk for unit in units}:
        raise PermissionDenied
    locked = list(Unit.objects.select_for_update().filter(pk__in=[unit.pk for unit in units]).order_by("pk"))
    today = localdate(at)
    if decision.effective_on > today:
        raise ValidationError({"effective_on": _("Ngày có hiệu lực chưa đến. Hãy thực hiện vào ngày đó hoặc sau đó.")})
    if decision.decided_on > today:
        raise ValidationError({"decided_on": _("Ngày này chưa đến.")})
    for unit in locked:
        if unit.valid_to is not None:
            raise ValidationError({"units": _("%(unit)s đã kết thúc hoạt động.") % {"unit": unit}})
        if any(other.pk in unit.ancestor_ids for other in locked):
            raise ValidationError({"units": _("%(unit)s nằm dưới một đơn vị khác đã chọn.") % {"unit": unit}})
    made = Reorganisation.objects.create(
        kind=decision.kind,
        number=decision.number.strip(),
        decided_on=decision.decided_on,
        effective_on=decision.effective_on,
        note=decision.note.strip(),
        recorded_at=at,
        recorded_by=by,
    )
    return made, locked


def posts_to_settle(units: Sequence[Unit], day: date) -> list[Post]:
    """Return the posts that end with the units, whoever was delegated left out; one query."""
    lasting = Post.objects.filter(unit__in=units, delegated_from=None).lasting(midnight(day))
    return list(lasting.select_related("person", "unit").order_by("unit__sort_key", "role", "person__sort_key", "id"))


def roles_after(posts: Sequence[Post], chosen: Mapping[int, str]) -> dict[int, str]:
    """Return {post id: the role its holder has in the new unit, "" for none}; as chosen, else the same.

    A second secretary becomes a deputy unless another choice was made.
    """
    roles, led = {}, {post.person_id for post in posts if chosen.get(post.pk) == Post.Role.SECRETARY}
    for post in posts:
        role = post.role
        if role == Post.Role.SECRETARY:
            role = Post.Role.DEPUTY if led - {post.person_id} else role
            led = led or {post.person_id}
        roles[post.pk] = chosen.get(post.pk, str(role))
    return roles


def merge_units(
    made: Reorganisation,
    units: Sequence[Unit],
    new: Founded,
    chosen: Mapping[int, str],
    *,
    board: Unit | None = None,
    by,
    at: datetime,
) -> tuple[Unit, list[Unit]]:
    """Found the unit others merge into; returns it and the units that came to stand under it.

    Who worked there keeps the role in it, as `roles_after` says; the head-counts of cells are added; what served them
    all, or the `board` that is named, serves it; it appraises for whom they appraised. A handful of queries for each
    unit and each person, none for what stands below.
    """
    on = made.effective_on
    if len(units) < 2:
        raise ValidationError({"units": _("Hãy chọn ít nhất hai đơn vị để sáp nhập.")})
    if new.parent and any(new.parent.path.startswith(unit.path) for unit in units):
        raise ValidationError({"parent": _("Đơn vị mới không thể trực thuộc một đơn vị sắp kết thúc.")})
    served = served_by(units)
    posts = posts_to_settle(units, on)
    bodies = AppraisalLink.objects.filter(serves__in=units, valid_to=None).select_related("body")
    bodies = {link.body_id: link.body for link in bodies}
    successor = add_unit(
        code=new.code, name=new.name, kind=new.kind, valid_from=on, parent=new.parent, by=by, at=at,
    )  # fmt: skip
    below = take_children(units, successor, made, at=at)
    if successor.has_members:
        _add_head_counts(units, successor, on, by=by, at=at)
    for unit in units:
        end_unit(
            unit, on=on, by=by, at=at, decision=made.number, kind=Succession.Kind.MERGE, successors=[successor],
            reorganisation=made,
        )  # fmt: skip
    serving = board or (next(iter(bodies.values())) if len(bodies) == 1 else None)
    if serving:
        let_appraise(serving, successor, valid_from=on, by=by, at=at)
    serve_instead(successor, served, on, by=by, at=at)
    give_posts(posts, roles_after(posts, chosen), successor, on, by=by, at=at)
    place_where_due(at=at)
    return successor, below


def split_unit(
    made: Reorganisation,
    unit: Unit,
    news: Sequence[Founded],
    *,
    below: Mapping[int, str],
    seats: Mapping[int, str],
    heir: str = "",
    by,
    at: datetime,
) -> list[Unit]:
    """Found the units one is split into, give each its part, and end the old one.

    By the codes of the new units: `below` says where each unit under the old one goes (the first new unit where it says
    nothing), `seats` where each post goes on in the same role (it ends where it says nothing). What appraised for the
    old one itself serves the new ones; the `heir`, or the first, appraises for whom the old one did. A handful of
    queries for each new unit, unit below and person.
    """
    if len(news) < 2:
        raise ValidationError({"new_units": _("Hãy nêu ít nhất hai đơn vị mới.")})
    on = made.effective_on
    served = served_by([unit])
    posts = posts_to_settle([unit], on)
    bodies = [link.body for link in AppraisalLink.objects.filter(serves=unit, valid_to=None).select_related("body")]
    founded = {
        new.code: add_unit(code=new.code, name=new.name, kind=new.kind, valid_from=on, parent=new.parent, by=by, at=at)
        for new in news
    }
    first = next(iter(founded.values()))
    for child in Unit.objects.children_of(unit).filter(valid_to=None):
        parent = founded.get(below.get(child.pk, ""), first)
        move_unit(child, parent, on=on, by=by, at=at, decision=made.number, reorganisation=made)
    end_unit(
        unit, on=on, by=by, at=at, decision=made.number, kind=Succession.Kind.SPLIT, successors=list(founded.values()),
        reorganisation=made,
    )  # fmt: skip
    for new in founded.values() if bodies else ():
        let_appraise(bodies[0], new, valid_from=on, by=by, at=at)
    serve_instead(founded.get(heir, first), served, on, by=by, at=at)
    for code, new in founded.items():
        mine = [post for post in posts if seats.get(post.pk) == code]
        give_posts(mine, {post.pk: post.role for post in mine}, new, on, by=by, at=at)
    return list(founded.values())


def served_by(bodies: Sequence[Unit]) -> dict[int, list[Unit]]:
    """Return {body: the units it appraises for itself} of units of which some appraise; one query."""
    served: dict[int, list[Unit]] = {}
    for link in AppraisalLink.objects.filter(body__in=bodies, valid_to=None).select_related("serves").order_by("pk"):
        served.setdefault(link.body_id, []).append(link.serves)
    return served


def serve_instead(heir: Unit, served: Mapping[int, Sequence[Unit]], on: date, *, by, at: datetime) -> None:
    """Let a body appraise for the units that bodies which ended appraised for; some eight queries for each."""
    for unit in {unit.pk: unit for units in served.values() for unit in units}.values():
        let_appraise(heir, unit, valid_from=on, by=by, at=at)


def move_units(made: Reorganisation, units: Sequence[Unit], parent: Unit, *, by, at: datetime) -> None:
    """Let units stand under another from the day of the decision on, with all below them."""
    for unit in units:
        move_unit(unit, parent, on=made.effective_on, by=by, at=at, decision=made.number, reorganisation=made)


def take_children(
    units: Sequence[Unit], successor: Unit, made: Reorganisation, *, at: datetime
) -> list[Unit]:  # fmt: skip
    """Let what stands under the units stand under their successor; four queries, however many they are."""
    on = made.effective_on
    edges = list(
        Placement.objects.select_for_update(of=("self",)).filter(parent__in=units, valid_to=None).select_related("unit")
    )
    edges = [edge for edge in edges if edge.unit.valid_to is None]
    if late := next((edge.unit for edge in edges if edge.valid_from > on), None):
        raise ValidationError(
            {"effective_on": _("%(unit)s về trực thuộc sau ngày có hiệu lực; hãy chọn ngày sau đó.") % {"unit": late}}
        )
    # What came under them on the very day never stood there.
    Placement.objects.filter(pk__in=[edge.pk for edge in edges if edge.valid_from == on]).delete()
    Placement.objects.filter(pk__in=[edge.pk for edge in edges]).update(valid_to=on)
    moved = [edge.unit for edge in edges]
    Placement.objects.bulk_create(
        Placement(unit=unit, parent=successor, valid_from=on, recorded_at=at) for unit in moved
    )
    Succession.objects.bulk_create(
        Succession(
            reorganisation=made, kind=Succession.Kind.MOVE, predecessor=unit, successor=successor, effective_on=on,
            recorded_at=at,
        )
        for unit in moved
    )  # fmt: skip
    return moved


def give_posts(posts: Sequence[Post], roles: Mapping[int, str], successor: Unit, on: date, *, by, at: datetime) -> None:
    """Give people their roles in a new unit; of a cell one alone is the secretary."""
    given = {(post.person_id, roles[post.pk]): post for post in posts if roles[post.pk]}
    heads = {person for person, role in given if role == Post.Role.SECRETARY}
    if len(heads) > 1:
        raise ValidationError({"posts": _("Chỉ một người là bí thư của đơn vị mới. Hãy chọn lại.")})
    for (_person, role), post in given.items():
        give_post(
            post.person, unit=successor, role=role, title=post.title if role == post.role else "",
            starts_at=midnight(on), ends_at=post.ends_at, by=by, at=at,
        )  # fmt: skip
    Post.objects.filter(pk__in=[post.pk for post in posts if roles[post.pk]]).update(reads_on=False)


def _add_head_counts(units: Sequence[Unit], successor: Unit, on: date, *, by, at: datetime) -> None:
    counts = [count for unit in units for count in HeadCount.objects.in_force(on, unit=unit)]
    if counts:
        reasons = dict.fromkeys(count.exempt_reason for count in counts if count.exempt_reason)
        HeadCount.objects.create(
            unit=successor, valid_from=on, members=sum(count.members for count in counts),
            exempt=sum(count.exempt for count in counts), exempt_reason="; ".join(reasons)[:300],
            recorded_by=by, recorded_at=at,
        )  # fmt: skip
