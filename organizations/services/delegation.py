"""Letting somebody stand in for a secretary until an instant, and handing the post over for good."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Person, Post, Unit
from organizations.permissions import Action, may, may_delegate
from organizations.queries import may_stand_in
from organizations.services.people import close_post, give_post, said_of
from organizations.services.units import midnight, require_reach
from vietnamese.display import day_text, instant_text


@transaction.atomic
def delegate(post: Post, person: Person, *, starts_at: datetime, ends_at: datetime, by, at: datetime) -> Post:
    """Let a person of the unit act as deputy for a secretary's post from one instant until another; tell both.

    It ends with the post at the latest, with the deputy's own there, and with the year it begins in. Raises
    PermissionDenied or ValidationError.
    """
    if not may_delegate(by, post):
        raise PermissionDenied
    Person.objects.select_for_update().get(pk=person.pk)  # delegated twice at once is delegated once
    source = Post.objects.select_for_update(of=("self",)).select_related("unit", "person").get(pk=post.pk)
    _refuse_person(source, person, starts_at, at)
    _refuse_times(source, person, starts_at, ends_at)
    made = Post.objects.create(
        person=person,
        unit=source.unit,
        role=Post.Role.DEPUTY,
        starts_at=starts_at,
        ends_at=ends_at,
        delegated_from=source,
    )
    record(
        "post.delegated",
        subject="person",
        subject_id=person.pk,
        unit_id=source.unit_id,
        by=by,
        at=at,
        detail=said_of(made) | {"from": source.person_id, "ends_at": ends_at.isoformat()},
        tell=[person, source.person],
        text=lambda: _("%(secretary)s ủy quyền cho %(deputy)s – %(unit)s, từ %(starts)s đến %(ends)s.") % said(made),
        link=reverse("organizations:delegations"),
    )
    return made


@transaction.atomic
def revoke(delegated: Post, *, by, at: datetime) -> None:
    """End a delegation now, to the second; one that had not begun is taken back. Tells both."""
    found = Post.objects.select_for_update(of=("self",)).select_related("unit", "person", "delegated_from__person")
    locked = found.get(pk=delegated.pk)
    if locked.delegated_from is None or not may_delegate(by, locked.delegated_from):
        raise PermissionDenied
    if locked.ends_at <= at:
        raise ValidationError(_("Ủy quyền này đã hết hạn."))
    names = said(locked)
    close_post(
        locked,
        ends_at=at,
        by=by,
        at=at,
        tell=[locked.person, locked.delegated_from.person],
        text=lambda: _("Đã thôi ủy quyền của %(secretary)s cho %(deputy)s – %(unit)s.") % names,
        link=reverse("organizations:delegations"),
    )


@transaction.atomic
def hand_over(unit: Unit, person: Person, *, takes_over_at: datetime, by, at: datetime, title: str = "") -> Post:
    """Make a person the unit's secretary from an instant on, and end whoever is, with all they delegated, at it.

    What the unit wrote, sent or was asked stays the unit's. Raises PermissionDenied or ValidationError.
    """
    if not may(by, Action.MANAGE_PEOPLE):
        raise PermissionDenied
    require_reach(by, unit)
    Unit.objects.select_for_update().get(pk=unit.pk)
    held = unit.posts.filter(role=Post.Role.SECRETARY).lasting(takes_over_at)
    leaving = list(held.select_for_update(of=("self",)).select_related("unit", "person"))
    if any(post.person_id == person.pk for post in leaving):
        raise ValidationError({"person": _("Người này đang là bí thư của đơn vị.")})
    for post in leaving:
        close_post(post, ends_at=takes_over_at, by=by, at=at)
    role = Post.Role.SECRETARY
    given = give_post(person, unit=unit, role=role, title=title, starts_at=takes_over_at, by=by, at=at)
    names = {"unit": unit.name, "person": person.full_name, "at": instant_text(takes_over_at)}
    record(
        "unit.handed_over",
        subject="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        by=by,
        at=at,
        detail={"to": person.pk, "from": [post.person_id for post in leaving], "at": takes_over_at.isoformat()},
        tell=[post.person for post in leaving],
        text=lambda: _("%(unit)s được bàn giao cho %(person)s từ %(at)s.") % names,
        link=reverse("home"),
    )
    return given


def latest_end(starts_at: datetime) -> datetime:
    """Return when a delegation ends at the latest: with the year it begins in."""
    return midnight(date(localdate(starts_at).year + 1, 1, 1))


def said(delegated: Post) -> dict:
    """Return the words a notice of a delegation is made of."""
    return {
        "secretary": delegated.delegated_from.person.full_name,
        "deputy": delegated.person.full_name,
        "unit": delegated.unit.name,
        "starts": instant_text(delegated.starts_at),
        "ends": instant_text(delegated.ends_at),
    }


def _refuse_person(source: Post, person: Person, starts_at: datetime, at: datetime) -> None:
    if not may_stand_in(source, at).filter(pk=person.pk).exists():
        raise ValidationError({"person": _("Chỉ ủy quyền được cho người đang có vai trò khác ở đơn vị.")})
    if person.posts.filter(unit=source.unit, role=Post.Role.DEPUTY).lasting(starts_at).exists():
        raise ValidationError({"person": _("Người này đang được ủy quyền ở đơn vị rồi.")})


def _refuse_times(source: Post, person: Person, starts_at: datetime, ends_at: datetime) -> None:
    own = person.posts.filter(unit=source.unit_id, delegated_from=None).lasting(starts_at)
    own_ends = list(own.values_list("ends_at", flat=True))
    last = None if None in own_ends else max(own_ends, default=None)
    most = min(filter(None, (latest_end(starts_at), source.ends_at, last)))
    if not source.starts_at <= starts_at < ends_at:
        raise ValidationError({"ends_on": _("Ngày kết thúc phải từ ngày bắt đầu trở đi.")})
    if ends_at > most:
        day = {"day": day_text(localdate(most))}
        raise ValidationError({"ends_on": _("Chỉ ủy quyền được đến trước ngày %(day)s.") % day})
