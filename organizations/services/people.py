"""The only writers of people, their passwords and the posts they hold."""

from datetime import datetime

from django.db import transaction

from journal.services import record
from organizations.models import Person, Post, Unit
from organizations.phones import normal_phone
from vietnamese.folding import fold, nfc
from vietnamese.sorting import person_sort_key


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
