"""Checks every row of a table against itself, the others and the units; tells what is wrong and what to look at."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from completion.models import PublishedFigure, PublishedTable
from completion.printed.columns import HEADERS, KEYS, KINDS, PERIODS, kind_text, owners, period_text
from completion.printed.numbers import Refused, count_of, rate_of
from completion.printed.places import Places, written
from completion.shares import percent_text, printed_gap
from completion.words import gap_text
from organizations.models import Unit
from vietnamese.display import day_text
from vietnamese.folding import bare

FAR = Decimal(1)  # points of per cent: so far off, somebody mistyped


class Cell(NamedTuple):
    key: str
    label: str
    value: str
    error: str


@dataclass
class Line:
    """One row: what was `typed`, what is wrong at which cell (`problems`), what to look at (`notes`).

    `values` are the columns of a PublishedFigure, whole where nothing is wrong.
    """

    number: int
    typed: Mapping[str, str]
    values: dict = field(default_factory=dict)
    problems: list[tuple[str, str]] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """Return what n/N makes, as we print it."""
        return percent_text(self.values["n"], self.values["base"])

    @property
    def gap(self) -> str:
        return gap_text(self.values["printed_rate"], self.values["n"], self.values["base"])

    @property
    def period(self) -> str:
        return period_text(self.values["quarter"])

    @property
    def cells(self) -> list[Cell]:
        wrong = {}
        for key, sentence in self.problems:
            wrong.setdefault(key, []).append(sentence)
        return [Cell(key, HEADERS[key], self.typed.get(key, ""), " ".join(wrong.get(key, []))) for key in KEYS]


@dataclass
class Checked:
    """The rows of a table, each judged; `stop` says what is wrong with the table as a whole."""

    table: PublishedTable
    lines: list[Line]

    @cached_property
    def bad(self) -> list[Line]:
        return [line for line in self.lines if line.problems]

    @cached_property
    def good(self) -> list[Line]:
        return [line for line in self.lines if not line.problems]

    @property
    def differing(self) -> list[Line]:
        return [line for line in self.good if line.gap]

    @property
    def stop(self) -> str:
        if self.bad:
            said = {"count": len(self.bad), "rows": ", ".join(str(line.number) for line in self.bad[:10])}
            return _("Còn %(count)d dòng phải sửa trước khi gửi: dòng %(rows)s.") % said
        if not self.lines and self.table.replaces_id is None:
            return _("Bảng chưa có dòng nào.")
        return ""

    def rows_written(self) -> list[dict[str, str]]:
        """Return the rows with each unit written by its code, so that a later renaming changes nothing."""
        return [dict(line.typed) | {"unit": written(line.values["unit"])} for line in self.lines]

    def figures(self) -> list[PublishedFigure]:
        """Return what is to be shown, unsaved."""
        source = source_of(self.table)
        return [
            PublishedFigure(table=self.table, year=self.table.year, source=source, order=line.number, **line.values)
            for line in self.lines
        ]


def source_of(table: PublishedTable) -> str:
    """Return "Báo cáo số 120-BC/TU, ngày 05/01/2024 của Tỉnh ủy"."""
    said = {"symbol": table.symbol, "day": day_text(table.issued_on), "issuer": table.issuer}
    return (_("%(symbol)s, ngày %(day)s, %(issuer)s") % said)[:300]


def check(table: PublishedTable, rows: Sequence[Mapping[str, str]] | None = None) -> Checked:
    """Return the table's rows judged; three queries, one more for names not found."""
    rows = table.rows if rows is None else rows
    places = Places(table.unit, table.year, (row.get("unit", "") for row in rows))
    elsewhere = _shown_elsewhere(table)
    kinds_of_units, seen, lines = owners(), {}, []
    for number, row in enumerate(rows, start=1):
        line = Line(number, {key: row.get(key, "") for key in KEYS})
        _read(line, table, places, kinds_of_units)
        if not line.problems:
            _compare(line, seen, elsewhere)
            _note(line, table)
        lines.append(line)
    return Checked(table, lines)


