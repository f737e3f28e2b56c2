"""The code a paper is checked by: fourteen letters and digits nobody can guess, and two that catch a slip of the pen.

A code is a word of a Reed–Solomon code over the integers modulo 31, so that one wrong character, two wrong ones, or two
that changed places are noticed. No 0, O, 1, I or L, which look alike on paper.
"""

import re
import secrets

ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"
MODULUS = len(ALPHABET)  # a prime, so that every weight below has an inverse
RANDOM, LENGTH = 14, 16
_SEPARATORS = re.compile(r"[\s.\-‐-―]+")


class Malformed(ValueError):
    """What was typed is no code: too short or long, or with other characters."""


def new_code() -> str:
    """Return a fresh code, unguessable: 31¹⁴ (69 bits) of them are as likely."""
    values = [secrets.randbelow(MODULUS) for _ in range(RANDOM)]
    return "".join(ALPHABET[value] for value in values + _checks(values))


def shown(code: str) -> str:
    """Return a code as it is printed, in groups of four: "7K2M-…"."""
    return "-".join(code[start : start + 4] for start in range(0, LENGTH, 4))


def read(typed: str) -> str:
    """Return what somebody typed as codes are written, sound or not; raises Malformed where no code looks like it."""
    code = _SEPARATORS.sub("", typed[:100]).upper()
    if len(code) != LENGTH or not set(code) <= set(ALPHABET):
        raise Malformed(typed)
    return code


def is_sound(code: str) -> bool:
    """Whether the check characters of a code that was read fit the others; after a slip of the pen they do not."""
    return not any(_sums([ALPHABET.index(one) for one in code]))


def _sums(values: list[int]) -> tuple[int, int]:
    weighted = sum(weight * value for weight, value in enumerate(values, start=1))
    return sum(values) % MODULUS, weighted % MODULUS


def _checks(values: list[int]) -> list[int]:
    """Return the last two values, for which both sums come to 0."""
    plain, weighted = _sums(values)
    last = ((RANDOM + 1) * plain - weighted) % MODULUS
    return [(-plain - last) % MODULUS, last]
