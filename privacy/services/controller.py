"""Saying who answers for the data of this installation."""

from datetime import datetime

from django.core.exceptions import PermissionDenied
from django.db import transaction

from journal.services import record
from organizations.permissions import Action, above_every_tree, may
from privacy.models import Controller


def keeps_register(user) -> bool:
    """Whether this person writes what the register says of the whole installation. No query."""
    return above_every_tree(user) and may(user, Action.MANAGE_PEOPLE)


@transaction.atomic
def say_who_answers(*, by, at: datetime, **said) -> Controller:
    """Keep who answers for the data from now on; what held before stays readable. Raises PermissionDenied."""
    if not keeps_register(by):
        raise PermissionDenied
    made = Controller.objects.create(**said, changed_by=by, changed_at=at)
    record("privacy.controller", subject="privacy", subject_id=made.pk, by=by, at=at)
    return made
