"""The same formats in English: a signed figure reads the same in either language."""

from vietnamese.formats.vi.formats import *  # noqa: F403
