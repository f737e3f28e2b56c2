"""A backup is made, brought back and compared; what stands in the way is said before anything is touched."""

import datetime as dt
import json
import os
import stat
import subprocess
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.core.management import CommandError, call_command
from django.db import connection
from django.urls import reverse
from django.utils import timezone
from django.utils.timezone import get_current_timezone

from completion.models import SourceDocument
from journal.models import Event, Link, Notice
from journal.services import chain_events, known_heads, note_head, record
from organizations.models import Person, Unit
from portal.backups import archive, programs, queries
from portal.backups.due import backup_due, trial_due
from portal.backups.facts import differences, facts_of
from portal.backups.making import alone, make_backup
from portal.backups.models import Backup
from portal.backups.refusals import BackupRefused, sentence_of
from portal.backups.restoring import restore
from portal.backups.tasks import back_up, try_restoring
from portal.backups.trying import found_wrong, try_backup
from portal.backups.words import difference_text
from tests import factories
from tests.guards import guards_lifted

HOUR, DAY = dt.timedelta(hours=1), dt.timedelta(days=1)
NIGHT = dt.datetime(2026, 11, 23, 1, 15, tzinfo=get_current_timezone())


@pytest.fixture
def place(settings, tmp_path):
    settings.VAR_DIR, settings.BACKUP_DIR = tmp_path, tmp_path / "backups"
    return settings.BACKUP_DIR


@pytest.fixture
def lived_in(place, transactional_db):
    """A portal with people, a chained journal whose head was noted, and two files."""
    district = factories.district()
    chain_events(at=NIGHT)
    note_head(at=NIGHT)
    for name in ("evidence/2026/11/một.pdf", "papers/2026/11/hai.docx"):
        default_storage.save(name, ContentFile(name.encode() * 1000))
    return district


def quietly(_said) -> None:
    pass


def test_what_was_backed_up_comes_back_whole_and_the_journal_goes_on(lived_in, place, settings):
    settings.BACKUP_SECOND_DIR = place.parent / "elsewhere"
    settings.BACKUP_SECOND_DIR.mkdir()
    first = make_backup(at=NIGHT)
    kept = archive.read(Path(first.folder))
    media = Path(settings.MEDIA_ROOT)
    assert (first.state, first.files, first.remark) == ("done", 2, "")
    assert kept.manifest["facts"]["counts"]["organizations_person"] == Person.objects.count()
    assert {stat.S_IMODE(path.stat().st_mode) & 0o077 for path in [kept.folder, *kept.folder.glob("*.*")]} == {0}
    assert try_backup(first).trial == "good", (first.trial_reason, first.differences)

    person, head, units = Person.objects.get(pk=lived_in.head.pk), Link.objects.last(), Unit.objects.count()
    record("unit.added", subject="unit", subject_id=1, by=None, at=NIGHT)
    chain_events(at=NIGHT)
    note_head(at=NIGHT)
    Person.objects.filter(pk=person.pk).update(full_name="Viết đè sau đó")
    (media / "papers/2026/11/hai.docx").write_bytes(b"other")
    with pytest.raises(BackupRefused, match="đang có dữ liệu"):
        restore(kept.folder, at=NIGHT + HOUR, overwrite=False, say=quietly)

    second_place = next((place.parent / "elsewhere").glob("2*"))
    assert restore(second_place, at=NIGHT + HOUR, overwrite=True, say=quietly) == []
    assert Person.objects.get(pk=person.pk).full_name == person.full_name
    assert (media / "papers/2026/11/hai.docx").read_bytes() == b"papers/2026/11/hai.docx" * 1000
    assert (Link.objects.last().hash, Unit.objects.count()) == (head.hash, units)
    assert known_heads() == {head.position: head.hash}
    assert Event.objects.get(verb="backup.restored").detail["differences"] == 0
    assert Backup.objects.get().state == "done"
    call_command("verify_journal", stdout=open("/dev/null", "w"))  # noqa: SIM115, PTH123


@pytest.mark.postgres
def test_nothing_is_touched_where_no_program_reads_the_dump(lived_in, place, monkeypatch):
    folder, found = Path(make_backup(at=NIGHT).folder), programs._found
    monkeypatch.setattr(programs, "_found", lambda name: [] if name == "pg_restore" else found(name))
    with pytest.raises(BackupRefused, match="pg_restore"):
        restore(folder, at=NIGHT, overwrite=True, say=quietly)
    assert Person.objects.filter(pk=lived_in.secretary.pk).exists()


