"""1 July 2025 on ten thousand cells: what it leaves as it was, what it loses, and how long it takes."""

import tempfile
import time
from pathlib import Path

from django.db import transaction

from tests.completion.summer import NEW, WHOLE, replay


def replay_row() -> str:
    """Replay the summer whole, rolled back, and return the line of the table; says at once what was lost or changed."""
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, transaction.atomic():
        found = replay(Path(folder), WHOLE)
        transaction.set_rollback(True)
    changed = [key for key, value in found.again.items() if found.hashes[key] != value]
    lost = {number: len(found.items) - len(codes) for number, codes in found.listed.items()}
    wrong = changed or any(lost.values()) or found.totals[NEW, 4] != len(found.items)
    return (
        f"{'1 July 2025 replayed, seconds':<46}{time.monotonic() - began:>7.1f}{'':>7}   {len(found.items)} works, "
        f"{len(changed)} earlier hashes changed, {sum(lost.values())} works lost{'  <-- wrong' if wrong else ''}"
    )
