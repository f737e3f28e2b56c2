"""The only writers of second factors (an app's secret, a key) and of the recovery codes that stand in for them."""

import re
from datetime import datetime

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from allauth.mfa.utils import decrypt, encrypt
from cryptography.fernet import InvalidToken
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from journal.services import record
from organizations.models import Person, RecoveryCode
from organizations.one_time_codes import code_read, hashes, in_fours, new_code
from organizations.permissions import may_manage
from organizations.second_factor import is_needed
from organizations.services.passwords import CodeRefused

PERIOD = 30  # seconds a code of an app lasts
AROUND = (-1, 0, 1)  # periods a clock may be off
CODES = 10
LENGTH = 8
PURPOSE = "recovery code"
Kind = Authenticator.Type


class LastFactor(Exception):
    """To remove this one is to turn the second factor off."""


@transaction.atomic
def add_app(person: Person, secret: str, typed: str, *, at: datetime, present: str = "") -> list[str]:
    """Make an app that knows the secret the person's second factor, in place of another app, and return new recovery
    codes; none where open ones are left. Every session of theirs ends but the `present` one (a key): others have shown
    none. Raises CodeRefused unless the app's present code is typed."""
    counter = counter_of(secret, typed, at)
    if counter is None:
        raise CodeRefused
    _lock(person)
    Authenticator.objects.filter(user=person, type=Kind.TOTP).delete()
    kept = {"secret": encrypt(secret), "last_counter": counter}
    Authenticator.objects.create(user=person, type=Kind.TOTP, data=kept, created_at=at, last_used_at=at)
    return _added(person, "app", at, present)


@transaction.atomic
def add_key(person: Person, name: str, credential: dict, *, at: datetime, present: str = "") -> list[str]:
    """Make a key, or what the device itself offers, a second factor, its credential checked; ends sessions
    and returns as `add_app`."""
    _lock(person)
    kept = {"name": name, "credential": credential}
    Authenticator.objects.create(user=person, type=Kind.WEBAUTHN, data=kept, created_at=at)
    return _added(person, "key", at, present)


def _added(person: Person, kind: str, at: datetime, present: str) -> list[str]:
    person.sessions.exclude(pk=present).delete()
    _tell_of("second_factor.added", person, at, lambda: _("Đã bật xác thực hai lớp cho tài khoản của bạn."), kind=kind)
    return [] if person.recovery_codes.open().exists() else _make_codes(person, at)


def counter_of(secret: str, typed: str, at: datetime) -> int | None:
    """Return the period of which a code of an app reads as typed, among those around an instant, or None."""
    digits = re.sub(r"\s", "", typed)
    now = int(at.timestamp()) // PERIOD
    found = [now + off for off in AROUND if constant_time_compare(f"{hotp_value(secret, now + off):06}", digits)]
    return found[0] if found else None


@transaction.atomic
def use_app(person: Person, typed: str, *, at: datetime) -> None:
    """Take a code of the person's app, each once; raises CodeRefused."""
    row = Authenticator.objects.select_for_update().filter(user=person, type=Kind.TOTP).first()
    try:
        counter = counter_of(decrypt(row.data["secret"]), typed, at) if row else None
    except InvalidToken:
        counter = None
    if counter is None or counter <= row.data["last_counter"]:
        raise CodeRefused
    row.data["last_counter"], row.last_used_at = counter, at
    row.save(update_fields=["data", "last_used_at"])


@transaction.atomic
def use_recovery_code(person: Person, typed: str, *, at: datetime) -> int:
    """Use one of the person's recovery codes up and return how many are left; raises CodeRefused."""
    found = person.recovery_codes.open().filter(code_hash__in=hashes(PURPOSE, person, code_read(typed)))
    # Of two at once one finds it used.
    if not found.update(used_at=at):
        raise CodeRefused
    left = person.recovery_codes.open().count()
    said = lambda: _("Một mã khôi phục của bạn vừa được dùng để đăng nhập; còn %(left)d mã.") % {"left": left}  # noqa: E731
    _tell_of("recovery_code.used", person, at, said, left=left)
    return left


@transaction.atomic
def make_recovery_codes(person: Person, *, at: datetime) -> list[str]:
    """Return new recovery codes, shown this once; those before open nothing any more."""
    _lock(person)
    codes = _make_codes(person, at)
    _tell_of("recovery_codes.made", person, at, lambda: _("Đã tạo bộ mã khôi phục mới; mã cũ hết hiệu lực."))
    return codes


@transaction.atomic
def remove_key(person: Person, pk: int, *, at: datetime) -> None:
    """Let a key of one's own open nothing any more. Raises PermissionDenied for the last factor of who needs one,
    LastFactor for that of anybody else (`drop_second_factor` takes it), and Authenticator.DoesNotExist."""
    _lock(person)
    row = Authenticator.objects.get(user=person, type=Kind.WEBAUTHN, pk=pk)
    others = Authenticator.objects.filter(user=person).exclude(pk=pk)
    if not others.exists():
        raise PermissionDenied if is_needed(person) else LastFactor
    row.delete()
    _tell_of(
        "second_factor.removed", person, at, lambda: _("Đã gỡ một khóa bảo mật khỏi tài khoản của bạn."), kind="key"
    )


@transaction.atomic
def drop_second_factor(person: Person, *, at: datetime) -> None:
    """Turn one's own second factor off; raises PermissionDenied where one of one's roles needs it."""
    if is_needed(person):
        raise PermissionDenied
    _drop(_lock(person))
    _tell_of("second_factor.removed", person, at, lambda: _("Đã tắt xác thực hai lớp của tài khoản của bạn."))


@transaction.atomic
def remove_second_factor(person: Person, *, by: Person | None, at: datetime) -> None:
    """Take a lost second factor from a person's account, and end every session of theirs; the person is told.

    Raises PermissionDenied for oneself, and unless the remover's reach holds all the person's posts (`by` None is the
    command line).
    """
    if by is not None and (by.pk == person.pk or not may_manage(by, person, at)):
        raise PermissionDenied
    locked = _lock(person)
    _drop(locked)
    locked.sessions.all().delete()
    record(
        "second_factor.removed",
        subject="person",
        subject_id=person.pk,
        by=by,
        at=at,
        tell=[locked],
        text=lambda: _("Quản trị viên đã gỡ xác thực hai lớp của tài khoản của bạn. Hãy bật lại."),
        link=reverse("account_second_factor"),
    )


def _drop(person: Person) -> None:
    Authenticator.objects.filter(user=person).delete()
    person.recovery_codes.all().delete()


def _make_codes(person: Person, at: datetime) -> list[str]:
    codes = [new_code(LENGTH) for _code in range(CODES)]
    person.recovery_codes.all().delete()
    RecoveryCode.objects.bulk_create(
        RecoveryCode(person=person, code_hash=hashes(PURPOSE, person, code)[0], made_at=at) for code in codes
    )
    return [in_fours(code) for code in codes]


def _tell_of(verb: str, person: Person, at: datetime, text, **detail) -> None:
    """Record what a person did to the own account, and tell the person too: it may have been somebody else."""
    about = {"subject": "person", "subject_id": person.pk, "by": person, "at": at, "detail": detail}
    record(verb, **about, tell=[person], text=text, link=reverse("account_second_factor"), oneself=True)


def _lock(person: Person) -> Person:
    return Person.objects.select_for_update().get(pk=person.pk)
