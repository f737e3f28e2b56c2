"""Judges rows of individuals' works against one another and the sheet: new, changed or as they stand, right or wrong.

The same for a page of the table, for what was pasted and for a file. Writes nothing.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum
from functools import cached_property
from operator import attrgetter

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.forms.individual_rows import DAYS, KEYS, IndividualRow, standing, typed_of
from models_registry.models import Dossier, WorkItem, subject_key
from models_registry.validation import item_problems, works_elsewhere, wrong_number_of_works
from vietnamese.display import day_text, number_text
from vietnamese.folding import fold, nfc

WORK_KEYS = tuple(key for key in KEYS if not key.startswith("subject_"))

LEFT_OUT = gettext_lazy(
    "Dòng này không được ghi: việc đã duyệt và đã bắt đầu. Muốn đổi hạn hay dừng thì đề nghị ở trang của việc đó."
)


class Standing(StrEnum):
    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    BEGUN = "begun"  # says something else of a work that began, which no sheet changes

    @property
    def is_written(self) -> bool:
        return self in (Standing.NEW, Standing.CHANGED)


@dataclass
class Line:
    """One row: where it stands, what was typed in its cells, and what became of it.

    Sentences are (field, text): what is wrong, what to look at again, what was understood of what was typed short.
    """

    number: int
    typed: Mapping[str, str]
    values: Mapping = field(default_factory=dict)
    errors: list[tuple[str, str]] = field(default_factory=list)
    warnings: list[tuple[str, str]] = field(default_factory=list)
    notes: list[tuple[str, str]] = field(default_factory=list)
    item: WorkItem | None = None
    standing: Standing = Standing.NEW

    @cached_property
    def subject(self) -> tuple[str, str]:
        return subject_key(self.values.get("subject_name") or "", self.values.get("subject_position") or "")

    @cached_property
    def work(self) -> tuple[str, str, str]:
        return (*self.subject, fold(self.values.get("title") or ""))

    def row(self) -> dict:
        """Return the row as `save_works` takes it."""
        return {**{key: self.values[key] for key in KEYS}, "id": self.item.pk if self.item else None}


def cleaned(
    lines: Sequence[Line], *, year: int, measures: Mapping, advance: Callable[[int], None] = lambda done: None
) -> None:
    """Fill each line's values and errors from what was typed in it, as the table's own rows are."""
    # One form for all: building one costs ten times as much as filling it anew.
    form = IndividualRow({}, year=year, measures=measures)
    for done, line in enumerate(lines, 1):
        form.data = {key: line.typed.get(key, "") for key in KEYS}
        form.full_clean()
        line.values = form.cleaned_data
        line.errors += placed_errors(form)
        advance(done)


def placed_errors(form) -> list[tuple[str, str]]:
    """Return (field, sentence) of what is wrong in one row, at its first cell what is at no field."""
    return [(key if key in KEYS else KEYS[0], text) for key, texts in form.errors.items() for text in texts]


def judge(lines: Sequence[Line], dossier: Dossier, *, day: date, removed: Collection[int] = ()) -> None:
    """Find the work each cleaned line stands for, and add what is wrong between lines; two queries.

    A line that stands already as it is was judged when it was saved, and is not judged again; nor is one about a work
    that began, of which a warning says that it is left out and why.
    """
    works = [item for item in standing(dossier) if item.pk not in removed]
    _match(lines, works)
    new = [line for line in lines if line.standing.is_written]
    named = {line.item.pk for line in lines if line.item}
    stay = [line for line in lines if not line.standing.is_written]
    for line in stay:
        line.errors, line.warnings, line.notes = [], [], []
        if line.standing == Standing.BEGUN:
            line.values = _line_of(line.item).values
            line.warnings.append(("title", str(LEFT_OUT)))
    everyone = [*stay, *(_line_of(item) for item in works if item.pk not in named), *new]
    for check in (_lone_names, _same_work_twice, _other_marks, _heads, _other_positions):
        check(new, everyone)
    _numbers_of_works(new, everyone, dossier)
    for line in new:
        if not line.errors:
            line.warnings += item_problems(_as_plain(line), year=dossier.year, day=day)
        line.notes += _understood(line)


def _match(lines: Sequence[Line], works: Sequence[WorkItem]) -> None:
    """Give each line the work it stands for: by its number, else by whose it is and its title."""
    known = {str(item.pk): item for item in works}
    taken = set()
    for line in lines:
        if (number := line.typed.get("id")) and number not in taken:
            line.item = known.get(number)
            taken |= {number} if line.item else set()
            if line.item is None:
                line.warnings.append(("id", _("Mã dòng này không có trong bản đăng ký; dòng được coi là mới.")))
    by_title = {_line_of(item).work: item for item in works if str(item.pk) not in taken}
    for line in lines:
        if line.item is None:
            line.item = by_title.pop(line.work, None) if line.values.get("title") else None
        line.standing = _standing_of(line)


def _standing_of(line: Line) -> Standing:
    if line.item is None:
        return Standing.NEW
    if not changed_cells(line):
        return Standing.UNCHANGED
    return Standing.CHANGED if line.item.approved_at is None else Standing.BEGUN


def changed_cells(line: Line) -> list[str]:
    """Return the fields in which a line says something else than the work it stands for."""
    stood = typed_of(line.item)
    retyped = [key for key in KEYS if not _reads_alike(key, line.typed.get(key, ""), stood[key])]
    if line.errors or not retyped:
        return retyped
    return [key for key in KEYS if _said(line.values[key]) != _said(getattr(line.item, key))]


def _said(value):
    """Return a value as it is compared: spaces apart do not matter, and nothing is nothing."""
    if isinstance(value, str):
        return " ".join(nfc(value).split())
    return "" if value is None or value is False else value


def _reads_alike(key: str, typed: str, stood: str) -> bool:
    """Whether a cell was left as it stood; a file gives days and numbers in another way than a page."""
    if key in DAYS and typed[4:5] == "-":
        typed = "/".join(reversed(typed.split("-")))
    elif key == "expected_value" and "." not in typed:
        stood = stood.replace(".", "")
    return _said(typed) == _said(stood)


def _line_of(item: WorkItem) -> Line:
    return Line(0, {}, {key: getattr(item, key) for key in KEYS}, item=item, standing=Standing.UNCHANGED)


def _where(line: Line) -> str:
    return _("dòng %(row)d") % {"row": line.number} if line.number else _("bản đăng ký")


def _lone_names(new: Iterable[Line], everyone) -> None:
    for line in new:
        if line.item is None and not any(line.typed.get(key) for key in WORK_KEYS):
            line.errors.append(("title", _("Chưa nhập việc người này đăng ký.")))


def _others(new: Iterable[Line], everyone: Iterable[Line], key) -> Iterator[tuple[Line, Line]]:
    """Yield (new line, the first line of the same key): one that stands already, else the one highest up."""
    first = {}
    for line in everyone:
        if line.values.get("subject_name"):
            first.setdefault(key(line), line)
    for line in new:
        if line.values.get("subject_name") and (other := first.get(key(line), line)) is not line:
            yield line, other


def _name(line: Line) -> str:
    return nfc(line.values["subject_name"]).lower()


def _same_work_twice(new, everyone) -> None:
    said = _("Việc này của người này đã có ở %(where)s.")
    for line, other in _others(new, [one for one in everyone if one.values.get("title")], attrgetter("work")):
        line.errors.append(("title", said % {"where": _where(other)}))


def _other_marks(new, everyone) -> None:
    """Two names that differ in accents alone would be taken for one person."""
    said = _(
        "Họ tên chỉ khác dấu với %(where)s. Nếu là một người, hãy ghi như nhau; nếu là hai người, hãy ghi rõ thêm ở "
        "Chức danh."
    )
    for line, other in _others(new, everyone, attrgetter("subject")):
        if _name(line) != _name(other):
            line.errors.append(("subject_name", said % {"where": _where(other)}))


def _heads(new, everyone) -> None:
    """A unit has one head; whoever is, is so in every row."""
    taken = _("Người đứng đầu đã là người khác, ở %(where)s.")
    head = next((line for line in everyone if line.values.get("subject_is_head")), None)
    for line in new:
        if line.values.get("subject_is_head") and line.subject != head.subject:
            line.errors.append(("subject_is_head", taken % {"where": _where(head)}))
    unlike = _("Cùng một người mà ở %(where)s ghi khác. Hãy ghi như nhau ở mọi dòng của người này.")
    for line, other in _others(new, everyone, attrgetter("subject")):
        differs = bool(line.values.get("subject_is_head")) != bool(other.values.get("subject_is_head"))
        # Of two who may be two people, `_other_marks` has told already.
        if differs and _name(line) == _name(other):
            line.errors.append(("subject_is_head", unlike % {"where": _where(other)}))


def _other_positions(new, everyone) -> None:
    said = _("Họ tên này ở %(where)s có chức danh khác. Nếu là một người, hãy ghi cùng chức danh.")
    for line, other in _others(new, everyone, _name):
        if line.subject != other.subject:
            line.warnings.append(("subject_position", said % {"where": _where(other)}))


def _numbers_of_works(new: Iterable[Line], everyone: Iterable[Line], dossier: Dossier) -> None:
    """More or fewer works than the round allows: told now, refused when the sheet is sent."""
    elsewhere = Counter(works_elsewhere(dossier))
    here = Counter(line.subject for line in everyone)
    last = {line.subject: line for line in new if line.values.get("subject_name")}
    for subject, line in last.items():
        if said := wrong_number_of_works(dossier.round, here[subject], elsewhere[subject]):
            line.warnings.append(("title", said))


def _as_plain(line: Line) -> dict:
    values = dict(line.values)
    days = {key: values[key].isoformat() if values[key] else None for key in DAYS}
    return values | days | {"kind": WorkItem.Kind.INDIVIDUAL, "assignee": ""}


def _understood(line: Line) -> Iterator[tuple[str, str]]:
    """Yield what a day typed short, or a number typed with a point, was taken for."""
    said = _("“%(typed)s” được hiểu là %(value)s.")
    for key in DAYS:
        typed = line.typed.get(key, "")
        value = line.values.get(key) or _day_in(key, typed)
        if value and str(value.year) not in typed:
            yield key, said % {"typed": typed[:20], "value": day_text(value)}
    typed, value = line.typed.get("expected_value", ""), line.values.get("expected_value")
    if value is not None and "." in typed and typed != number_text(value):
        yield "expected_value", said % {"typed": typed[:20], "value": number_text(value)}


def _day_in(key: str, typed: str) -> date | None:
    """Return the day a cell names though it is refused: a day of another year was perhaps meant for this one."""
    try:
        return IndividualRow.base_fields[key].to_python(typed)
    except ValidationError:
        return None
