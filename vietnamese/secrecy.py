"""No state secrets here: text that carries the mark of one is refused where it can be read. Plain Python."""

import re

from vietnamese.folding import bare

MARKS = frozenset({"mat", "toi mat", "tuyet mat"})
_MARKED = re.compile(r"^(?:(?:do|muc) mat\s*)?:?\s*(mat|toi mat|tuyet mat)$")
# "Mật" and "mắt", "mặt" fold alike: only the word itself, with its own marks, is a mark.
_WRITTEN = re.compile(r"mật", re.IGNORECASE)
_EDGES = re.compile(r"^[\W_]+|[\W_]+$")


def carries_secret_mark(text: str) -> bool:
    """Whether a line of its own says Mật, Tối mật or Tuyệt mật, as a classified paper is headed."""
    return any(_is_mark(line) for line in text.splitlines())


def _is_mark(line: str) -> bool:
    if len(line) > 60 or not _WRITTEN.search(line):
        return False
    return _MARKED.match(bare(_EDGES.sub("", line))) is not None
