"""Slows guessing at one account from one address; others at that address are not held up.

Kept in the database, not in a cache that several processes count in at once or that evicts: parallel guesses meet at
the row lock.
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.crypto import salted_hmac

from organizations.models import Person, SignInAttempts

FREE = 5
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)


@transaction.atomic
def begin_attempt(login: str, address: str, *, at: datetime) -> timedelta | None:
    """Count one attempt and return None, or return how long to wait and count nothing.

    After FREE attempts each further one closes the door twice as long as the one before: 30 s, 1 min … LONGEST.
    """
    SignInAttempts.objects.filter(last_at__lt=at - FORGOTTEN).delete()
    SignInAttempts.objects.bulk_create([SignInAttempts(key=_key(login, address), last_at=at)], ignore_conflicts=True)
    row = SignInAttempts.objects.select_for_update().get(key=_key(login, address))
    if row.closed_until and at < row.closed_until:
        return row.closed_until - at
    row.failures += 1
    row.last_at = at
    row.closed_until = at + _pause(row.failures)
    row.save()
    return None


def forgive(login: str, address: str) -> None:
    """Forget the failed attempts of this address as this person: the password was right."""
    SignInAttempts.objects.filter(key=_key(login, address)).delete()


def _pause(failures: int) -> timedelta:
    if failures < FREE:
        return timedelta()
    return min(timedelta(seconds=30) * 2 ** min(failures - FREE, 10), LONGEST)


def _key(login: str, address: str) -> str:
    person = Person.objects.known_as(login)
    who = f"person {person.pk}" if person else f"unknown {login.strip().lower()}"
    return salted_hmac("sign-in attempts", f"{who}\0{address}", algorithm="sha256").hexdigest()
