"""The antivirus command, with small real commands in its place."""

import logging
import shlex
import sys
import time

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile

from journal.antivirus import refuse_infected

EICAR = b"X5O!P%@AP[4\\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
SCAN = "if grep -q EICAR-STANDARD -; then echo stdin: Eicar-Test-Signature FOUND; exit 1; fi"


def looked_at(settings, command: str, content=b"xin chao"):
    settings.ANTIVIRUS_COMMAND = shlex.split(command)
    file = SimpleUploadedFile("a.pdf", content)
    file.read(3)
    refuse_infected(file, name="a.pdf")
    return file


def shell(script: str) -> str:
    return shlex.join(["sh", "-c", script])


def test_a_clean_file_passes_and_is_left_at_its_beginning(settings):
    assert looked_at(settings, shell(SCAN)).tell() == 0


def test_without_a_command_nothing_is_asked(settings):
    looked_at(settings, "", EICAR)


def test_what_the_command_finds_is_refused_and_told_to_the_operator(settings, caplog):
    with pytest.raises(ValidationError, match="nhận diện là tệp độc hại"):
        looked_at(settings, shell(SCAN), EICAR)
    assert "Eicar-Test-Signature FOUND" in caplog.text


@pytest.mark.parametrize(
    ("command", "told"),
    [
        (shell("echo ERROR: Could not connect to clamd; exit 2"), "(exit 2): ERROR: Could not connect to clamd"),
        (shell("kill -9 $$"), "(exit -9)"),
        ("/nowhere/clamdscan -", "No such file"),
        ("/etc/passwd", "Permission denied"),
    ],
)
def test_what_could_not_be_looked_at_is_not_taken_in(settings, caplog, command, told):
    with pytest.raises(ValidationError, match="chưa được kiểm tra mã độc"):
        looked_at(settings, command)
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert told in caplog.text


def test_a_command_that_hangs_is_ended_with_what_it_started(settings, tmp_path):
    settings.ANTIVIRUS_SECONDS = 0.3
    mark = tmp_path / "mark"
    script = f"import subprocess; subprocess.run(['sh', '-c', 'sleep 1; touch {mark}'])"
    with pytest.raises(ValidationError, match="Hãy thử lại"):
        looked_at(settings, shlex.join([sys.executable, "-c", script]))
    time.sleep(1.2)
    assert not mark.exists()
