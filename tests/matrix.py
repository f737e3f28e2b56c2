"""The matrix of access, generated from the hand-written tables of tests/access.py by these rules (ADR 30).

The tables say what is right of one's own unit, of one below it, and of another district's. From them follows:

    sibling, parent  what `visible_to` says of the very row: in sight as `own` or `child`, out of sight as `foreign`
    other_province   as `foreign`, another district's
    unknown          as `foreign`: an id that never was
    deleted          as `unknown`, to whoever was told most while it was there
    htmx             what a page asks for a part of itself is answered as the whole page is
    ended            whoever's posts have ended is answered as somebody who never had one
    several          who holds a post in each district is answered by the one acted in, in sight of nothing of the other

Whatever is out of sight is told in the same words as what never was: same status, same page, same headers.
`python -m tests.matrix_counts` asks all of it and prints how much was asked, and what was certain without asking.
"""

import re
from collections import Counter
from contextlib import contextmanager, suppress
from datetime import timedelta
from types import SimpleNamespace

from django.apps import apps
from django.db import IntegrityError, connection, transaction
from django.http import HttpResponse
from django.utils import timezone

from organizations.models import Post, Session, Unit
from organizations.permissions import REACH
from tests import access, factories
from tests.factories import AT

# Tables begin counting this far apart, so that an id says whose it is, and no row hides behind another table's.
APART = 1_000_000
NEVER = 999_999_999
asked: Counter = Counter()
SEATED = [role for role in access.ROLES if role not in ("anonymous", "no_post")]
# The leader and the administrator stand at a root: above it is nothing, beside it another district, which is `foreign`.
NEIGHBOURS = {
    "secretary": ("second_cell", "commune"),
    "deputy": ("second_cell", "commune"),
    "clerk": ("second_cell", "commune"),
    "committee": ("second_commune", "top"),
    "appraiser": ("second_board", "top"),
    "head": ("second_board", "top"),
}
# Pages of the showcase: in sight is what `Dossier.objects.shown_to` says, wherever it was registered.
SHOWCASE = {
    f"models_registry:{name}"
    for name in ("shown_model", "shown_photo", "shown_thumbnail", "vote", "adopt", "adoptions")
}
# GETs that write, and where: a row about the very reading, and nothing besides (ADR 30).
RECORDS_THE_READING = {
    "extracts:file": "journal_",  # who took a classification file away is asked years later
    "packs:file": "(journal_|completion_taken)",
    "reviews:appraise": "reviews_look",  # what was last looked at; later changes are told from it
}


def build_world() -> SimpleNamespace:
    """Return the districts A and B, C in a province of its own, and in A a second of each kind; who acts in each."""
    kind = Unit.Kind
    keep_ids_apart()
    a, b = access.units("A"), access.units("B")
    c = access.units("C", factories.unit("Tỉnh ủy khác", kind.PROVINCE_COMMITTEE))
    a.second_cell = factories.unit("Chi bộ A kề bên", kind.CELL, a.commune)
    a.second_commune = factories.unit("Đảng ủy xã A kề bên", kind.GRASSROOTS_COMMITTEE, a.top)
    a.second_board = factories.unit("Ban Dân vận A", kind.ADVISORY_BODY, a.top)
    people, b_people, c_people = (access.people_in(units) for units in (a, b, c))
    return SimpleNamespace(a=a, b=b, c=c, people=people | _of_no_row(a, c), b_people=b_people, c_people=c_people)


def _of_no_row(a, c) -> dict:
    """Return who is in no table: one whose post has ended, and one who is also the secretary in another province."""
    ended = factories.person(a.cell, "secretary", password=None)
    Post.objects.filter(person=ended).update(ends_at=timezone.now() - timedelta(seconds=1))
    several = factories.person(a.cell, "secretary", password=None)
    Post.objects.create(person=several, unit=c.cell, role="secretary", starts_at=AT)
    return {"ended": ended, "several": several}


