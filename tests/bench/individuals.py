"""Judging a file of five thousand works of individuals, the largest that is taken, and one a tenth as long."""

import time
from decimal import Decimal

from django.utils import timezone

from models_registry.forms.individual_files import FIRST_ROW, read, workbook
from models_registry.forms.individual_lines import Line, cleaned, judge
from models_registry.forms.individual_rows import LONGEST, measures_by_name
from models_registry.models import Dossier, MeasureUnit
from organizations.workbooks import Row

LIMIT = 10  # seconds


def individuals_row() -> str:
    """Return the line of the table: the seconds of the whole file, and beside them those of a tenth of it."""
    (short, short_cpu), (whole, cpu) = judged(LONGEST // 10), judged(LONGEST)
    verdict = "" if whole <= LIMIT else "  <-- over"
    return (
        f"{'5.000 works of individuals judged, s':<46}{whole:>7.1f}{LIMIT:>7}"
        f"   {cpu:.1f} s of CPU; a tenth of them {short:.1f} s, {short_cpu:.2f} s of CPU{verdict}"
    )


def judged(count: int) -> tuple[float, float]:
    """Return the seconds, by the clock and of CPU, to read and judge a file of so many rows, all of them right."""
    sheet = Dossier.objects.filter(kind=Dossier.Kind.REGISTRATION_SHEET).select_related("unit", "round").latest("id")
    file = workbook([(FIRST_ROW + n, _values(sheet.year, n)) for n in range(count)], MeasureUnit.objects.all())
    started, spent = time.perf_counter(), time.process_time()
    lines = [_line(row) for row in read(file).rows]
    cleaned(lines, year=sheet.year, measures=measures_by_name())
    judge(lines, sheet, day=timezone.localdate())
    took = time.perf_counter() - started, time.process_time() - spent
    if len(lines) != count or any(line.errors for line in lines):
        raise RuntimeError(f"{len(lines)} rows of {count}: {[line.errors for line in lines if line.errors][:1]}")
    return took


def _line(row: Row) -> Line:
    return Line(row.number, row.cells)


def _values(year: int, number: int) -> dict:
    return {
        "subject_name": f"Đảng viên mẫu {number}",
        "subject_position": "Đảng viên",
        "title": f"Mỗi tháng kể câu chuyện thứ {number} về Bác trong buổi sinh hoạt chi bộ",
        "accountable": "Chi ủy",
        "starts_on": f"01/02/{year}",
        "due_on": f"31/12/{year}",
        "expected_result": "Mười câu chuyện được kể",
        "expected_value": Decimal(10),
        "measure": "buổi",
    }
