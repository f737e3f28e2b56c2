"""The text of a PDF's first pages, read by a process of its own: what takes too long or too much ends there.

Run as a program it reads the file from stdin and prints the text.
"""

import contextlib
import io
import logging
import re
import resource
import subprocess
import sys
import threading

FIRST_PAGES = 10
LONGEST = 5  # seconds
MOST_MEMORY = 512 * 1024 * 1024
MOST_TEXT = 200_000  # characters a page; what is drawn a million times would fill the memory of whoever asked
AT_ONCE = threading.BoundedSemaphore(2)  # in one web process, each with the memory above
BROKEN = 3  # what the process ends with where the file is no PDF that can be opened
RUNNING = 4  # and where something that runs lies in a packed stream of objects
RUNS = re.compile(rb"/(?:JavaScript|Launch|EmbeddedFiles?)\b")
_ESCAPED = re.compile(rb"#([0-9a-fA-F]{2})")
# Without a font there is no text; the font may lie in a packed stream of objects.
_MAY_HOLD_TEXT = re.compile(rb"/(Font|ObjStm)\b")
# What stands side by side on a page is told apart by the width between.
_COLUMN_GAP = re.compile(r" {3,}")


class BrokenPdf(Exception):
    """The file cannot be opened as a PDF."""


class RunningPdf(Exception):
    """The file holds something that runs."""


def unescaped(names: bytes) -> bytes:
    """Return the bytes of a PDF with its names as they are meant: /J#61vaScript is /JavaScript."""
    return _ESCAPED.sub(lambda found: bytes([int(found[1], 16)]), names)


def text_of_first_pages(whole: bytes) -> str:
    """Return the text a PDF opens with, a line or a column of a line each, as far as it can be read in time.

    Raises BrokenPdf or RunningPdf.
    """
    if not _MAY_HOLD_TEXT.search(whole):
        return ""
    # Our own interpreter on this very file: nothing of what was uploaded stands in the command.
    command = [sys.executable, "-I", __file__]
    try:
        with AT_ONCE:
            read = subprocess.run(command, input=whole, capture_output=True, timeout=LONGEST, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as late:
        return _decoded(late.stdout or b"")
    if read.returncode == BROKEN:
        raise BrokenPdf
    if read.returncode == RUNNING:
        raise RunningPdf
    return _decoded(read.stdout)


def _decoded(printed: bytes) -> str:
    return printed.decode("utf-8", errors="ignore")


def _packed(reader):
    """Yield what lies in the packed streams of objects."""
    for number in {stream for stream, _place in reader.xref_objStm.values()}:
        yield reader.get_object(number).get_data()


def _print_text() -> int:
    resource.setrlimit(resource.RLIMIT_AS, (MOST_MEMORY, MOST_MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (LONGEST, LONGEST))
    logging.disable()
    # Only here: no web worker carries the library.
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(sys.stdin.buffer.read()))
        if any(RUNS.search(unescaped(packed)) for packed in _packed(reader)):
            return RUNNING
        pages = reader.pages[:FIRST_PAGES]
    except (MemoryError, RecursionError):
        return 0
    except Exception:
        return BROKEN
    for page in pages:
        for mode in ("plain", "layout"):
            # A page with a font that cannot be read leaves the others readable.
            with contextlib.suppress(Exception):
                text = _COLUMN_GAP.sub("\n", page.extract_text(extraction_mode=mode)[:MOST_TEXT])
                sys.stdout.buffer.write(text.encode("utf-8", errors="ignore") + b"\n")
                # What was read counts, though a later page may take too long.
                sys.stdout.buffer.flush()
    return 0


if __name__ == "__main__":
    sys.exit(_print_text())
