"""The only writers of people, their passwords and the posts they hold."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Person, Post, Unit
from organizations.phones import normal_phone
from organizations.services.passwords import make_reset_code
from vietnamese.folding import fold, nfc
from vietnamese.sorting import person_sort_key


class AlreadyKnown(Exception):
    """The user name or telephone number belongs to somebody else; the message says which."""


@transaction.atomic
def first_administrator(*, username: str, full_name: str, at: datetime, phone: str = "") -> str:
    """Make an administrator above every unit and return a one-time code; a new code if it is the same one again.

    Raises AlreadyKnown where somebody else has the name, or another administrator above every unit exists.
    """
    above_all = Post.objects.current(at).filter(unit=None, role=Post.Role.ADMINISTRATOR)
    known = Person.objects.known_as(username)
    if known is not None and not above_all.filter(person=known).exists():
        raise AlreadyKnown(_("Tên đăng nhập %(name)s đã có người dùng.") % {"name": username})
    if known is None and above_all.exists():
        raise AlreadyKnown(_("Đã có quản trị viên chung; hãy dùng trang quản trị để thêm người."))
    if known is None:
        if phone and Person.objects.known_as(phone):
            raise AlreadyKnown(_("Số điện thoại %(phone)s đã có người dùng.") % {"phone": phone})
        known = add_person(username=username, full_name=full_name, phone=phone, by=None, at=at)
        give_post(known, unit=None, role=Post.Role.ADMINISTRATOR, starts_at=at, by=None, at=at)
    return make_reset_code(known, by=None, at=at)


@transaction.atomic
def add_person(*, username: str, full_name: str, by, at: datetime, phone=None, email="", password=None) -> Person:
    """Add someone who may sign in; without a password only by a reset code."""
    person = Person(username=nfc(username).strip().lower(), full_name=nfc(full_name), email=email)
    person.phone = normal_phone(phone or "") or None
    person.folded_name, person.sort_key = fold(full_name), person_sort_key(full_name)
    person.set_password(password)
    person.save()
    record("person.added", subject="person", subject_id=person.pk, by=by, at=at)
    return person


@transaction.atomic
def give_post(person: Person, *, unit: Unit | None, role: str, starts_at: datetime, by, at: datetime, title="") -> Post:
    """Give a person a role at a unit from `starts_at` on."""
    post = Post.objects.create(person=person, unit=unit, role=role, title=nfc(title), starts_at=starts_at)
    record(
        "post.given",
        subject="person",
        subject_id=person.pk,
        unit_id=unit.pk if unit else None,
        by=by,
        at=at,
        detail={"role": role},
    )
    return post
