"""From which database a page is read. What two servers do together is a drill (tests/drills/databases.py)."""

import json
import os
import subprocess
import sys

import pytest
from django.core.exceptions import MiddlewareNotUsed
from django.db import transaction

from journal.models import Job
from journal.reading import Router, from_the_copy, source
from organizations.models import Unit
from portal.replica import ReplicaMiddleware
from tests.servers.processes import ROOT

TOLD = """
import json
from portal import settings
print(json.dumps([settings.DATABASES, getattr(settings, "DATABASE_ROUTERS", [])]))
"""


def settings_with(**environment: str) -> tuple[dict, list]:
    done = subprocess.run(
        [sys.executable, "-c", TOLD], cwd=ROOT, env=os.environ | environment, capture_output=True, text=True, check=True
    )
    return tuple(json.loads(done.stdout))


@pytest.mark.once
def test_the_environment_says_whether_a_pool_stands_before_the_database_and_where_its_copy_is():
    url, copy = "postgres://portal@127.0.0.1/portal", "postgres://portal@127.0.0.2/portal"
    direct, routers = settings_with(DATABASE_URL=url)
    assert (list(direct), routers) == (["default"], [])
    assert "plan_cache_mode" in direct["default"]["OPTIONS"]["options"]
    both, routers = settings_with(DATABASE_URL=url, REPLICA_URL=copy, POOLED="1")
    assert {alias: told["HOST"] for alias, told in both.items()} == {"default": "127.0.0.1", "replica": "127.0.0.2"}
    assert routers == ["journal.reading.Router"]
    for told in both.values():
        assert told["DISABLE_SERVER_SIDE_CURSORS"]
        assert "options" not in told.get("OPTIONS", {})
    assert both["replica"]["OPTIONS"]["connect_timeout"] == 2


@pytest.mark.once
def test_within_a_transaction_nothing_is_read_from_the_copy(db):
    assert source() == "default"
    with from_the_copy():
        assert source() == "default"  # the test's own transaction
    assert source() == "default"


@pytest.mark.once
def test_outside_of_one_reads_go_to_the_copy_and_writes_never(transactional_db):
    router = Router()
    with from_the_copy():
        assert (router.db_for_read(Unit), router.db_for_write(Job)) == ("replica", "default")
        with transaction.atomic():
            assert router.db_for_read(Unit) == "default"
        assert Unit.objects.using("default").count() == 0
    assert router.db_for_read(Unit) == "default"
    assert router.allow_migrate("default", "journal")
    assert not router.allow_migrate("replica", "journal")


@pytest.mark.once
def test_without_a_copy_no_page_passes_by_here():
    with pytest.raises(MiddlewareNotUsed):
        ReplicaMiddleware(lambda request: None)
