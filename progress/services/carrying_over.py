"""The turn of the year: several works asked into the next at once, and several such requests decided at once."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from models_registry.gate import StepNotOpen
from progress.lifecycle import ItemStep
from progress.models import ChangeRequest
from progress.services.requests import ask_change, decide_request


@transaction.atomic
def ask_carry_over(item_ids: Iterable[int], *, due_on: date | None, reason: str, by, at: datetime) -> int:
    """Ask for several works to be carried over, all of them or none; returns how many. Raises as `ask_change` does."""
    asked = [
        ask_change(pk, ItemStep.CARRY_OVER, by=by, at=at, reason=reason, due_on=due_on) for pk in sorted(set(item_ids))
    ]
    return len(asked)


def decide_requests(
    request_ids: Iterable[int], *, grant: bool, by, at: datetime, answer: str = ""
) -> tuple[int, list[ValidationError]]:
    """Decide several requests, each by itself; return how many, and what kept the others.

    One that somebody else decided meanwhile, or that is not this person's to decide, is left as it is.
    """
    decided, refusals = 0, []
    for pk in sorted(set(request_ids)):
        try:
            decide_request(pk, grant=grant, by=by, at=at, answer=answer)
        except ValidationError as refusal:
            refusals.append(refusal)
        except (StepNotOpen, PermissionDenied, ChangeRequest.DoesNotExist):
            continue
        else:
            decided += 1
    return decided, refusals
