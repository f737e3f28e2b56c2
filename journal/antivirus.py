"""Asks clamd, over the socket of the installation where there is one, about an uploaded file."""

import logging
import re
import socket
import time

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

logger = logging.getLogger(__name__)
PIECE = 64 * 1024
LONGEST_ANSWER = 1_000
_STRANGE = re.compile(r"[^\w.:/()-]", re.ASCII)


class Away(Exception):
    """The antivirus gave no answer, or one that says nothing of the file."""


def refuse_infected(file, *, name: str, may_wait: bool = False) -> bool:
    """Raise ValidationError where something is found in the file; return whether it must wait, unseen by anybody.

    Without an answer it waits where it may, or is refused. Leaves the file at its beginning.
    """
    try:
        found = finding(file)
    except Away as away:
        logger.error("Antivirus gave no answer: %s", away)
        if may_wait:
            return True
        raise ValidationError(
            _("Tệp “%(name)s” chưa được kiểm tra mã độc nên chưa nhận. Hãy thử lại sau ít phút.") % {"name": name}
        ) from away
    if found:
        logger.warning("Antivirus refused an upload: %s", found)
        raise ValidationError(_("Tệp “%(name)s” bị nhận diện là tệp độc hại.") % {"name": name})
    return False


def finding(file) -> str:
    """Return the name of what is found in a file; "" where that is nothing, or nobody is to be asked. Raises Away.

    May take ANTIVIRUS_SECONDS. Leaves the file at its beginning.
    """
    if not settings.ANTIVIRUS_SOCKET:
        return ""
    file.seek(0)
    try:
        answer = _asked(file)
    except OSError as failed:  # a socket that is not there, refuses, breaks off or takes too long
        raise Away(failed) from failed
    finally:
        file.seek(0)
    if answer == "stream: OK":
        return ""
    if answer.startswith("stream: ") and answer.endswith(" FOUND"):
        return _STRANGE.sub("?", answer.removeprefix("stream: ").removesuffix(" FOUND"))[:200]
    raise Away(_STRANGE.sub(" ", answer) or "closed without a word")


def _asked(file) -> str:
    """Return what clamd answers to INSTREAM: pieces after their length, and a length of nothing at the end."""
    until = time.monotonic() + settings.ANTIVIRUS_SECONDS
    with _connected() as clamd:

        def in_time() -> socket.socket:
            clamd.settimeout(max(until - time.monotonic(), 0.001))
            return clamd

        in_time().sendall(b"zINSTREAM\0")
        while piece := file.read(PIECE):
            in_time().sendall(len(piece).to_bytes(4, "big") + piece)
        in_time().sendall(bytes(4))
        answer = b""
        while not answer.endswith(b"\0") and len(answer) < LONGEST_ANSWER:
            if not (more := in_time().recv(LONGEST_ANSWER)):
                break
            answer += more
    return answer.rstrip(b"\0").decode(errors="replace").strip()


def _connected() -> socket.socket:
    """Return a connection to the path of a socket, or to host:port."""
    where = settings.ANTIVIRUS_SOCKET
    if "/" not in where:
        host, _colon, port = where.rpartition(":")
        return socket.create_connection((host.strip("[]"), int(port)), timeout=settings.ANTIVIRUS_SECONDS)
    clamd = socket.socket(socket.AF_UNIX)
    clamd.settimeout(settings.ANTIVIRUS_SECONDS)
    try:
        clamd.connect(where)
    except OSError:
        clamd.close()
        raise
    return clamd
