"""The only writers of passwords and of the one-time codes that open the door to a new one."""

from datetime import datetime, timedelta

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Person, ResetCode
from organizations.one_time_codes import code_read, hashes, in_fours, new_code
from organizations.permissions import may_manage

LIFETIME = timedelta(hours=72)
PURPOSE = "reset code"
LENGTH = 12


class CodeRefused(Exception):
    """No such open code for this person: wrong, used, or out of date."""


@transaction.atomic
def make_reset_code(person: Person, *, by: Person | None, at: datetime) -> str:
    """Return a new one-time code for a person, shown this once; only its hash is kept, and older codes close.

    Raises PermissionDenied unless the maker's reach holds all the person's posts (`by` None is the command line).
    The person must choose a new password before doing anything else.
    """
    if by is not None and not may_manage(by, person, at):
        raise PermissionDenied
    person.reset_codes.filter(used_at__isnull=True, expires_at__gt=at).update(expires_at=at)
    code = new_code(LENGTH)
    ResetCode.objects.create(
        person=person, code_hash=hashes(PURPOSE, person, code)[0], made_by=by, made_at=at, expires_at=at + LIFETIME
    )
    person.must_change_password = True
    person.save(update_fields=["must_change_password"])
    said = lambda: _("Quản trị viên vừa cấp mã dùng một lần để đặt mật khẩu mới cho tài khoản của bạn.")  # noqa: E731
    record("reset_code.made", subject="person", subject_id=person.pk, by=by, at=at, tell=[person], text=said)
    return in_fours(code)


def open_code(person: Person | None, typed: str, *, at: datetime) -> ResetCode | None:
    """Return the person's open code that reads as typed (case and dashes do not matter), or None; one query."""
    if person is None or not person.is_active:
        return None
    found = person.reset_codes.filter(used_at__isnull=True, expires_at__gt=at)
    return found.filter(code_hash__in=hashes(PURPOSE, person, code_read(typed))).first()


@transaction.atomic
def use_reset_code(login: str, typed: str, password: str, *, at: datetime) -> Person:
    """Set a new password by a one-time code, which is then used up, and return whose it is.

    Raises CodeRefused, or ValidationError for a password that is not to be this person's, and changes nothing.
    """
    known = Person.objects.known_as(login)
    locked = Person.objects.select_for_update().get(pk=known.pk) if known else None
    code = open_code(locked, typed, at=at)
    if code is None:
        raise CodeRefused
    validate_password(password, locked)
    code.used_at = at
    code.save(update_fields=["used_at"])
    _set(locked, password)
    record("reset_code.used", subject="person", subject_id=locked.pk, by=locked, at=at)
    return locked


@transaction.atomic
def change_password(person: Person, password: str, *, at: datetime) -> Person:
    """Change one's own password and return the person; every other session of theirs ends with it."""
    locked = Person.objects.select_for_update().get(pk=person.pk)
    _set(locked, password)
    record("password.changed", subject="person", subject_id=person.pk, by=person, at=at)
    return locked


def _set(person: Person, password: str) -> None:
    """Set a password, which ends every session of the person."""
    person.sessions.all().delete()
    person.set_password(password)
    person.must_change_password = False
    person.save(update_fields=["password", "must_change_password"])
