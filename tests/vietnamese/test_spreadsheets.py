"""Whatever is typed, a spreadsheet of ours holds it as the text it is and runs nothing of it."""

import csv
import datetime as dt
import io
import re
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from django.conf import settings
from django.core.management import call_command

from completion.models import FrozenUnit
from models_registry.clock import Clock, Days
from models_registry.documents.paper import Chart
from models_registry.documents.word_charts import _drawn
from models_registry.forms.individual_files import FIRST_ROW, workbook
from models_registry.models import Recognition
from models_registry.tables import recognition_workbook
from progress.tables import reports_workbook
from reviews.queries.queue import QueueRow
from reviews.tables import bulk_workbook, queue_workbook
from tests.completion.archives import close
from tests.dashboards.conftest import figures, leader  # noqa: F401
from tests.dashboards.reading import page
from vietnamese.spreadsheets import as_text
from vietnamese.workbooks import Page
from vietnamese.workbooks import workbook as listed

TYPED = (
    "=1+1",
    "+84 900 000 000",
    "-2+3",
    "@SUM(A1)",
    "\t=1+1",
    '=HYPERLINK("https://evil.example","a")',
    "＝1+1",
    "=cmd|' /C calc'!A0",
    "https://evil.example/=1",
    "{=1+1}",
    "12345678901234567890",
    "1e5",
    "TRUE",
)
NOW = dt.datetime(2026, 3, 20, 9, 0, tzinfo=dt.UTC)


def listed_as(text: str) -> bytes:
    return listed([Page(f"'{text}'", text, [text], [[text, 1, None]], [text])]).read()


def reported(text: str) -> bytes:
    unit = SimpleNamespace(
        code=text, name=text, parent_name=text, is_exempt=True, exempt_reason=text, sent_at=None, is_late=False
    )
    return reports_workbook(SimpleNamespace(iterator=lambda chunk_size: [unit]), year=2026, quarter=1).read()


def queued(text: str) -> bytes:
    clock = Clock((), Days(), Days(), Days(), Days())
    row = QueueRow(1, text, "practice_model", "submitted", 1, text, 2026, NOW, None, clock, False, text, "")
    return queue_workbook([row]).read()


def done_at_once(text: str) -> bytes:
    dossier = SimpleNamespace(title=text, unit=SimpleNamespace(name=text))
    line = SimpleNamespace(dossier_id=1, dossier=dossier, get_outcome_display=lambda: text, why=text, at=NOW)
    return bulk_workbook([line]).read()


def recognised(text: str) -> bytes:
    said = {"title": text, "award": text, "document_symbol": text, "note": text, "unit": SimpleNamespace(name=text)}
    codes = {"recipient": "collective", "stage": Recognition.Stage.values[0], "level": "", "on": NOW.date()}
    return recognition_workbook([SimpleNamespace(**said, **codes)], title=text).read()


def filled_in(text: str) -> bytes:
    return workbook([(FIRST_ROW, {"title": text, "assignee": text})], [], {(FIRST_ROW, "title"): text}).read()


def charted(text: str) -> bytes:
    """The workbook behind a chart of a Word document, which opens when the chart is edited."""
    share = SimpleNamespace(value=None, text="")
    block = Chart(title=text, said=text, names=[text], series=[(text, [share])], **_rest_of_chart())
    return _drawn(block)[1]


def _rest_of_chart() -> dict:
    given = {"title", "said", "names", "series"}
    return {name: None for name in Chart.__dataclass_fields__ if name not in given}


WRITERS = {
    "vietnamese/workbooks.py": [listed_as, recognised],
    "progress/tables.py": [reported],
    "reviews/tables.py": [queued, done_at_once],
    "models_registry/forms/individual_files.py": [filled_in],
    "models_registry/documents/word_charts.py": [charted],
}
ELSEWHERE = {
    "dashboards/tables.py": "below, on figures that stand",
    "completion/management/commands/completion_rates.py": "below, on figures that stand",
    "completion/printed/columns.py": "a template: our words alone",
    "organizations/rosters/columns.py": "a template: our words and lists to choose from",
    "completion/province.py": "made-up people of a bench, read by the portal alone",
}


def test_every_module_that_writes_a_spreadsheet_is_tried():
    writes = re.compile(r"xlsxwriter\.Workbook\(|csv\.(?:Dict)?[wW]riter\(|openpyxl\.Workbook\(|write_formula|xlwt")
    found = {
        str(path.relative_to(settings.BASE_DIR))
        for path in settings.BASE_DIR.glob("[a-z]*/**/*.py")
        if "tests" not in path.parts and writes.search(path.read_text(encoding="utf-8"))
    }
    assert found == {*WRITERS, *ELSEWHERE}


def cells_of(book: bytes) -> list:
    return [cell for sheet in openpyxl.load_workbook(io.BytesIO(book)) for row in sheet.iter_rows() for cell in row]


@pytest.mark.parametrize("write", [one for several in WRITERS.values() for one in several])
def test_what_is_typed_is_a_text_in_every_workbook(write):
    for text in TYPED:
        book = write(text)
        cells = [cell for cell in cells_of(book) if cell.value is not None]
        assert [cell.coordinate for cell in cells if cell.data_type in ("f", "e")] == [], text
        assert any(cell.value == text and cell.data_type == "s" for cell in cells), text
        assert not any(cell.hyperlink for cell in cells), text
        with zipfile.ZipFile(io.BytesIO(book)) as parts:
            sheets = [one for one in parts.namelist() if one.startswith("xl/worksheets/sheet")]
            assert not any(b"<f>" in parts.read(one) for one in sheets), text


@pytest.mark.django_db
@pytest.mark.once
def test_what_is_typed_is_a_text_in_the_files_of_figures(leader, figures, capsys):  # noqa: F811
    close("2026-Q2", provisional=True)
    for text in ("=1+1", "+84 900", "@SUM(A1)", "a;=1+1"):
        FrozenUnit.objects.filter(revision__sealed=False, unit__code="A").update(name=text, code=text)
        book = page(leader, "export", figures["G"], form="xlsx", quarter="2026-Q2").content
        cells = cells_of(book)
        assert [cell.coordinate for cell in cells if cell.data_type == "f"] == []
        assert any(cell.value == text for cell in cells)
        lines = page(leader, "export", figures["G"], form="csv", quarter="2026-Q2").content.decode("utf-8-sig")
        call_command("completion_rates", "2026-Q2", format="csv")
        for written in (lines, capsys.readouterr().out):
            rows = list(csv.reader(io.StringIO(written)))
            assert any(as_text(text) in row for row in rows), written
            assert not any(cell[:1] in ("=", "+", "@") for row in rows for cell in row)


@pytest.mark.parametrize("text", ["=1", "+1", "-1", "@a", "\t=1", "\r=1", "\n=1", "＝1"])
def test_a_cell_of_csv_begins_no_formula_in_any_language_of_office(text):
    assert as_text(text).startswith("'")
    for parted in (";", "\t", "\n", "\r"):
        assert parted + text not in as_text(f"a{parted}{text}")
    assert (as_text("a-b; c"), as_text(-1), as_text(None)) == ("a-b; c", -1, None)
