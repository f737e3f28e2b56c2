"""Slows guessing at one account from one address; others at that address are not held up, and nobody for good.

Kept in the database, not in a cache that several processes count in at once or that evicts: parallel guesses meet at
the row lock.
"""

from datetime import datetime, timedelta
from ipaddress import ip_address, ip_network

from django.db import transaction
from django.utils.crypto import salted_hmac

from organizations.models import Person, SignInAttempts

FREE = 5
LONGEST = timedelta(minutes=15)
FORGOTTEN = timedelta(hours=1)


# Of a second factor, from wherever: who guesses at it knows the password, and may have many addresses.
FREE_EVERYWHERE = 30
ANYWHERE = "*"


def begin_attempt(login: str, address: str, *, at: datetime) -> timedelta | None:
    """Count one attempt at a password or code and return None, or return how long to wait and count nothing.

    After FREE attempts each further one closes the door twice as long as the one before: 30 s, 1 min … LONGEST.
    """
    return _begin(_key(login, address), FREE, at)


def forgive(login: str, address: str) -> None:
    """Forget the failed attempts of this address as this person: the password was right."""
    SignInAttempts.objects.filter(key=_key(login, address)).delete()


def begin_code(person: Person, address: str, *, at: datetime) -> timedelta | None:
    """Count one attempt at a second factor, as `begin_attempt` does; of all addresses FREE_EVERYWHERE are free."""
    here = _begin(_code_key(person, address), FREE, at)
    return here or _begin(_code_key(person, ANYWHERE), FREE_EVERYWHERE, at)


def forgive_code(person: Person, address: str) -> None:
    """Forget the failed attempts at this person's second factor: it was right."""
    SignInAttempts.objects.filter(key__in=[_code_key(person, address), _code_key(person, ANYWHERE)]).delete()


@transaction.atomic
def _begin(key: str, free: int, at: datetime) -> timedelta | None:
    SignInAttempts.objects.filter(last_at__lt=at - FORGOTTEN).delete()
    SignInAttempts.objects.bulk_create([SignInAttempts(key=key, last_at=at)], ignore_conflicts=True)
    row = SignInAttempts.objects.select_for_update().get(key=key)
    if row.closed_until and at < row.closed_until:
        return row.closed_until - at
    row.failures += 1
    row.last_at = at
    row.closed_until = at + _pause(row.failures - free)
    row.save()
    return None


def _pause(beyond: int) -> timedelta:
    return timedelta() if beyond < 0 else min(timedelta(seconds=30) * 2 ** min(beyond, 10), LONGEST)


def _key(login: str, address: str) -> str:
    person = Person.objects.known_as(login)
    who = f"person {person.pk}" if person else f"unknown {login.strip().lower()}"
    return _hash(who, address)


def _code_key(person: Person, address: str) -> str:
    return _hash(f"second factor {person.pk}", address)


def _hash(who: str, address: str) -> str:
    return salted_hmac("sign-in attempts", f"{who}\0{_network(address)}", algorithm="sha256").hexdigest()


def _network(address: str) -> str:
    """Return what one customer of a provider has: an address of IPv4, the 64 bits before a device's of IPv6."""
    try:
        known = ip_address(address)
    except ValueError:
        return address
    if known.version == 4:
        return str(known)
    return str(known.ipv4_mapped or ip_network((known, 64), strict=False))
