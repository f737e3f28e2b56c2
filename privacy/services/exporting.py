"""Writing down everything that is held of a person, for the person or for who administers the account."""

import json
import zipfile
from datetime import datetime
from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.core.serializers.json import DjangoJSONEncoder
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _

from journal.jobs import start_job
from journal.models import Job
from journal.services import record
from organizations.models import Person
from organizations.permissions import may_manage
from privacy.queries.own import rows_of, tables
from privacy.register import CATEGORIES, fields_of

TASK = "privacy.tasks.write_own_data"
SHOWN = 200  # rows of one table on the page to read; the JSON beside it has them all


def may_take(user, person: Person, at: datetime) -> bool:
    return user.pk == person.pk or may_manage(user, person, at)


def start_export(person: Person, *, by, at: datetime, language: str) -> Job:
    """Start writing what is held of a person; only who asked may take the file, for a week. Raises PermissionDenied."""
    if not may_take(by, person, at):
        raise PermissionDenied
    record("person.data_asked", subject="person", subject_id=person.pk, by=by, at=at)
    return start_job(
        TASK,
        title=_("Dữ liệu cá nhân của %(name)s") % {"name": person.full_name},
        arguments={"person": person.pk, "post": by.post.pk if by.post else None, "language": language},
        owner=by,
        at=at,
    )


def write_data(person: Person, path: Path, *, at: datetime, advance, to_others: bool = False) -> int:
    """Write a ZIP of data.json and a page to read; returns how many rows it holds. One query a table."""
    found, total, every = [], 0, list(tables(to_others=to_others))
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        with packed.open("data.json", "w") as out:
            out.write(b"{")
            for number, table in enumerate(every):
                head, count = [], 0
                out.write((",\n" if number else "\n").encode() + json.dumps(table.label).encode() + b": [")
                for row in rows_of(person, table):
                    said = json.dumps(row, cls=DjangoJSONEncoder, ensure_ascii=False)
                    out.write((",\n " if count else "\n ").encode() + said.encode())
                    count += 1
                    if count <= SHOWN:
                        head.append(row)
                out.write(b"]")
                total += count
                if count:
                    found.append(_section(table, head, count))
                advance(number + 1, len(every))
            out.write(b"\n}\n")
        page = render_to_string("privacy/own_data_file.html", {"person": person, "sections": found, "at": at})
        packed.writestr("doc-du-lieu.html", page)
    return total


def _section(table, rows: list[dict], count: int) -> dict:
    model = table.model
    labels = {one.name: str(one.verbose_name) for one in model._meta.fields}
    key = fields_of(table.label)[(table.links or ("username",))[0]]
    return {
        "title": CATEGORIES[key].name,
        "table": table.label,
        "count": count,
        "rows": [
            [(labels.get(name, name), value) for name, value in row.items() if value not in ("", None, [])]
            for row in rows
        ],
    }


def where_from(person: Person, by) -> str:
    return reverse("privacy:mine") if by.pk == person.pk else reverse("privacy:person", args=[person.pk])
