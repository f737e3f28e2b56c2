"""The only writers of units, placements, people and posts."""

from datetime import date, datetime

from django.db import transaction

from journal.services import record
from organizations.models import AppraisalLink, Person, Placement, Post, Unit
from organizations.paths import path_of
from vietnamese.folding import fold, nfc
from vietnamese.sorting import person_sort_key, sort_key


@transaction.atomic
def add_unit(
    *, code: str, name: str, kind: str, valid_from: date, parent: Unit | None, by, at: datetime, valid_to=None
) -> Unit:
    """Add a unit under a parent (or as a root) from `valid_from` on."""
    unit = Unit(code=nfc(code), name=nfc(name), kind=kind, valid_from=valid_from, valid_to=valid_to)
    unit.folded_name, unit.sort_key = fold(name), sort_key(name)
    unit.save()
    unit.path = (parent.path if parent else "") + path_of([unit.pk])
    unit.save(update_fields=["path"])
    if parent is not None:
        Placement.objects.create(unit=unit, parent=parent, valid_from=valid_from, valid_to=valid_to)
    record("unit.added", subject="unit", subject_id=unit.pk, unit_id=unit.pk, by=by, at=at)
    return unit


@transaction.atomic
def let_appraise(body: Unit, serves: Unit, *, valid_from: date, by, at: datetime) -> AppraisalLink:
    """From `valid_from` on, `body` appraises what `serves` and the units below it register."""
    link = AppraisalLink.objects.create(body=body, serves=serves, valid_from=valid_from)
    record("appraisal_link.added", subject="unit", subject_id=serves.pk, by=by, at=at, detail={"body": body.pk})
    return link


@transaction.atomic
def add_person(*, username: str, full_name: str, by, at: datetime, phone=None, email="", password=None) -> Person:
    """Add someone who may sign in; without a password only by a reset code."""
    person = Person(username=nfc(username), full_name=nfc(full_name), phone=phone or None, email=email)
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
