"""What keeps a spreadsheet from running what people typed."""

_STARTS_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def as_text(value):
    """Return a cell of CSV that no spreadsheet takes for a formula; numbers pass as they are."""
    if isinstance(value, str) and value.startswith(_STARTS_FORMULA):
        return f"'{value}"
    return value
