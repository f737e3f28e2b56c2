"""An old register comes in through the page and its quarter is closed, by an administrator who watches."""

import io
import zipfile

import pytest

from tests.completion.archives import item, write_archive
from tests.journeys.filling import TODAY, press, refused

pytestmark = pytest.mark.journey
YEAR = TODAY.year - 2
TREE = [
    ["SC-H", "Huyện ủy trong sổ cũ", "district_committee", "", "2015-01-01", ""],
    ["SC-C", "Chi bộ trong sổ cũ", "cell", "SC-H", "2015-01-01", ""],
]
ITEM = item("SC-1", "20/3", unit="SC-C", year=YEAR)


def register(folder, *items) -> dict:
    """The ZIP of an old register as a browser's file field takes it."""
    write_archive(folder, units=TREE, items=items)
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w") as archive:
        for path in folder.iterdir():
            archive.write(path, path.name)
    return {"name": "so-cu.zip", "mimeType": "application/zip", "buffer": stream.getvalue()}


def hand_in(page, file: dict, *, ends: str) -> str:
    """Hand a file in, wait on its job's page until it ends so, and return what the job says."""
    page.set_input_files("input[type=file]", file)
    assert press(page, "Nạp").status == 302
    page.wait_for_selector(f".job-{ends}")
    return page.inner_text(".job-message")


def test_an_old_register_is_loaded_and_its_quarter_closed_on_a_phone(visit, tmp_path):
    window = visit("administrator", width=360)
    page = window.go("/figures/closing/")
    window.look("closing-quarters")
    window.follow("Nạp sổ cũ từ tệp ZIP")
    page.set_input_files("input[type=file]", {"name": "so-cu.zip", "mimeType": "application/zip", "buffer": b"PK"})
    refused(window, "Nạp", "closing-bad-zip")
    bad = register(tmp_path / "bad", [*ITEM[:2], "XXX", *ITEM[3:]])
    assert "items.csv:2: kind lạ: “XXX”" in hand_in(page, bad, ends="failed")
    window.look("closing-bad-row")
    window.follow("Chọn tệp đã sửa")
    said = hand_in(page, register(tmp_path / "good", ITEM), ends="done")
    assert said == "Đã nạp: 2 đơn vị, 1 việc, 0 sự kiện mới."
    window.follow("Về trang chốt quý")
    window.follow(f"Các quý của {YEAR - 1} và {YEAR}")
    table = page.get_by_role("table", name="Các quý của Huyện ủy trong sổ cũ")
    # Other journeys of this portal may have founded more trees than one page shows.
    while not table.count():
        window.follow("Trang sau")
    row = table.get_by_role("row").filter(has_text=f"Quý I/{YEAR}")
    row.get_by_text("Chốt quý", exact=True).first.click()
    window.look("closing-asked")
    row.locator(".confirm-panel").get_by_role("button", name="Chốt quý").click()
    page.wait_for_selector(".job-done")
    assert "Đã chốt: " in page.inner_text(".job-message")
    window.follow("Về trang chốt quý")
    while not table.count():
        window.follow("Trang sau")
    assert "Đã chốt" in row.inner_text()
    window.look("closing-closed")
