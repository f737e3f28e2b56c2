"""The whole portal, started as `make run` starts it, with its samples, in a folder of its own."""

import json
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from tests.servers.processes import ROOT, end, python, until
from tests.servers.valkey import free_port

ACCOUNTS = """
import json
from django.utils import timezone
from portal.sample_accounts import one_per_role
print(json.dumps({post.role: post.person.username for post in one_per_role(timezone.now())}))
"""


@dataclass
class Portal:
    """A running portal: where it is, who may sign in, and its commands."""

    url: str
    folder: Path

    @property
    def environment(self) -> dict[str, str]:
        database = f"sqlite:///{self.folder}/portal.sqlite3"
        # Asked of nobody but where a journey is about it.
        return {"VAR_DIR": str(self.folder), "DATABASE_URL": database, "REDIS_URL": "", "SECOND_FACTOR": "off"}

    def manage(self, *arguments: str) -> str:
        """Run a command on the portal's database; returns what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=os.environ | self.environment,
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    @cached_property
    def accounts(self) -> dict[str, str]:
        """One user name per role, those that `make run` prints."""
        return json.loads(self.manage("shell", "--no-imports", "-c", ACCOUNTS).splitlines()[-1])

    @cached_property
    def password(self) -> str:
        return (self.folder / "sample_password").read_text().strip()


@contextmanager
def running_portal(folder: Path) -> Iterator[Portal]:
    """Start web, worker and scheduler together, and end them as Ctrl-C does."""
    port = free_port()
    portal = Portal(f"http://127.0.0.1:{port}", folder)
    portal.manage("translations", "compile")
    portal.manage("collectstatic", "--noinput", "-v0")
    if migrated := os.environ.get("MIGRATED"):
        # That it migrates by itself at its first start is seen in faults/test_run_portal.py.
        shutil.copy(migrated, folder / "portal.sqlite3")
    log = folder / "run.log"
    with python(f"manage.py run_portal --port {port}", log, **portal.environment) as process:
        until(lambda: "Ctrl-C" in log.read_text() or process.poll() is not None, within=300)
        assert process.poll() is None, log.read_text()
        yield portal
        end(process, signal.SIGINT, patience=60)
