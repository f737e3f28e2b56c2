"""The chain over the journal: what is done to a row behind the portal's back is found, and which row it was."""

import datetime as dt
import io

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from journal import chain
from journal.chain import GENESIS, Break, Harm, canonical, hash_of
from journal.models import Event, Link
from journal.services import chain_events, chaining, known_heads, note_head, record
from journal.services.chaining import HEADS, last_noted_head, noted_heads
from journal.tasks import chain_left_behind
from journal.tasks import note_head as nightly
from organizations.services import edit_person
from tests.factories import AT, person
from tests.guards import guards_lifted
from tests.threads import at_once

LATER = AT + dt.timedelta(days=1)


@pytest.fixture(autouse=True)
def own_heads(settings, tmp_path):
    settings.VAR_DIR = tmp_path


@pytest.fixture
def events(db):
    """Five events of one morning, chained in order."""
    made = [record("unit.added", subject="unit", subject_id=n, by=None, at=AT, detail={"n": n}) for n in range(1, 6)]
    assert chain_events(at=AT) == 5
    return made


def sql(*statements):
    with guards_lifted(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)


def verdict(**heads):
    return chain.verify(at=LATER, heads=heads.get("heads", {}))[1]


def insert(pk, at):
    Event.objects.create(pk=pk, verb="unit.added", subject="unit", subject_id=9, at=at)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ({"b": 1, "a": [None, True, "đ\u1ed9"]}, '{"a":[null,true,"độ"],"b":1}'),
        ([1.0, -0.0, 1e22, 0.5, 1e-07], "[1,0,10000000000000000000000,0.5,1e-07]"),
        (dt.datetime(2026, 1, 5, 9, 0, tzinfo=dt.timezone(dt.timedelta(hours=7))), '"2026-01-05T02:00:00.000000Z"'),
    ],
)
def test_a_value_has_one_text(value, text):
    assert canonical(value) == text


def test_the_same_row_has_the_same_hash_in_every_database(db):
    detail = {"z": 1.0, "a": {"đ": "“Ấp 1”", "n": [1e22, 0.1, None]}}
    made = record("unit.added", subject="unit", subject_id=7, by=None, at=AT, detail=detail)
    stored = Event.objects.get(pk=made.pk)
    stored.pk = 1
    assert hash_of(GENESIS, 1, AT, stored) == "9c26be046cd4b3e7c16bd17d984f19ef099e467deff625fb774de2b0d1d25dee"


def test_every_event_is_linked_once_in_the_order_of_ids(events):
    links = list(Link.objects.values_list("position", "event", "previous"))
    hashes = list(Link.objects.values_list("hash", flat=True))
    assert links == [(n, event.pk, ([GENESIS, *hashes])[n - 1]) for n, event in enumerate(events, 1)]
    assert (chain_events(at=AT), verdict()) == (0, None)


def test_whatever_a_row_may_hold_is_written_out_as_it_was_hashed(db, district):
    """The walk writes the hashed text itself, from what each database gives as text."""
    said = {"z": 1.0, "a": {"đ": "“Ấp\\ 1”\n\u2028\x7f", "n": [1e22, 0.1, -0.0, None, True]}, "": ""}
    for n, at in enumerate((AT, AT + dt.timedelta(microseconds=1), AT.replace(microsecond=120000))):
        by, for_whom = (district.secretary, district.head) if n else (None, None)
        told = {"subject": 'tổ "1"', "subject_id": n or None, "on_behalf_of": for_whom, "detail": said}
        record("unit.added", by=by, at=at, **told)
    chain_events(at=AT + dt.timedelta(microseconds=5))
    assert (Link.objects.count(), verdict()) == (Event.objects.count(), None)


