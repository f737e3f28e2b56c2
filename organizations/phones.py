"""Telephone numbers as people type them, brought to one form. Plain Python."""

import re

COUNTRY = "84"


def normal_phone(text: str) -> str:
    """Return 0912345678 for "0912 345 678", "+84 912.345.678" or "84912345678"; a foreign number keeps its plus.

    Returns "" where the text is no telephone number.
    """
    bare = re.sub(r"[\s().-]", "", text)
    if bare.startswith("+") and not bare.startswith("+" + COUNTRY):
        return bare if re.fullmatch(r"\+[1-9]\d{7,14}", bare) else ""
    national = re.sub(rf"^(\+{COUNTRY}|00{COUNTRY}|{COUNTRY}(?=\d{{9,10}}$))0?", "0", bare)
    return national if re.fullmatch(r"0\d{9,10}", national) else ""
