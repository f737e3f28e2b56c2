"""Run in a process of its own on a database the last release has written: upgrade it and print what became of it."""

import json
import lzma
import sqlite3
from contextlib import closing
from io import StringIO
from time import monotonic

from django.core.management import call_command
from django.db import connection
from django.test import Client
from django.urls import reverse

from organizations.models import Person, Unit
from portal.upgrading import Lock, pending
from tests.upgrades.kept import RELEASED, columns, rows

PAGES = ("home", "models_registry:dossiers", "progress:items", "journal:notices", "dashboards:start")


def load() -> None:
    """Fill the empty database with what the last release has written."""
    vendor = {"postgresql": "postgres"}.get(connection.vendor, connection.vendor)
    script = lzma.decompress((RELEASED / f"released.{vendor}.sql.xz").read_bytes()).decode()
    if connection.vendor == "sqlite":
        with closing(sqlite3.connect(connection.settings_dict["NAME"])) as file:
            file.executescript(script)
        return
    with connection.cursor() as cursor:
        cursor.execute(script)
    connection.close()  # the script has set how its own session reads names


def said(command: str) -> str:
    out = StringIO()
    call_command(command, stdout=out)
    return out.getvalue().strip().splitlines()[-1]


def statuses() -> dict[str, list[int]]:
    """Return {user name: the status of each page}, whoever of the samples it is."""
    answered = {}
    for person in Person.objects.filter(username__in=["bithu", "chuyenvien", "truongban", "lanhdao", "quantri"]):
        client = Client(HTTP_HOST="localhost")
        client.force_login(person)
        answered[person.username] = [client.get(reverse(page), follow=True).status_code for page in PAGES]
    return answered


def named(steps) -> list[str]:
    return sorted({f"{step.migration.app_label}.{step.migration.name}" for step in steps})


def main() -> None:
    load()
    known = columns()
    before, steps = rows(known), pending()
    began = monotonic()
    call_command("migrate", verbosity=0)
    took, after = monotonic() - began, rows(known)
    print(
        json.dumps(
            {
                "steps": named(steps),
                "unsaid": named(step for step in steps if step.lock is Lock.DATA and not step.told),
                "changed": sorted(table for table in known if before[table] != after[table]),
                "rows": sum(map(len, before.values())),
                "seconds": round(took, 1),
                "left": len(pending()),
                "journal": [said("verify_journal"), said("replay_journal")],
                "pages": statuses(),
                "units": Unit.objects.count(),
            }
        )
    )
