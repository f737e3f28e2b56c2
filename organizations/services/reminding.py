"""Reminding people of what is due: by itself every morning, and by a superior's press of a button."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from journal.models import Event, Reminder, Told, worded
from journal.services import keep_reminders, record
from organizations.models import Post, Unit
from organizations.permissions import Action, may, reaches
from organizations.queries import people_at
from organizations.reminding import LAST, OFFICERS, STAGES, SUPERIOR, Due, Kind, Seats, stage_of
from organizations.services.units import midnight
from vietnamese.display import day_text

BATCH = 500


def remind(kind: Kind, *, at: datetime) -> None:
    """Keep today's reminders of one kind: to the people of each unit that has something due, later to its superior.

    What was reminded of before at the same stage is not repeated. The queries of `kind.dues`, two of the tree, and two
    for each 500 units.
    """
    today = localdate(at)
    dues = list(kind.dues(today - timedelta(days=LAST), today - timedelta(days=STAGES[0]), at))
    own = [due for due in dues if stage_of(due.on, today) in STAGES]
    late = [due for due in dues if stage_of(due.on, today) == SUPERIOR]
    above = list(_to_superiors(kind, late, Seats(at))) if late else []
    for words, told in ((kind.words, own), (kind.above, above)):
        for first in range(0, len(told), BATCH):
            keep_reminders(_reminders(kind, words, told[first : first + BATCH], at=at))


def _to_superiors(kind: Kind, late: list[Due], seats: Seats) -> Iterator[Due]:
    """Yield one Due for each superior and day: `count` is how many units below lag."""
    lagging = defaultdict(set)
    for due in late:
        if seat := seats.superior_of(due.path):
            lagging[seat, due.on].add(due.unit)
    for ((unit, role), on), units in lagging.items():
        yield Due(unit=unit, path="", on=on, count=len(units), link=reverse(kind.above_url), roles=(role,))


def _reminders(kind: Kind, words: str, dues: list[Due], *, at: datetime) -> list[Reminder]:
    """Return one reminder for each person, unit and day; what differs only in who is kept out is added up."""
    people = _people(dues, at)
    told: dict[tuple, Due] = {}
    for due in dues:
        for person in _recipients(due, people, kind):
            key = (person, due.unit, due.on)
            told[key] = replace(due, count=due.count + told[key].count) if key in told else due
    said = {(due.count, due.on): worded(_saying(words, due)) for due in told.values()}
    return [
        Reminder(
            kind=kind.name,
            subject_id=unit,
            due_on=on,
            stage=stage_of(on, localdate(at)),
            recipient_id=person,
            link=due.link,
            at=at,
            **said[due.count, on],
        )
        for (person, unit, on), due in told.items()
    ]


def _people(dues: Iterable[Due], at: datetime) -> dict[tuple[int, str], set[int]]:
    """Return {(unit, role): ids of who holds it and may sign in} for these units; one query."""
    posts = Post.objects.current(at).filter(unit__in={due.unit for due in dues}, person__is_active=True)
    found = defaultdict(set)
    for unit, role, person in posts.values_list("unit", "role", "person"):
        found[unit, role].add(person)
    return found


def _recipients(due: Due, people, kind: Kind) -> set[int]:
    roles = kind.roles if due.roles is None else due.roles
    seated = set().union(*(people.get((due.unit, role), ()) for role in roles))
    return next((left for out in due.but_not if (left := seated - out)), set())


def _saying(words: str, due: Due) -> Callable[[], str]:
    return lambda: words % {"count": due.count, "day": day_text(due.on)}


@transaction.atomic
def urge(unit: Unit, what: str, *, text: Callable[[], str], link: str, by, at: datetime) -> int:
    """Remind a unit's officers of one thing at once, because its superior pressed the button; returns how many.

    Once a day for each unit and thing, whoever presses. Raises PermissionDenied, or ValidationError where it was done
    today already or nobody is seated there.
    """
    if not may(by, Action.URGE) or not reaches(by, unit) or by.post.unit_id == unit.pk:
        raise PermissionDenied
    Unit.objects.select_for_update().get(pk=unit.pk)  # one at a time for a unit
    today = midnight(localdate(at))
    urged = Event.objects.about("unit", unit.pk).filter(verb="unit.urged", at__gte=today, detail__what=what).first()
    if urged is not None:
        raise ValidationError(_("Hôm nay %(unit)s đã được nhắc việc này rồi.") % {"unit": unit})
    officers = people_at(unit, OFFICERS, at)
    if not officers:
        raise ValidationError(_("%(unit)s chưa có người phụ trách nào để nhắc.") % {"unit": unit})
    record(
        "unit.urged",
        subject="unit",
        subject_id=unit.pk,
        unit_id=unit.pk,
        by=by,
        at=at,
        detail={"what": what},
        tell=officers,
        text=text,
        link=link,
        kind=Told.URGED,
    )
    return len(officers)
