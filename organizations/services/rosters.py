"""The only writer of what a roster brings: all of it in one transaction, or nothing."""

import secrets
from datetime import datetime

from django.contrib.auth.hashers import make_password
from django.db import transaction

from journal.services import record
from organizations.models import AppraisalLink, HeadCount, Person, Placement, Post, Roster, Unit
from organizations.paths import path_of
from organizations.rosters.checking import Plan
from organizations.services.units import midnight
from vietnamese.folding import fold, nfc
from vietnamese.sorting import person_sort_key, sort_key

BATCH = 1_000


@transaction.atomic
def keep_roster(file, *, by: Person, at: datetime) -> Roster:
    """Keep an uploaded file, under a name nobody can guess, for its owner until it is checked and loaded."""
    kept = Roster(owner=by, name=nfc(file.name)[:150], size=file.size, uploaded_at=at)
    kept.file.save(f"{secrets.token_hex(16)}.xlsx", file, save=False)
    kept.save()
    return kept


@transaction.atomic
def load(plan: Plan, *, roster: Roster, by: Person, at: datetime, advance=lambda done: None) -> None:
    """Write a plan without problems: set-based, one journal row for the file; nobody is told."""
    units = _load_units(plan, advance)
    advance(len(plan.units))
    people = _load_people(plan)
    advance(len(plan.units) + len(plan.people))
    _load_posts(plan, units, people)
    advance(len(plan.units) + len(plan.people) + len(plan.posts))
    _load_head_counts(plan, units, by=by, at=at)
    advance(len(plan.units) + len(plan.people) + len(plan.posts) + len(plan.head_counts))
    counts = {name: len(getattr(plan, name)) for name in ("units", "people", "posts", "head_counts")}
    roster.loaded_at = at
    roster.save(update_fields=["loaded_at"])
    record("roster.loaded", subject="roster", subject_id=roster.pk, by=by, at=at, detail=counts)


def _load_units(plan: Plan, advance) -> dict[str, Unit]:
    new = [
        Unit(
            code=row["code"],
            name=row["name"],
            kind=row["kind"],
            valid_from=row["valid_from"],
            folded_name=fold(row["name"])[:400],
            sort_key=sort_key(row["name"]),
        )
        for row in plan.units
    ]
    Unit.objects.bulk_create(new, batch_size=BATCH)
    units = plan.known_units | {unit.code: unit for unit in new}
    for number, (unit, row) in enumerate(zip(new, plan.units, strict=True)):
        parent = units[row["parent"]] if row["parent"] else None
        unit.path = (parent.path if parent else "") + path_of([unit.pk])
        advance(number)
    Unit.objects.bulk_update(new, ["path"], batch_size=BATCH)
    Placement.objects.bulk_create(
        [
            Placement(unit=unit, parent=units[row["parent"]], valid_from=unit.valid_from)
            for unit, row in zip(new, plan.units, strict=True)
            if row["parent"]
        ],
        batch_size=BATCH,
    )
    AppraisalLink.objects.bulk_create(
        [
            AppraisalLink(body=units[row["body"]], serves=unit, valid_from=unit.valid_from)
            for unit, row in zip(new, plan.units, strict=True)
            if row["body"]
        ],
        batch_size=BATCH,
    )
    return units


def _load_people(plan: Plan) -> dict[str, Person]:
    new = [
        Person(
            username=row["username"],
            full_name=row["full_name"],
            phone=row["phone"],
            email=row["email"],
            password=make_password(None),
            folded_name=fold(row["full_name"])[:200],
            sort_key=person_sort_key(row["full_name"]),
        )
        for row in plan.people
    ]
    Person.objects.bulk_create(new, batch_size=BATCH)
    return plan.known_people | {person.username: person for person in new}


def _load_posts(plan: Plan, units: dict[str, Unit], people: dict[str, Person]) -> None:
    Post.objects.bulk_create(
        [
            Post(
                person=people[row["username"]],
                unit=units[row["unit"]],
                role=row["role"],
                title=row["title"],
                starts_at=midnight(row["starts_on"]),
            )
            for row in plan.posts
        ],
        batch_size=BATCH,
    )


def _load_head_counts(plan: Plan, units: dict[str, Unit], *, by: Person, at: datetime) -> None:
    HeadCount.objects.bulk_create(
        (HeadCount(**row | {"unit": units[row["unit"]]}, recorded_by=by, recorded_at=at) for row in plan.head_counts),
        batch_size=BATCH,
    )
