"""What the last release has written comes through `migrate` as it is."""

import json
import os
import subprocess
import sys
from urllib.parse import urlsplit

import pytest
from django.conf import settings
from django.db import connection

from tests.servers.processes import ROOT

# What `verify_journal` of the last release printed.
HEAD = {
    "sqlite": "Đầu nhật ký: 793:a391853b0f6a929c4f9bfc212b5a96e0e87896e5982e073f6cb8771f8a2fcf6c",
    "postgresql": "Đầu nhật ký: 787:a763bdcf646ef705ab1d4e04cd2f5732d7a9f7e79d39ac1227f14454c9fbcf16",
}
pytestmark = pytest.mark.servers


@pytest.fixture
def empty_database(environment, django_db_blocker, tmp_path):
    """The DATABASE_URL of a database without a table."""
    if connection.vendor == "sqlite":
        yield f"sqlite:///{tmp_path}/released.sqlite3"
        return
    name = f"upgraded_{os.getpid()}"
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        cursor.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        yield urlsplit(settings.DATABASE_URL)._replace(path=f"/{name}").geturl()
        cursor.execute(f"DROP DATABASE {name} WITH (FORCE)")


def test_the_database_of_the_last_release_is_upgraded_with_all_it_holds(empty_database, tmp_path):
    own = {"DATABASE_URL": empty_database, "VAR_DIR": str(tmp_path), "REDIS_URL": ""}
    command = [sys.executable, "-m", "tests.upgrades"]
    done = subprocess.run(command, cwd=ROOT, env=os.environ | own, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout.splitlines()[-1])
    assert seen["steps"], "nothing to upgrade: make the database of the last release anew"
    assert seen["unsaid"] == [], "steps that touch data and do not say in `locks` what they lock"
    assert (seen["changed"], seen["left"], seen["units"], seen["rows"] > 5_000) == ([], 0, 44, True), seen
    assert seen["journal"] == [HEAD[connection.vendor], "Mọi hồ sơ và việc đều ở đúng nơi nhật ký dẫn tới."]
    assert {status for answered in seen["pages"].values() for status in answered} <= {200, 403}, seen["pages"]
    assert all(answered[0] == 200 for answered in seen["pages"].values()) and len(seen["pages"]) == 5
