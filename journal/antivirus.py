"""Asks the antivirus command of the installation, where there is one, about an uploaded file."""

import logging
import os
import shutil
import signal
import subprocess
import tempfile

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)
CLEAN, FOUND = 0, 1
UNANSWERED = None


def refuse_infected(file, *, name: str) -> None:
    """Raise ValidationError where the command finds something in the file, or gives no answer; else do nothing.

    What could not be looked at is not taken in. The command reads the file from its standard input and ends with 0
    (clean) or 1 (found), as clamdscan does. Leaves the file at its beginning.
    """
    if not settings.ANTIVIRUS_COMMAND:
        return
    # A plain file, and not a pipe: clamdscan hands it on by its descriptor.
    with tempfile.TemporaryFile() as copy, tempfile.TemporaryFile() as told:
        file.seek(0)
        shutil.copyfileobj(file, copy)
        file.seek(0)
        copy.seek(0)
        verdict = _verdict(copy, told)
        told.seek(0)
        words = told.read(1000).decode(errors="replace").strip()
    if verdict == CLEAN:
        return
    if verdict == FOUND:
        logger.warning("Antivirus refused an upload: %s", words)
        raise ValidationError(_("Tệp “%(name)s” bị nhận diện là tệp độc hại.") % {"name": name})
    logger.error("Antivirus gave no answer (exit %s): %s", verdict, words)
    raise ValidationError(
        _("Tệp “%(name)s” chưa được kiểm tra mã độc nên chưa nhận. Hãy thử lại sau ít phút.") % {"name": name}
    )


def _verdict(copy, told) -> int | None:
    """Return how the command ended; UNANSWERED when it cannot be started or takes too long."""
    try:
        scan = subprocess.Popen(  # noqa: S603 - the operator's own command, without a shell
            settings.ANTIVIRUS_COMMAND, stdin=copy, stdout=told, stderr=subprocess.STDOUT, start_new_session=True
        )
    except OSError as cannot_start:
        told.write(str(cannot_start).encode())
        return UNANSWERED
    try:
        return scan.wait(settings.ANTIVIRUS_SECONDS)
    except subprocess.TimeoutExpired:
        # With all it started, or a helper of it would go on.
        os.killpg(scan.pid, signal.SIGKILL)
        scan.wait()
        told.write(b" too long")
        return UNANSWERED
