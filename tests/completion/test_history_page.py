"""An old register handed in as a ZIP: judged at the door, loaded by a job, all of it or nothing."""

import io
import zipfile

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from completion.history import zipped
from journal.models import Event, Job
from journal.uploads import FOLDER
from models_registry.models import WorkItem
from organizations.models import Post, Unit
from progress.models import Fact
from tests import factories
from tests.completion.archives import done, item, write_archive

pytestmark = pytest.mark.django_db
ROWS = {"items": [item("I1", "20/3"), item("I2", "20/6", unit="B")], "events": done("I1", "18/3")}


@pytest.fixture
def administrator(client, db):
    client.force_login(factories.person(None, "administrator", "Quản trị"))
    return client


def members(folder, **rows) -> dict[str, bytes]:
    """The files of an archive by name."""
    return {path.name: path.read_bytes() for path in sorted(write_archive(folder, **rows).iterdir())}


def packed(files: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return stream.getvalue()


def upload(client, content: bytes, name="so-cu.zip", **extra):
    return client.post(reverse("completion:history"), {"file": SimpleUploadedFile(name, content)}, **extra)


def outcome(client, run_jobs, content: bytes, **extra) -> Job:
    answer = upload(client, content, **extra)
    (job,) = run_jobs()
    assert answer.url == reverse("journal:job", args=[job.pk])
    assert default_storage.listdir(FOLDER) == ([], [])
    return job


def rows():
    return [list(model.objects.order_by("pk").values_list()) for model in (Unit, WorkItem, Fact)]


def test_an_archive_is_loaded_whole_and_its_file_is_gone(administrator, run_jobs, tmp_path):
    job = outcome(administrator, run_jobs, packed(members(tmp_path, **ROWS)))
    assert (job.state, job.message) == (Job.State.DONE, "Đã nạp: 4 đơn vị, 2 việc, 2 sự kiện mới.")
    assert (job.done, job.total) == (16, 16)
    assert set(WorkItem.objects.values_list("code", "unit__code", "imported")) == {("I1", "A", True), ("I2", "B", True)}


def test_loading_it_twice_changes_nothing_and_says_so(administrator, run_jobs, tmp_path):
    content = packed(members(tmp_path, **ROWS))
    outcome(administrator, run_jobs, content)
    before = rows()
    job = outcome(administrator, run_jobs, content)
    assert (job.state, job.message) == (Job.State.DONE, "Mọi dòng đã có sẵn; không thêm gì.")
    assert rows() == before


def test_who_handed_it_in_and_what_it_brought_stand_in_the_journal(administrator, run_jobs, tmp_path):
    job = outcome(administrator, run_jobs, packed(members(tmp_path, **ROWS)))
    events = Event.objects.filter(subject="archive").order_by("id")
    assert [(e.verb, e.actor, e.role) for e in events] == [
        (verb, job.owner, "administrator")
        for verb in ("archive.handed_in", "units.imported", "items.imported", "events.imported")
    ]


def test_a_bad_row_is_told_by_file_and_line_and_nothing_is_loaded(administrator, run_jobs, tmp_path):
    before = rows()
    bad = [item("I1", "20/3", kind="XXX"), item("I2", "20/3", unit="NONE"), item("I3", "20/3")]
    job = outcome(administrator, run_jobs, packed(members(tmp_path, items=bad)))
    assert (job.state, rows()) == (Job.State.FAILED, before)
    shown = administrator.get(reverse("journal:job", args=[job.pk])).text
    assert job.message.splitlines()[1:] == ["items.csv:2: kind lạ: “XXX”", "items.csv:3: unit_code không có: “NONE”"]
    assert job.result["url"] == reverse("completion:history")
    assert all(line in shown for line in ("items.csv:2: kind lạ: “XXX”", "items.csv:3: "))


def test_problems_past_two_hundred_are_not_listed(administrator, run_jobs, tmp_path):
    bad = [item(f"I{n}", "20/3", kind="XXX") for n in range(250)]
    job = outcome(administrator, run_jobs, packed(members(tmp_path, items=bad)))
    assert len(job.message.splitlines()) == 202
    assert job.message.splitlines()[-1] == "Chỉ hiện 200 lỗi đầu tiên."


def test_the_job_answers_in_the_language_it_was_started_in(administrator, run_jobs, tmp_path):
    bad = packed(members(tmp_path, items=[item("I1", "20/3", kind="XXX")]))
    job = outcome(administrator, run_jobs, bad, headers={"accept-language": "en"})
    assert job.message.splitlines() == [
        "Nothing was loaded. Correct these lines and upload again:",
        "items.csv:2: Unknown kind: “XXX”",
    ]


def test_the_files_may_stand_in_one_folder_among_what_a_mac_adds(administrator, run_jobs, tmp_path):
    files = {f"so cũ/{name}": content for name, content in members(tmp_path, **ROWS).items()}
    litter = {"__MACOSX/so cũ/._units.csv": b"x", "so cũ/.DS_Store": b"x"}
    assert outcome(administrator, run_jobs, packed(files | litter)).state == Job.State.DONE


def test_a_line_that_is_not_utf8_is_told_by_its_number(administrator, run_jobs, tmp_path):
    files = members(tmp_path, **ROWS)
    files["items.csv"] = files["items.csv"].replace("Việc I2".encode(), "Việc I2".encode("utf-16"))
    job = outcome(administrator, run_jobs, packed(files))
    assert job.message.splitlines()[1] == "items.csv:3: không phải UTF-8"


def test_a_file_damaged_inside_is_refused_and_dropped(administrator, run_jobs, tmp_path):
    content = packed(members(tmp_path, items=[item(f"I{n}", "20/3") for n in range(500)]))
    middle = len(content) // 2
    job = outcome(administrator, run_jobs, content[:middle] + bytes(40) + content[middle + 40 :])
    assert (job.state, Unit.objects.count()) == (Job.State.FAILED, 0)
    assert job.message.startswith("Tệp bị hỏng")


def test_a_role_that_ended_meanwhile_loads_nothing(administrator, run_jobs, tmp_path, now):
    upload(administrator, packed(members(tmp_path, **ROWS)))
    Post.objects.update(ends_at=now)
    (job,) = run_jobs()
    assert (job.state, Unit.objects.count()) == (Job.State.FAILED, 0)
    assert default_storage.listdir(FOLDER) == ([], [])


def encrypted(files: dict[str, bytes]) -> bytes:
    """Mark every file as locked by a password, in its own header and in the directory."""
    content = bytearray(packed(files))
    for mark, at in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        start = 0
        while (start := content.find(mark, start)) >= 0:
            content[start + at] |= 1
            start += 4
    return bytes(content)


def renamed(files: dict[str, bytes], name: bytes) -> bytes:
    """Write another name, of the same length and said to be UTF-8, over that of the first file in the directory."""
    content = bytearray(packed(files))
    start = content.find(b"PK\x01\x02")
    content[start + 8 : start + 10] = (0x800).to_bytes(2, "little")
    content[start + 46 : start + 46 + len(name)] = name
    return bytes(content)


def nameless(files: dict[str, bytes]) -> bytes:
    """Take the name of the first file in the directory for a comment on it."""
    content = bytearray(packed(files))
    start = content.find(b"PK\x01\x02")
    content[start + 32 : start + 34] = content[start + 28 : start + 30]
    content[start + 28 : start + 30] = bytes(2)
    return bytes(content)


def compressed(files: dict[str, bytes], how: int) -> bytes:
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w", how) as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    return content.getvalue()


BAD = {
    "not a ZIP": (lambda files: b"code,name\n", "Đây không phải tệp ZIP"),
    "cut off": (lambda files: packed(files)[:-30], "Đây không phải tệp ZIP"),
    "empty": (lambda files: packed({}), "Trong tệp ZIP thiếu: units.csv, items.csv, events.csv."),
    "a file missing": (lambda files: packed({"units.csv": files["units.csv"]}), "thiếu: items.csv, events.csv."),
    "a strange file": (lambda files: packed(files | {"run.exe": b"MZ"}), "Trong tệp ZIP có tệp lạ: run.exe."),
    "in two places": (
        lambda files: packed({"a/units.csv" if name == "units.csv" else name: files[name] for name in files}),
        "phải nằm cùng một chỗ",
    ),
    "a path outside": (lambda files: packed({f"../{name}": files[name] for name in files}), "đường dẫn lạ"),
    "an absolute path": (lambda files: packed({f"/etc/{name}": files[name] for name in files}), "đường dẫn lạ"),
    "a name that is no text": (lambda files: renamed(files, b"\xff"), "Đây không phải tệp ZIP"),
    "no name": (nameless, "Đây không phải tệp ZIP"),
    "a name that is a place": (lambda files: packed(files | {".": b""}), "Đây không phải tệp ZIP"),
    "a way of packing that is not taken": (lambda files: compressed(files, zipfile.ZIP_LZMA), "Đây không phải tệp ZIP"),
    "a password": (lambda files: encrypted(files), "Tệp ZIP có mật khẩu."),
}


@pytest.mark.parametrize("bad", BAD)
def test_a_zip_that_is_no_archive_is_refused_at_the_door(administrator, tmp_path, bad):
    make, said = BAD[bad]
    answer = upload(administrator, make(members(tmp_path, **ROWS)))
    assert (answer.status_code, Job.objects.count()) == (422, 0)
    assert said in answer.text
    assert not default_storage.exists(FOLDER)


def test_a_zip_that_unfolds_too_large_is_refused_unread(administrator, tmp_path, monkeypatch):
    files = members(tmp_path, **ROWS) | {"events.csv": bytes(3 * 1024 * 1024)}
    monkeypatch.setattr(zipped, "MOST_UNPACKED", 2 * 1024 * 1024)
    answer = upload(administrator, packed(files))
    assert (answer.status_code, "Tệp ZIP bung ra quá 2 MB nên không nhận." in answer.text) == (422, True)


def test_a_file_larger_than_allowed_is_refused(administrator, settings):
    settings.UPLOAD_MAX_BYTES = 1024 * 1024
    answer = upload(administrator, bytes(1024 * 1024 + 1))
    assert (answer.status_code, "Mỗi tệp không quá 1 MB." in answer.text) == (422, True)


def test_only_the_administrator_of_the_whole_installation_finds_it(administrator, client):
    history = reverse("completion:history")
    assert history in administrator.get(reverse("completion:closings")).text
    assert administrator.get(history).status_code == 200
    client.force_login(factories.person(factories.unit("Tỉnh ủy"), "administrator"))
    assert history not in client.get(reverse("completion:closings")).text
    assert client.get(history).status_code == 403
