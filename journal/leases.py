"""Who may send a periodic task this time: the first scheduler to ask, and nobody else."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction

from journal.models import Lease

# A lease that was taken so far ahead was taken by a wrong clock: it must not keep everybody waiting until then.
AHEAD = timedelta(minutes=10)


def take_lease(name: str, *, at: datetime, due_since: Callable[[datetime], bool]) -> bool:
    """Take the lease when the task is due since it was last taken; two who ask at once get one yes.

    `due_since(instant)` says whether the task has fallen due after that instant. One or two queries, no lock held.
    """
    last = Lease.objects.filter(name=name).values_list("taken_at", flat=True).first()
    if last is None:
        return _take_first(name, at)
    is_due = last > at + AHEAD or due_since(last)
    return is_due and Lease.objects.filter(name=name, taken_at=last).update(taken_at=at) == 1


def give_back_lease(name: str, *, taken: datetime, last: datetime) -> None:
    """Undo taking a lease with which nothing could be sent, so that it is due again as it was since `last`."""
    Lease.objects.filter(name=name, taken_at=taken).update(taken_at=last)


def _take_first(name: str, at: datetime) -> bool:
    try:
        with transaction.atomic():
            Lease.objects.create(name=name, taken_at=at)
    except IntegrityError:
        return False
    return True
