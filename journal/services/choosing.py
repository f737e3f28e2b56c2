"""Where a person is told of what: written by that person alone."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from journal.models import NoticeChoice, Told
from journal.services.recording import record


def choices_of(person) -> dict[str, tuple[bool, bool]]:
    """Return {kind: (in the portal, by mail)} for every kind; one query."""
    rows = NoticeChoice.objects.filter(person=person)
    return dict.fromkeys(Told.values, (True, True)) | {row.kind: (row.in_portal, row.by_mail) for row in rows}


@transaction.atomic
def choose_notices(person, chosen: Mapping[str, tuple[bool, bool]], *, at: datetime) -> None:
    """Keep where a person is told of each kind; what was told before stays where it is."""
    before = choices_of(person)
    changed = {kind: places for kind, places in chosen.items() if places != before[kind]}
    for kind, (in_portal, by_mail) in changed.items():
        places = {"in_portal": in_portal, "by_mail": by_mail}
        NoticeChoice.objects.update_or_create(person=person, kind=kind, defaults=places)
    if changed:
        told = {"changed": sorted(changed)}
        record("person.notices_chosen", subject="person", subject_id=person.pk, by=person, at=at, detail=told)