def test_an_id_that_commits_late_is_linked_behind_the_others(events):
    gap = events[-1].pk + 1
    insert(gap + 1, AT)
    chain_events(at=AT + dt.timedelta(seconds=5))
    insert(gap, AT)
    chain_events(at=AT + dt.timedelta(seconds=10))
    assert list(Link.objects.values_list("event", flat=True))[-2:] == [gap + 1, gap]
    assert verdict() is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE journal_event SET verb = 'x'",
        "DELETE FROM journal_event",
        "UPDATE journal_link SET hash = 'x'",
        "DELETE FROM journal_link",
        pytest.param("TRUNCATE journal_event CASCADE", marks=pytest.mark.postgres),
        pytest.param("TRUNCATE journal_link", marks=pytest.mark.postgres),
    ],
)
def test_the_database_refuses_to_change_the_chain_and_what_it_holds(events, statement):
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verdict() is None


SWAP = [
    "UPDATE journal_link SET position = -1 WHERE position = 3",
    "UPDATE journal_link SET position = 3 WHERE position = 4",
    "UPDATE journal_link SET position = 4 WHERE position = -1",
]


@pytest.mark.parametrize(
    ("statements", "harm", "position", "named"),
    [
        (["UPDATE journal_event SET verb = 'x' WHERE id = {third}"], Harm.ALTERED, 3, True),
        (["UPDATE journal_event SET detail = '{{\"n\": 4}}' WHERE id = {third}"], Harm.ALTERED, 3, True),
        (["UPDATE journal_event SET at = '2025-01-01 00:00:00+00' WHERE id = {third}"], Harm.ALTERED, 3, True),
        (["UPDATE journal_event SET subject_id = 4 WHERE id = {third}"], Harm.ALTERED, 3, True),
        (["UPDATE journal_event SET role = ' ' WHERE id = {third}"], Harm.ALTERED, 3, True),
        (["UPDATE journal_link SET at = '2026-01-05 02:00:01+00' WHERE position = 3"], Harm.ALTERED, 3, True),
        (["UPDATE journal_link SET hash = previous WHERE position = 3"], Harm.ALTERED, 3, True),
        (["DELETE FROM journal_event WHERE id = {third}"], Harm.DELETED, 3, True),
        (
            ["DELETE FROM journal_link WHERE position = 3", "DELETE FROM journal_event WHERE id = {third}"],
            Harm.DELETED,
            3,
            False,
        ),
        (
            [
                "DELETE FROM journal_link WHERE position = 3",
                "DELETE FROM journal_event WHERE id = {third}",
                "UPDATE journal_link SET position = 3 WHERE position = 4",
                "UPDATE journal_link SET position = 4 WHERE position = 5",
            ],
            Harm.REORDERED,
            3,
            None,
        ),
        (SWAP, Harm.REORDERED, 3, None),
    ],
)
def test_what_is_done_past_the_triggers_is_found_at_the_first_row(events, statements, harm, position, named):
    third = events[2].pk
    sql(*(statement.format(third=third) for statement in statements))
    found = verdict()
    event = {True: third, False: None, None: events[3].pk}[named]
    assert found == Break(harm, position, event)


@pytest.mark.parametrize(("first", "chained"), [(True, False), (True, True), (False, True)])
def test_a_row_put_in_later_is_found_by_its_id_or_by_the_day_it_claims(events, first, chained):
    """Before it was linked, and after the portal linked it with whatever else was new."""
    pk = events[0].pk - 1 if first else events[-1].pk + 1
    insert(pk, LATER if first else AT - dt.timedelta(days=30))
    if chained:
        chain_events(at=LATER, everything=True)
    assert verdict() == Break(Harm.INSERTED, 6 if chained else None, pk)


def test_a_head_written_down_finds_the_end_cut_off_and_a_chain_written_anew(events):
    heads = {5: Link.objects.last().hash}
    sql("DELETE FROM journal_link WHERE position > 3", f"DELETE FROM journal_event WHERE id > {events[2].pk}")  # noqa: S608
    assert (verdict(), verdict(heads=heads)) == (None, Break(Harm.CUT, 5, None))
    insert(events[3].pk, AT)
    insert(events[4].pk, AT)
    chain_events(at=AT, everything=True)
    assert (verdict(), verdict(heads=heads)) == (None, Break(Harm.REWRITTEN, 5, events[4].pk))


