"""Rows out of what was pasted or uploaded, as text by column; what cannot be read is told, what can is kept."""

import csv
import re
from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from completion.printed.columns import KEY_OF, KEYS, MOST_ROWS, SHEET
from organizations.workbooks import UNREADABLE, Problem, opened, rows_of
from vietnamese.display import number_text
from vietnamese.folding import bare, clean
from vietnamese.pasting import table_of

NUMBERING = {"stt", "tt", "so tt", "so thu tu"}


def pasted_rows(text: str) -> list[dict[str, str]]:
    """Return the rows of a pasted table, with or without a line of heads; ValidationError where there are none."""
    return _rows_of(table_of(text))


def csv_rows(content: bytes) -> list[dict[str, str]]:
    """Return the rows of a CSV file in UTF-8, with commas, semicolons or tabs; ValidationError as above."""
    try:
        text = clean(content.decode("utf-8-sig")).replace("\0", "")
    except UnicodeDecodeError as unknown:
        raise ValidationError(_("Tệp CSV phải là chữ UTF-8. Hãy lưu lại bằng “CSV UTF-8” rồi tải lên.")) from unknown
    first = text.partition("\n")[0]
    delimiter = max(";\t,", key=first.count)
    try:
        lines = list(csv.reader(text.splitlines(keepends=True), delimiter=delimiter))
    except csv.Error as broken:
        raise ValidationError(_("Không đọc được tệp CSV này.")) from broken
    table = [[" ".join(cell.split()) for cell in line] for line in lines]
    return _rows_of([line for line in table if any(line)])


def _rows_of(table: list[list[str]]) -> list[dict[str, str]]:
    heads = _heads(table[0]) if table else []
    if heads:
        table = table[1:]
    else:
        heads = [None, *KEYS] if _is_numbered(table) else list(KEYS)
    rows = [{key: text for key, text in zip(heads, line, strict=False) if key} for line in table]
    return _some(row for row in rows if any(row.values()))


def uploaded_rows(file) -> list[dict[str, str]]:
    """Return the rows of a workbook in our columns; ValidationError names what cannot be read, by its cell."""
    problems: list[Problem] = []
    try:
        book = opened(file)
    except UNREADABLE as broken:
        raise ValidationError(_("Không đọc được tệp này. Hãy mở bằng Excel và lưu lại.")) from broken
    try:
        named = {bare(page.title): page for page in book.worksheets}
        page = named.get(bare(SHEET.name)) or book.worksheets[0]
        rows = [row.cells for row in rows_of(page, SHEET, problems)]
    except UNREADABLE as broken:
        raise ValidationError(_("Tệp bị hỏng ở giữa. Hãy mở bằng Excel và lưu lại.")) from broken
    finally:
        book.close()
    if problems:
        raise ValidationError([problem.text for problem in problems[:20]])
    return _some(rows)


def _some(rows) -> list[dict[str, str]]:
    found = [{key: row.get(key, "") for key in KEYS} for row in rows]
    if not found:
        raise ValidationError(_("Chưa có dòng nào để nhập."))
    if len(found) > MOST_ROWS:
        said = {"most": number_text(MOST_ROWS), "count": number_text(len(found))}
        raise ValidationError(_("Mỗi bảng nhiều nhất %(most)s dòng; ở đây có %(count)s.") % said)
    return found


def _heads(line: Sequence[str]) -> list[str | None]:
    """Return the column each head of a line stands for where it is a line of heads, else nothing."""
    found: list[str | None] = []
    for text in line:
        key = KEY_OF.get(bare(text)) or KEY_OF.get(re.sub(r"\s*\(.*\)$|[:*]", "", bare(text)).strip())
        found.append(key if key not in found else None)
    return found if sum(key is not None for key in found) > 1 else []


def _is_numbered(table: Sequence[Sequence[str]]) -> bool:
    return len(table[0]) > 1 and all(line[0].rstrip(".").isdecimal() for line in table if line[0]) if table else False
