"""The antivirus over its socket: a small server that speaks as clamd does, and clamd itself where it is installed."""

import io
import logging
import shutil
import zipfile
from pathlib import Path
from tempfile import mkdtemp

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.antivirus import Away, finding, refuse_infected
from tests.clamd import EICAR, REAL, real_clamd, small_clamd


@pytest.fixture
def folder():
    """A folder whose path is short enough for a socket's."""
    made = Path(mkdtemp(prefix="av-"))
    yield made
    shutil.rmtree(made)


def file(content: bytes = b"xin chao"):
    made = SimpleUploadedFile("a.pdf", content)
    made.read(3)
    return made


def packed(content: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/media/a.bin", content)
    return out.getvalue()


@pytest.mark.parametrize("tcp", [False, True])
def test_what_is_found_is_refused_and_told_to_the_operator_and_a_clean_file_passes(settings, folder, caplog, tcp):
    with small_clamd(folder, tcp=tcp) as settings.ANTIVIRUS_SOCKET:
        clean = file(b"x" * 200_000)
        assert refuse_infected(clean, name="a.pdf") is False
        assert clean.tell() == 0
        for may_wait in (False, True):
            with pytest.raises(ValidationError, match="nhận diện là tệp độc hại"):
                refuse_infected(file(b"x" * 200_000 + EICAR), name="a.pdf", may_wait=may_wait)
    assert "Eicar-Test-Signature" in caplog.text


@pytest.mark.skipif(REAL is None, reason="no clamd on this machine")
def test_clamd_itself_is_understood(settings, folder):
    with real_clamd(folder) as settings.ANTIVIRUS_SOCKET:
        assert finding(file()) == ""
        assert finding(file(EICAR)).startswith("Eicar-Test-Signature")
        assert finding(file(packed(EICAR))).startswith("Eicar-Test-Signature")
        with pytest.raises(Away):
            finding(file(bytes(3 * 1024 * 1024)))  # more than it takes


def test_without_a_socket_nothing_is_asked(settings):
    settings.ANTIVIRUS_SOCKET = ""
    assert refuse_infected(file(EICAR), name="a.pdf") is False


@pytest.mark.parametrize("says", [b"INSTREAM size limit exceeded. ERROR\0", b"", b"stream: OK\r\nFOUND forged", b"\0"])
def test_an_answer_that_says_nothing_of_the_file_is_none(settings, folder, caplog, says):
    with small_clamd(folder, says=says) as settings.ANTIVIRUS_SOCKET:
        with pytest.raises(ValidationError, match="chưa được kiểm tra mã độc"):
            refuse_infected(file(), name="a.pdf")
        assert refuse_infected(file(), name="a.pdf", may_wait=True) is True
    assert [record.levelno for record in caplog.records] == [logging.ERROR] * 2
    assert not any("\n" in record.getMessage() for record in caplog.records)


@pytest.mark.parametrize("where", ["/nowhere/clamd.sock", "/etc/passwd", "127.0.0.1:1"])
def test_nobody_there_is_no_answer(settings, where):
    settings.ANTIVIRUS_SOCKET = where
    with pytest.raises(Away):
        finding(file())


def test_who_does_not_answer_in_time_is_waited_for_no_longer(settings, folder):
    settings.ANTIVIRUS_SECONDS = 0.2
    with small_clamd(folder, says=b"silence") as settings.ANTIVIRUS_SOCKET, pytest.raises(Away):
        finding(file())
