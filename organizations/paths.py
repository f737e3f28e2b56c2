"""Arithmetic of `Unit.path`: the ids from the root down, each in STEP digits. Of a blank, the blank for the answer."""

from journal.questions import Blank, Keys

STEP = 8


def path_of(ids) -> str:
    return "".join(f"{pk:0{STEP}d}" for pk in ids)


def path_end(path: str | Blank) -> str | Blank:
    """Return the first path after everything below `path`: `path <= p < path_end(path)` is self and below."""
    if isinstance(path, Blank):
        return Blank("path_end", path.output_field)
    return path[:-STEP] + f"{int(path[-STEP:]) + 1:0{STEP}d}"


def ids_of(path: str | Blank) -> list[int] | Keys:
    """Return the ids from the root down to the unit itself."""
    if isinstance(path, Blank):
        return Keys("line")
    return [int(path[i : i + STEP]) for i in range(0, len(path), STEP)]