def keep_ids_apart() -> None:
    """Let each table count from its own million on; SQLite only, and undone with the transaction."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for number, table in enumerate(_tables(), start=1):
            cursor.execute("DELETE FROM sqlite_sequence WHERE name = %s", [table])
            cursor.execute("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", [table, number * APART])


def _tables() -> list[str]:
    return sorted(model._meta.db_table for model in apps.get_models())


def model_of(pk: int):
    """Return the model whose row this id is, or None."""
    tables, number = _tables(), pk // APART
    by_table = {model._meta.db_table: model for model in apps.get_models()}
    return by_table[tables[number - 1]] if 0 < number <= len(tables) else None


def delete(ids) -> int:
    """Delete rows by their ids, whatever names them, within a transaction that is rolled back; returns how many.

    What a trigger keeps for ever stays, and so do units: the database lets none go in which somebody sits.
    """
    deleted = 0
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA defer_foreign_keys = ON")
    for pk in ids:
        if (model := model_of(pk)) is not Unit:
            rows = model._base_manager.filter(pk=pk)
            with suppress(IntegrityError), transaction.atomic():
                deleted += rows._raw_delete(rows.db)
    return deleted


def asking_about(world, place: str) -> dict:
    """Return {unit: the roles to whom it is this place}."""
    if place == "other_province":
        return {world.c.cell: [*SEATED, "several"]}
    found = {}
    for role, names in NEIGHBOURS.items():
        found.setdefault(getattr(world.a, names[("sibling", "parent").index(place)]), []).append(role)
    return found


def hold_sessions() -> None:
    """Let no sign-in seem idle: that one is in use is noted every few minutes, whatever is asked (ADR 30)."""
    Session.objects.update(seen_at=timezone.now() + timedelta(minutes=30))


def seen_by_makers(world, place: str) -> SimpleNamespace:
    """Return the world as the makers of a place's things take it: its second district is the one they make them in."""
    if place != "other_province":
        return world
    return SimpleNamespace(a=world.a, b=world.c, people=world.people, b_people=world.c_people)


def one_of_each(expected: dict) -> list[str]:
    """Return of each reach the first role with each answer: what differs between roles of one reach is no sight."""
    first = {(REACH.get(role), role == "several", right): role for role, right in reversed(expected.items())}
    return sorted(first.values())


@contextmanager
def read_only():
    """Let the database refuse whatever is written inside; within a transaction that is rolled back to before."""
    if connection.vendor == "postgresql":
        # Undone with the savepoint it stands in.
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL transaction_read_only = on")
        yield
    else:
        # Past Django, which runs nothing more in a transaction that was refused something.
        connection.connection.execute("PRAGMA query_only = ON")
        try:
            yield
        finally:
            connection.connection.execute("PRAGMA query_only = OFF")


def get_without_writing(client, url: str, address: str, **sent) -> HttpResponse:
    """Return the answer to a GET, of which the database takes no write but the one that records the reading."""
    with transaction.atomic():
        with _writes_only(RECORDS_THE_READING[url]) if url in RECORDS_THE_READING else read_only():
            answer = client.get(address, **sent)
            answer.whole = read_whole(answer)
        transaction.set_rollback(True)
    return answer


def _writes_only(tables: str):
    def refuse(execute, sql, params, many, context):
        writes = sql.startswith(("INSERT", "UPDATE", "DELETE"))
        if writes and not re.match(rf'(INSERT( OR IGNORE)? INTO|UPDATE|DELETE FROM) "{tables}', sql):
            raise AssertionError(f"a GET writes: {sql[:200]}")
        return execute(sql, params, many, context)

    return connection.execute_wrapper(refuse)


def read_whole(answer) -> bytes:
    """Return all of an answer's body, a file's too."""
    return b"".join(answer.streaming_content) if answer.streaming else answer.content


def told(answer) -> tuple:
    """Return what somebody is told by an answer, down to its headers; only the reference differs by itself."""
    body = re.sub(rb'<p class="error-reference">.*?</p>', b"", answer.content, flags=re.DOTALL)
    headers = {name: value for name, value in answer.headers.items() if name not in DIFFERS_BY_ITSELF}
    return answer.status_code, body, headers, sorted(answer.cookies)


def unknown_page(client) -> HttpResponse:
    """Return what an address is answered with that no page of ours has ever had; asked once signed in, and once not."""
    signed_in = bool(client.cookies)
    if signed_in not in _unknown:
        _unknown[signed_in] = client.get("/khong-co-trang-nay/")
    return _unknown[signed_in]


_unknown: dict[bool, HttpResponse] = {}
DIFFERS_BY_ITSELF = {"Content-Security-Policy", "Content-Length", "X-Request-ID", "Last-Modified", "Date"}


def counts() -> str:
    """Return a table of what was asked by now, and of how much there is to ask."""
    takes = access.urls()
    objects = sum(8 if with_object else 1 for with_object in takes.values())
    tables = access.tables()
    by_hand = sum(len(row.statuses) for row in tables.rows)
    statuses = sorted({status for *_, status in asked})
    lines = [
        f"URLs {len(takes)}, {sum(takes.values())} of them naming an object",
        f"cells (URL × GET, POST, each plain and by htmx × 12 roles × 8 objects): {objects * 4 * 12}",
        f"stated by hand: {by_hand}; following from them and asked: {sum(asked.values())}",
        "",
        f"{'object':16}" + "".join(f"{status:>7}" for status in statuses) + f"{'all':>8}",
    ]
    for place in sorted({place for place, *_ in asked}):
        of_place = [sum(n for key, n in asked.items() if (key[0], key[-1]) == (place, status)) for status in statuses]
        lines.append(f"{place:16}" + "".join(f"{n:>7}" for n in of_place) + f"{sum(of_place):>8}")
    return "\n".join(lines)
