"""The table as a page draws it: rows of cells with what was typed, what is wrong and what to know, each at its cell."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from django.forms.formsets import DELETION_FIELD_NAME
from django.utils.translation import gettext as _

from models_registry.forms.individual_lines import Line, Standing
from models_registry.forms.individual_rows import DAYS, KEYS, YES, IndividualRow, typed_of
from models_registry.forms.writing import RowFormSet
from models_registry.models import Remark, WorkItem
from vietnamese.folding import bare

LONG = ("title", "expected_result")
TICKS = ("subject_is_head", "ongoing")


class Cell(NamedTuple):
    key: str
    name: str
    kind: str
    label: str
    value: str
    ticked: bool
    most: int | None
    error: str
    warning: str


class TableRow(NamedTuple):
    """One row of the page; `number` is how sentences call it, `known` the id of the work it stands for."""

    number: int
    prefix: str
    known: str
    standing: str
    taken_out: bool
    cells: tuple[Cell, ...]
    remark: Remark | None


@dataclass
class Table:
    """A page of the table; `first` is the number of its first row."""

    formset: RowFormSet
    lines: Mapping[str, Line]
    first: int = 1
    remarks: Mapping[str, Remark] | None = None

    def rows(self) -> Iterator[TableRow]:
        for number, form in enumerate(self.formset.forms, self.first):
            line = self.lines.get(form.prefix)
            known = form["id"].value() or ""
            if line is not None and line.item is not None:
                known = line.item.pk
            yield TableRow(
                number,
                form.prefix,
                str(known),
                line.standing if line else "",
                bool(form[DELETION_FIELD_NAME].value()),
                tuple(_cells(form, line)),
                (self.remarks or {}).get(f"item.{known}"),
            )

    @property
    def headers(self) -> list[tuple[str, str]]:
        return [(key, str(IndividualRow.base_fields[key].label)) for key in KEYS]

    @property
    def measures(self) -> list[str]:
        units = self.formset.form_kwargs["measures"].values()
        return list(dict.fromkeys(one.name for one in sorted(units, key=lambda one: one.order)))

    @property
    def wrong(self) -> list[tuple[int, str, str, str]]:
        """Return (row, cell's id, its label, sentence) of everything wrong on the page."""
        return [
            (line.number, f"id_{prefix}-{key}", str(IndividualRow.base_fields[key].label), text)
            for prefix, line in self.lines.items()
            for key, text in line.errors
        ]

    @property
    def warned(self) -> int:
        return sum(bool(line.warnings) and line.standing != Standing.BEGUN for line in self.lines.values())

    def count(self, standing: str) -> int:
        return sum(line.standing == standing for line in self.lines.values())

    @property
    def counts(self) -> dict[str, int]:
        return {standing.value: self.count(standing) for standing in Standing}


def _cells(form, line: Line | None) -> Iterator[Cell]:
    for key in KEYS:
        bound = form[key]
        value = bound.value()
        kind = "long" if key in LONG else "tick" if key in TICKS else "day" if key in DAYS else key
        yield Cell(
            key,
            bound.html_name,
            kind,
            str(bound.field.label),
            "" if value is None else str(value),
            kind == "tick" and bare(str(value or "")) in YES,
            getattr(bound.field, "max_length", None),
            _joined(line.errors if line else (), key),
            _joined([*line.warnings, *line.notes] if line else (), key),
        )


def _joined(said: Iterable[tuple[str, str]], key: str) -> str:
    return " ".join(text for place, text in said if place == key)


def lines_on(formset: RowFormSet, *, first: int = 1) -> dict[str, Line]:
    """Return {prefix: line} of the rows of a posted page that say something and are not taken out."""
    formset.is_valid()
    lines = {}
    for number, form in enumerate(formset.forms, first):
        if not form.cleaned_data.get(DELETION_FIELD_NAME) and (form.has_changed() or form.errors):
            typed = {key: form[key].data or "" for key in (*KEYS, "id")}
            line = lines[form.prefix] = Line(number, typed, form.cleaned_data)
            line.errors = [
                (key if key in KEYS else KEYS[0], text) for key, all_ in form.errors.items() for text in all_
            ]
    return lines


def taken_out(formset: RowFormSet) -> set[int]:
    """Return the ids of the works ticked to be taken out."""
    forms = [form for form in formset.forms if form.cleaned_data.get(DELETION_FIELD_NAME)]
    return {form.cleaned_data["id"] for form in forms if form.cleaned_data.get("id")}


def differences(lines: Iterable[Line], works: Iterable[WorkItem]) -> Iterator[dict]:
    """Yield {label, mine, theirs} for each row that reads otherwise than the work that stands now."""
    stands = {str(item.pk): typed_of(item) for item in works}
    for line in lines:
        number = line.typed.get("id", "")
        mine, theirs = _said(line.typed), _said(stands.get(number, {}))
        if mine != theirs:
            yield {"label": _("Dòng %(row)d") % {"row": line.number}, "mine": mine, "theirs": theirs}


def _said(typed: Mapping[str, str]) -> str:
    return "; ".join(typed[key] for key in KEYS if typed.get(key))
