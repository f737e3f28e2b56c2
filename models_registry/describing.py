"""A dossier's content, live or frozen, as sections of labelled rows: what pages, prints and comparisons show of it.

The keys of sections and rows are stable: remarks, problems and comparisons are pinned to them.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _

from models_registry.hidden_names import masked
from models_registry.models import Dossier, PracticeModel, Programme, ShortcomingLink, WorkItem, public_subject
from models_registry.sections import ITEM_SECTIONS, PRACTICE_FIELDS, SECTION_FIELDS, sections_of
from vietnamese.display import DASH, day_text, number_text


@dataclass(frozen=True, slots=True)
class Row:
    """One labelled value; `parts` are its (label, value) pieces where it has any, and `value` then joins them.

    `name` is what a row of a list is called among people ("Thu gom rác tại nguồn"), where its label only counts it.
    """

    key: str
    label: str
    value: str
    parts: tuple[tuple[str, str], ...] = ()
    name: str = ""


@dataclass(frozen=True, slots=True)
class Section:
    """One topic of a dossier: the same key names the step of the form that fills it."""

    key: str
    title: str
    rows: tuple[Row, ...]

    @property
    def left_empty(self) -> list[str]:
        """The labels of the rows in which nothing stands."""
        return [row.label for row in self.rows if not row.value]


def describe(content: dict, *, mask_names: bool) -> list[Section]:
    """Return a content's sections of labelled rows, empty values as ""; masked, individuals are post and number.

    No query. The same for the dossier's page, the check before sending, print, appraisal and comparison.
    """
    if mask_names:
        content = masked(content)
    titles = sections_of(is_model=content.get("kind") != Dossier.Kind.REGISTRATION_SHEET)
    return [Section(key, str(title), tuple(ROWS[key](key, content))) for key, title in titles.items()]


def field_label(key: str) -> str:
    """Return how a dossier's own field is called in running text; "" for whatever is no single field."""
    if key == "title":
        return _("tên")
    return str(PracticeModel._meta.get_field(key).verbose_name) if key in PRACTICE_FIELDS else ""


def _general(key: str, content: dict):
    yield Row("title", _("Tên"), content["title"])
    yield Row("round", _("Đợt đăng ký"), content.get("round", ""))
    yield Row("co_units", _("Đơn vị phối hợp"), "\n".join(content.get("co_units", [])))
    labels = dict(Programme.choices)
    yield Row("programmes", _("Chương trình"), "\n".join(str(labels.get(p, p)) for p in content.get("programmes", [])))
    yield Row("tags", _("Từ khóa"), ", ".join(content.get("tags", [])))
    if content.get("kind") != Dossier.Kind.REGISTRATION_SHEET:
        yield from _fields(key, content)


def _fields(key: str, content: dict):
    practice = content.get("practice", {})
    for name in SECTION_FIELDS[key]:
        label = str(PracticeModel._meta.get_field(name).verbose_name)
        yield Row(name, label[:1].upper() + label[1:], practice.get(name, ""))


def _targets(key: str, content: dict):
    yield Row(key, _("Chỉ tiêu được phục vụ"), "\n".join(content.get("targets", [])))


def _shortcomings(key: str, content: dict):
    remedies = dict(ShortcomingLink.Remedy.choices)
    lines = [f"{one['text']} ({remedies.get(one['remedy'], one['remedy'])})" for one in content.get("shortcomings", [])]
    yield Row(key, _("Tồn tại, hạn chế được khắc phục"), "\n".join(lines))


def _exemplars(key: str, content: dict):
    for n, one in enumerate(content.get("exemplars", []), start=1):
        parts = (
            (_("Họ và tên"), one["name"]),
            (_("Chức danh, vai trò"), one["position"]),
            (_("Việc làm, hiệu quả thực tế"), one["evidence"]),
            (_("Đồng ý nêu tên"), _("Đã đồng ý") if one["consent"] else _("Chưa đồng ý, không nêu tên")),
        )
        name = one["name"] or one["position"]
        yield _composed(f"exemplar.{one['id']}", _("Cá nhân %(n)d") % {"n": n}, parts, name)


def _outputs(key: str, content: dict):
    for one in content.get("outputs", []):
        value = number_text(_decimal(one["value"]))
        measured = f"{value} {one['measure']}".strip()
        yield Row(f"output.{one['id']}", one["name"], measured, name=one["name"])


def _items(key: str, content: dict):
    chosen = [item for item in content.get("items", []) if item["kind"] == ITEM_SECTIONS[key]]
    for n, item in enumerate(chosen, start=1):
        yield _composed(f"item.{item['id']}", _("Việc %(n)d") % {"n": n}, tuple(_item_parts(item)), item["title"])


def _item_parts(item: dict):
    if item["kind"] == WorkItem.Kind.INDIVIDUAL:
        yield _("Cá nhân"), item["subject_name"] or public_subject(item["subject_position"], item["subject_number"])
        yield _("Chức danh"), item["subject_position"]
        if item["subject_is_head"]:
            yield _("Người đứng đầu"), _("Đúng")
    if item["assignee"] != item["subject_position"] or not item["assignee"]:
        yield _("Rõ người"), item["assignee"]
    yield _("Rõ việc"), item["title"]
    yield _("Rõ tiến độ"), schedule_text(item)
    yield _("Rõ trách nhiệm"), item["accountable"]
    yield _("Rõ kết quả"), result_text(item)


def result_text(item: dict) -> str:
    """Return the result a work promises, with its number and unit: "Các hộ phân loại rác; 60 hộ"."""
    number = _decimal(item["expected_value"])
    measured = f"{number_text(number)} {item['measure']}".strip() if number is not None else ""
    return "; ".join(filter(None, [item["expected_result"], measured]))


def schedule_text(item: dict) -> str:
    """Return when a work is done: "thường xuyên", its days, or both."""
    start, due = (parse_date(item[name]) if item[name] else None for name in ("starts_on", "due_on"))
    days = " – ".join(day_text(day) for day in (start, due) if day)
    return "; ".join(filter(None, [_("thường xuyên") if item["ongoing"] else "", days]))


def _files(key: str, content: dict):
    yield Row(key, _("Tệp"), "\n".join(file["name"] for file in content.get("attachments", [])))


def _composed(key: str, label: str, parts: tuple[tuple[str, str], ...], name: str) -> Row:
    return Row(key, label, "\n".join(f"{part}: {value or DASH}" for part, value in parts), parts, name)


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


ROWS = {
    "general": _general,
    "reasons": _fields,
    "contents": _fields,
    "targets": _targets,
    "shortcomings": _shortcomings,
    "exemplars": _exemplars,
    "solutions": _fields,
    "works": _items,
    "outputs": _outputs,
    "upkeep": _fields,
    "files": _files,
    "collective": _items,
    "issues": _items,
    "individual": _items,
}
