"""What keeps a spreadsheet from running what people typed."""

import re

# The last four are what some languages of Office take for the first four.
_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
# Where a language of Office parts cells by a semicolon, what follows one begins a cell.
_NEXT_CELL = re.compile(r"([;\t\n\r])(?=\s*[=+\-@＝＋－＠])")


def as_text(value):
    """Return a cell of CSV that no spreadsheet takes for a formula; numbers pass as they are."""
    if not isinstance(value, str):
        return value
    value = _NEXT_CELL.sub(r"\1'", value)
    return f"'{value}" if value.startswith(_STARTS_FORMULA) else value