@pytest.mark.postgres
@pytest.mark.parametrize("end", ["the dump is cut off", "the server ends it", "a late statement fails"])
def test_a_restore_that_ends_half_way_changes_nothing(lived_in, place, monkeypatch, tmp_path, end):
    folder = Path(make_backup(at=NIGHT).folder)
    Person.objects.filter(pk=lived_in.secretary.pk).update(full_name="Ghi sau bản sao lưu")
    before = facts_of(connection)
    spoilt, fitting = tmp_path / "pg_restore", programs.fitting
    said = {
        "the dump is cut off": "head -c 60000; exit 1",
        "the server ends it": "sed '$ a SELECT pg_terminate_backend(pg_backend_pid());'",
        "a late statement fails": "sed '$ a INSERT INTO organizations_person (id) VALUES (NULL);'",
    }[end]
    whole = fitting("pg_restore", connection.pg_version // 10_000)
    spoilt.write_text(f'#!/bin/sh\ncase "$*" in *--list*) exec "{whole}" "$@";; esac\n"{whole}" "$@" | {said}\n')
    spoilt.chmod(0o700)
    monkeypatch.setattr(programs, "fitting", lambda name, at: spoilt if name == "pg_restore" else fitting(name, at))
    with pytest.raises(BackupRefused, match="không làm được"):
        restore(folder, at=NIGHT, overwrite=True, say=quietly)
    connection.close()
    assert differences(before, facts_of(connection)) == []
    assert Person.objects.get(pk=lived_in.secretary.pk).full_name == "Ghi sau bản sao lưu"
    monkeypatch.undo()
    assert restore(folder, at=NIGHT, overwrite=True, say=quietly) == []


@pytest.mark.sqlite
@pytest.mark.once
class TestOfOneKind:
    """What is the same Python whatever the database."""

    def test_an_unchanged_file_is_kept_once_and_a_new_one_is_added(self, lived_in, place):
        first = make_backup(at=NIGHT)
        default_storage.save("evidence/2026/11/ba.pdf", ContentFile(b"3"))
        second = make_backup(at=NIGHT + DAY)
        one, two = (Path(made.folder) / "files/evidence/2026/11" for made in (first, second))
        assert (one / "một.pdf").stat().st_ino == (two / "một.pdf").stat().st_ino
        assert sorted(path.name for path in two.iterdir()) == ["ba.pdf", "một.pdf"]
        assert (second.size - first.size - 1 < second.added) and second.files == 3

    def test_each_part_that_is_not_what_was_written_is_named_and_nothing_is_restored(self, lived_in, place):
        made = make_backup(at=NIGHT)
        folder = Path(made.folder)
        with (folder / "database.sqlite3").open("r+b") as dump:
            dump.seek(5000)
            dump.write(b"\xff")
        (folder / "files/papers/2026/11/hai.docx").unlink()
        with pytest.raises(BackupRefused, match=r"bị hỏng.*database\.sqlite3, files/papers/2026/11/hai\.docx"):
            restore(folder, at=NIGHT, overwrite=True, say=quietly)
        assert Person.objects.filter(pk=lived_in.head.pk).exists()
        tried = try_backup(made)
        assert (tried.trial, [found["name"] for found in tried.differences]) == (
            "differed",
            ["database.sqlite3", "files/papers/2026/11/hai.docx"],
        )
        assert {notice.recipient for notice in Notice.objects.all()} == {lived_in.administrator}

    def test_the_trial_walks_the_chain_and_counts_rows_and_seals(self, lived_in, place):
        with guards_lifted(), connection.cursor() as cursor:
            cursor.execute("UPDATE journal_event SET role = 'x' WHERE id = (SELECT MIN(id) FROM journal_event)")
        kept = archive.read(Path(make_backup(at=NIGHT).folder))
        kept.manifest["facts"]["counts"]["organizations_unit"] += 1
        assert [(found["what"], found["name"]) for found in found_wrong(kept)] == [
            ("counts", "organizations_unit"),
            ("chain", "altered"),
        ]

    @pytest.mark.parametrize(
        ("change", "said"),
        [
            ({"format": 2}, "phiên bản mới hơn"),
            ({"vendor": "postgresql"}, "Bản sao lưu của postgresql"),
            ({"vendor": "oracle"}, "không phải một bản sao lưu"),
            ({"hashes": None}, None),
        ],
    )
    def test_a_backup_that_does_not_fit_is_refused(self, lived_in, place, change, said):
        folder = Path(make_backup(at=NIGHT).folder)
        manifest = json.loads((folder / "manifest.json").read_text())
        if said is None:
            manifest["facts"]["migrations"]["journal"], said = (
                "9999_later",
                r"mới hơn mã đang cài \(journal\.9999_later\)",
            )
        (folder / "manifest.json").write_text(json.dumps(manifest | {k: v for k, v in change.items() if v}))
        with pytest.raises(BackupRefused, match=said):
            restore(folder, at=NIGHT, overwrite=True, say=quietly)

    def test_a_trial_that_finds_another_at_it_keeps_nothing_and_tells_nobody(self, lived_in, place, time_machine):
        made = make_backup(at=NIGHT - 10 * HOUR)
        time_machine.move_to(NIGHT + HOUR / 2)
        with alone(place):
            assert try_restoring() is False
        made.refresh_from_db()
        assert (made.trial, made.tried_at, Notice.objects.count()) == ("none", None, 0)

    def test_files_behind_a_link_are_kept_and_a_link_to_above_ends(self, lived_in, place, settings, tmp_path):
        elsewhere, media = tmp_path / "other-disk", Path(settings.MEDIA_ROOT)
        elsewhere.mkdir()
        (elsewhere / "ba.pdf").write_bytes(b"3")
        (media / "evidence/2025").symlink_to(elsewhere)
        (elsewhere / "round").symlink_to(media)
        folder = Path(make_backup(at=NIGHT).folder)
        kept = {file.name for file in archive.read(folder).files()}
        assert {"evidence/2025/ba.pdf", "evidence/2026/11/một.pdf", "papers/2026/11/hai.docx"} <= kept

    def test_files_that_rows_name_and_the_backup_has_not_are_told(self, lived_in, place, settings, tmp_path):
        name = "published/2026/11/một.pdf"
        SourceDocument.objects.create(name="một.pdf", content_type="application/pdf", size=1, file=name)
        settings.MEDIA_ROOT = tmp_path / "not-mounted"
        tried = try_backup(make_backup(at=NIGHT))
        told = f"Tệp {name}: có dòng nhắc đến mà bản sao lưu không có"
        assert (tried.trial, [difference_text(found) for found in tried.differences]) == ("differed", [told])

    def test_a_second_place_that_is_not_there_is_amber_and_told_once(self, lived_in, place, settings, tmp_path):
        settings.BACKUP_SECOND_DIR = tmp_path / "share"
        made = [make_backup(at=NIGHT + n * HOUR) for n in range(2)]
        assert all("nơi thứ hai" in one.remark for one in made) and not (tmp_path / "share").exists()
        assert queries.standings(NIGHT + 2 * HOUR)[0] == queries.Standing("warning", made[1].remark)
        assert [notice.text for notice in Notice.objects.all()] == [made[0].remark]

    def test_a_portal_that_runs_on_this_machine_is_not_written_over(self, lived_in, place, settings):
        folder = Path(make_backup(at=NIGHT).folder)
        (settings.VAR_DIR / "run").mkdir(exist_ok=True)
        (settings.VAR_DIR / "run" / "supervisord.pid").write_text(str(os.getpid()))
        with subprocess.Popen(["sleep", "60"]) as kept, pytest.raises(BackupRefused, match="đang chạy"):
            try:
                restore(folder, at=NIGHT, overwrite=True, say=quietly)
            finally:
                kept.kill()

    def test_commands_end_in_a_sentence(self, lived_in, place, tmp_path):
        with pytest.raises(CommandError, match="không phải một bản sao lưu"):
            call_command("restore", str(tmp_path))
        (tmp_path / "taken").write_text("")
        with pytest.raises(CommandError, match="taken"):
            call_command("backup", to=tmp_path / "taken")
        assert Backup.objects.get().state == "failed"

    def test_a_failure_leaves_nothing_half_done_and_is_told_once(self, lived_in, place, monkeypatch):
        def full(*_args, **_kwargs):
            raise OSError(28, "No space left on device")

        monkeypatch.setattr(archive, "keep_files", full)
        for _ in range(2):
            assert back_up() is False
        assert [(made.state, made.reason[:21]) for made in Backup.objects.all()] == [
            ("failed", "Hết chỗ trên đĩa chứa")
        ] * 2
        assert [path.name for path in place.iterdir()] == [".lock"]
        assert [notice.recipient for notice in Notice.objects.all()] == [lived_in.administrator]

    def test_the_night_makes_one_backup_and_tries_it_once(self, lived_in, place, time_machine):
        time_machine.move_to(NIGHT)
        assert (back_up(), back_up(), try_restoring(), try_restoring()) == (True, False, True, False)


def of(hours, **more):
    return Backup.objects.create(state="done", begun_at=NIGHT + hours * HOUR, **more)


@pytest.mark.once
@pytest.mark.django_db
def test_a_backup_is_due_when_none_began_well_since_one_oclock_and_a_trial_before_morning_or_when_it_is_late():
    assert backup_due(NIGHT)
    old = of(-24, trial="good", tried_at=NIGHT - 19 * HOUR)
    assert (backup_due(NIGHT), backup_due(NIGHT - 2 * HOUR), trial_due(NIGHT)) == (True, False, None)
    new = of(0)
    assert (backup_due(NIGHT + 20 * HOUR), backup_due(NIGHT + 24 * HOUR)) == (False, True)
    assert [trial_due(NIGHT + n * HOUR) for n in (1, 5, 9)] == [new, None, new]
    assert old != new


@pytest.mark.once
@pytest.mark.parametrize(
    ("age", "failed", "colour"),
    [
        (None, False, "danger"),
        (None, True, "danger"),
        (1, False, "success"),
        (26, False, "success"),
        (26.1, False, "warning"),
        (75, False, "danger"),
        (2, True, "danger"),
    ],
)
def test_a_backup_is_amber_after_26_hours_and_red_when_there_is_none_or_the_last_failed(age, failed, colour):
    assert queries.backup_standing(age and age * 3600, failed=failed).colour == colour


@pytest.mark.once
@pytest.mark.parametrize(
    ("age", "last", "colour"),
    [
        (None, "none", "warning"),
        (None, "failed", "danger"),
        (3, "differed", "danger"),
        (3, "failed", "warning"),
        (3, "good", "success"),
        (27, "good", "warning"),
    ],
)
def test_a_trial_that_differed_is_red_and_one_too_old_amber(age, last, colour):
    assert queries.trial_standing(age and age * 3600, last=last).colour == colour


def test_the_last_of_days_and_of_weeks_are_kept():
    days = [NIGHT - n * DAY for n in range(60)] + [NIGHT - 5 * HOUR, NIGHT - 6 * HOUR]
    kept = set(days) - archive.outlived(days, daily=4, weekly=3)
    ago = sorted(round((NIGHT - at) / HOUR) for at in kept)
    # 23 November is a Monday: the weeks before it end on Sundays.
    assert ago == [0, 5, 6, 48, 72, 192]


def test_what_differs_is_named():
    noted = {"counts": {"a": 1, "b": 2}, "sealed": {"c": "x"}, "migrations": {}, "head": "1:f"}
    found = {"counts": {"a": 1, "b": 3}, "sealed": {"c": "y"}, "migrations": {"d": "1"}, "head": None}
    assert [(row["what"], row["name"]) for row in differences(noted, found)] == [
        ("counts", "b"),
        ("sealed", "c"),
        ("migrations", "d"),
        ("head", ""),
    ]


@pytest.mark.parametrize(
    ("versions", "server", "taken"),
    [
        ([18, 15], 15, 15),
        ([18, 14], 15, 18),
        ([14], 15, "bản 14, cũ hơn nên không dùng được"),
        ([], 15, "không có chương trình pg_dump"),
    ],
)
def test_the_program_that_fits_the_server_is_taken(versions, server, taken, tmp_path, monkeypatch):
    for version in versions:
        program = tmp_path / str(version) / "pg_dump"
        program.parent.mkdir()
        program.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}.3'\n")
        program.chmod(0o700)
    monkeypatch.setenv("PATH", ":".join(str(tmp_path / str(version)) for version in versions))
    monkeypatch.setattr(programs, "FOLDERS", ())
    monkeypatch.setattr(programs, "find_spec", lambda name: None)
    if isinstance(taken, int):
        assert programs.fitting("pg_dump", server).parent.name == str(taken)
    else:
        with pytest.raises(BackupRefused, match=taken):
            programs.fitting("pg_dump", server)