def _read(line: Line, table: PublishedTable, places: Places, kinds_of_units: Mapping[str, str]) -> None:
    readers = {
        "unit": lambda typed: ("unit", places.unit_of(typed)),
        "period": lambda typed: ("quarter", _one_of(typed, PERIODS, _("Cả năm, Quý I, Quý II, Quý III hoặc Quý IV"))),
        "kind": lambda typed: ("kind", _one_of(typed, KINDS, _("việc của tập thể, việc của cá nhân, vấn đề bức xúc"))),
        "owner": lambda typed: ("unit_kind", _one_of(typed, kinds_of_units, _("tên một loại đơn vị, hoặc để trống"))),
        "n": lambda typed: ("n", count_of(typed, _("n (hoàn thành)"))),
        "base": lambda typed: ("base", count_of(typed, _("N (tổng số)"))),
        "rate": lambda typed: ("printed_rate", rate_of(typed)),
    }
    for key, read in readers.items():
        try:
            name, value = read(line.typed[key])
        except Refused as refused:
            line.problems.append((key, str(refused)))
        else:
            line.values[name] = value
    line.values["label"] = line.typed["label"] or kind_text(line.values.get("kind", ""))
    if len(line.values["label"]) > 200:
        line.problems.append(("label", _("Tên chỉ tiêu dài quá 200 ký tự.")))
    n, base = line.values.get("n"), line.values.get("base")
    if n is not None and base is not None and n > base:
        said = {"n": line.typed["n"], "base": line.typed["base"]}
        line.problems.append(
            ("n", _("n (%(n)s) lớn hơn N (%(base)s): n là số đã hoàn thành trong N. Có thể hai cột đổi chỗ.") % said)
        )
    if base == 0 and line.values.get("printed_rate"):
        line.problems.append(("rate", _("N là 0 nên không có tỷ lệ: hãy để trống hoặc xem lại N.")))


def _one_of(typed: str, known: Mapping, offered: str):
    key = bare(typed)
    if key not in known:
        said = {"typed": typed[:40], "offered": offered}
        raise Refused(_("Không hiểu “%(typed)s”. Hãy ghi: %(offered)s.") % said)
    return known[key]


def _key(values: Mapping) -> tuple:
    return values["unit"].pk, values["quarter"], values["label"]


def _compare(line: Line, seen: dict, elsewhere: Mapping[tuple, str]) -> None:
    key = _key(line.values)
    if key in seen:
        said = {"row": seen[key]}
        line.problems.append(("label", _("Trùng với dòng %(row)d: cùng đơn vị, kỳ và chỉ tiêu.") % said))
    elif key in elsewhere:
        said = {"source": elsewhere[key]}
        told = _("Đã hiển thị từ %(source)s. Hãy sửa bảng ấy thành bản mới, hoặc ghi tên chỉ tiêu khác.")
        line.problems.append(("label", told % said))
    seen.setdefault(key, line.number)


def _shown_elsewhere(table: PublishedTable) -> dict[tuple, str]:
    """Return {(unit, quarter, label): source} of what other tables show of the same year; one query."""
    below = Unit.objects.below(table.unit).order_by().values("pk")
    shown = PublishedFigure.objects.shown().filter(year=table.year, unit__in=below)
    if table.replaces_id:
        shown = shown.exclude(table=table.replaces_id)
    found = shown.exclude(table=table.pk).order_by().values_list("unit", "quarter", "label", "source")
    return {(unit, quarter, label): source for unit, quarter, label, source in found}


def _note(line: Line, table: PublishedTable) -> None:
    unit, printed = line.values["unit"], line.values["printed_rate"]
    gap = printed_gap(printed, line.values["n"], line.values["base"])
    if gap and abs(gap) >= FAR:
        line.notes.append(_("Lệch từ 1 điểm % trở lên: hãy so lại n, N và tỷ lệ với văn bản."))
    if unit.valid_from.year > table.year:
        said = {"unit": unit.name, "day": day_text(unit.valid_from)}
        line.notes.append(_("%(unit)s có trong cổng từ ngày %(day)s, sau năm của bảng.") % said)
