"""Arithmetic of `Unit.path`: the ids from the root down, each in STEP digits. Plain Python."""

STEP = 8


def path_of(ids) -> str:
    return "".join(f"{pk:0{STEP}d}" for pk in ids)


def path_end(path: str) -> str:
    """Return the first path after everything below `path`: `path <= p < path_end(path)` is self and below."""
    return path[:-STEP] + f"{int(path[-STEP:]) + 1:0{STEP}d}"


def ids_of(path: str) -> list[int]:
    """Return the ids from the root down to the unit itself."""
    return [int(path[i : i + STEP]) for i in range(0, len(path), STEP)]