@pytest.mark.parametrize(("number", "said"), [(28, "Hết chỗ"), (13, "Không có quyền"), (30, "Không có quyền")])
def test_a_failing_disk_is_told_in_a_sentence(number, said):
    assert sentence_of(OSError(number, "x", "/nơi/ấy"), Path("/")).startswith(said)


@pytest.mark.once
@pytest.mark.parametrize("rows", [1, 30])
def test_the_page_costs_the_same_however_many_backups(client, district, rows, place, django_assert_max_num_queries):
    for n in range(rows):
        of(-24 * n, trial="differed", differences=[{"what": "head", "name": "", "noted": "1:f", "found": None}])
    client.force_login(district.administrator)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("backups:backups"))
    assert "Không an toàn" in page.text and len(page.context["rows"]) == rows
    shown = client.get(reverse("backups:backup", args=[Backup.objects.first().pk])).text
    assert "Đầu nhật ký khác với đầu đã ghi" in shown


@pytest.mark.once
def test_the_home_page_of_an_administrator_alone_tells_the_age(client, district, place):
    Backup.objects.create(state="done", begun_at=timezone.now() - 3 * HOUR)
    for person, tells in ((district.administrator, True), (district.leader, False)):
        client.force_login(person)
        assert ("cách đây 3 giờ" in client.get(reverse("home")).text) is tells