def test_the_command_prints_the_head_and_ends_otherwise_than_well_on_a_break(events):
    out = io.StringIO()
    record("unit.added", subject="unit", subject_id=6, by=None, at=AT)
    call_command("verify_journal", stdout=out)
    head = str(Link.objects.last())
    assert "5 sự kiện đã nối, 1 vừa nối thêm" in out.getvalue()
    assert f"Đầu nhật ký: {head}" in out.getvalue()
    call_command("verify_journal", "--expect", head, stdout=out)
    with pytest.raises(CommandError, match="vị trí 7 không còn"):
        call_command("verify_journal", "--expect", f"7:{head[2:]}", stdout=out)
    sql(f"UPDATE journal_event SET role = 'head' WHERE id = {events[1].pk}")  # noqa: S608
    with pytest.raises(CommandError, match=f"vị trí 2, sự kiện số {events[1].pk} bị sửa"):
        call_command("verify_journal", stdout=out)


def test_heads_are_noted_every_night_beside_the_data_and_only_of_a_chain_that_holds(events, caplog):
    assert (nightly(), known_heads()) == (True, {5: Link.objects.last().hash})
    sql("UPDATE journal_event SET verb = 'x'")
    assert (nightly(), len(known_heads())) == (False, 1)
    assert "journal broken: altered, position 1" in caplog.text
    assert note_head(at=LATER) is not None


def test_a_bulk_longer_than_what_is_looked_back_for_is_linked_too(events, monkeypatch):
    """Its ids were given before others were chained, and it was committed after them."""
    monkeypatch.setattr(chaining, "BEHIND", 3)
    newest = events[-1].pk
    same = {"at": AT, "verb": "unit.board_changed", "subject": "unit", "subject_id": 1, "detail": {}, "role": ""}
    Event.objects.bulk_create(Event(pk=newest + n, **same) for n in range(20, 30))
    assert chain_events(at=AT) == 10
    Event.objects.bulk_create(Event(pk=newest + n, **same) for n in range(1, 20))
    assert (chain_events(at=AT), chain_left_behind(), Event.objects.unchained().count()) == (0, 19, 0)


def test_a_head_is_noted_on_other_machines_too_and_one_that_is_away_keeps_none_from_the_rest(
    events, settings, tmp_path, mailoutbox, caplog
):
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    settings.MAIL_ON = True
    settings.JOURNAL_HEADS_TO = [str(tmp_path / "away"), str(elsewhere), "luu-tru@example.vn"]
    head = str(note_head(at=LATER))
    assert (elsewhere / HEADS).read_text().split()[-1] == head
    assert [(mail.to, mail.body.split()[-1]) for mail in mailoutbox] == [(["luu-tru@example.vn"], head)]
    assert f"journal head not noted at {tmp_path / 'away'}" in caplog.text


def test_a_head_a_full_disk_cut_off_is_left_out_and_the_next_begins_a_line(events, tmp_path, caplog):
    head = str(note_head(at=LATER))
    with (tmp_path / HEADS).open("a") as file:
        file.write("2026-11-23T02:10:00+0700 7:9c26")
    assert (list(noted_heads()), last_noted_head()) == ([head], (LATER, head))
    assert "cannot be read" in caplog.text
    note_head(at=LATER)
    assert list(noted_heads()) == [head, head]
    call_command("verify_journal", stdout=io.StringIO())


def test_a_name_that_is_erased_leaves_the_chain_whole(db, district):
    someone = person(district.cell, "deputy", "Người sẽ xóa tên")
    record("unit.added", subject="unit", subject_id=1, by=someone, at=AT)
    chain_events(at=AT)
    edit_person(someone, username="xoa", full_name="Đã xóa", phone="", email="", by=district.administrator, at=AT)
    assert verdict() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_two_who_chain_at_once_while_others_write_link_everything_once():
    def write():
        for n in range(20):
            record("unit.added", subject="unit", subject_id=n, by=None, at=AT)

    def link():
        return sum(chain_events(at=AT) for _ in range(10))

    results = at_once(write, link, write, link, write)
    assert [result for result in results if isinstance(result, Exception)] == []
    chain_events(at=AT)
    assert (Link.objects.count(), verdict()) == (Event.objects.count(), None)
