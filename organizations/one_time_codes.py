"""Codes a person copies from paper and uses once; only their hashes are kept."""

import secrets

from django.conf import settings
from django.utils.crypto import salted_hmac

SIGNS = "ABCDEFGHJKLMNPQRSTUVWXYZ23456789"  # none that look alike on paper: I, O, 0, 1


def new_code(length: int) -> str:
    return "".join(secrets.choice(SIGNS) for _sign in range(length))


def in_fours(code: str) -> str:
    """Return a code as it is shown: ABCD-EFGH."""
    return "-".join(code[start : start + 4] for start in range(0, len(code), 4))


def code_read(typed: str) -> str:
    """Return the code that was typed, whatever its case, dashes and spaces."""
    return "".join(sign for sign in typed.upper() if sign in SIGNS)


def hashes(purpose: str, person, code: str) -> list[str]:
    """Return under what a person's code may be kept: first as it is kept today, then as under each earlier key of the
    portal (SECRET_KEY_FALLBACKS)."""
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return [salted_hmac(purpose, f"{person.pk} {code}", secret=key, algorithm="sha256").hexdigest() for key in keys]
