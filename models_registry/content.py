"""A dossier as plain values: what a version freezes, and what every page, print and comparison shows of it.

`content_of` reads the rows once; `describe` turns what it returned, live or frozen, into sections of labelled rows.
The keys of sections and rows are stable: remarks, problems and comparisons are pinned to them.
"""

from dataclasses import dataclass
from decimal import Decimal

from django.db.models import F
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.hidden_names import masked, masks_names
from models_registry.models import Dossier, PracticeModel, Programme, ShortcomingLink, WorkItem, public_subject
from vietnamese.display import DASH, day_text, number_text

PRACTICE_FIELDS = (
    "situation",
    "goal",
    "learning",
    "following",
    "example_setting",
    "solutions",
    "place",
    "target_group",
    "beneficiaries",
    "resources",
    "upkeep",
    "spread",
)


__all__ = ["Row", "Section", "content_of", "describe", "masked", "masks_names", "sections_of"]


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


MODEL_SECTIONS = {
    "general": gettext_lazy("Thông tin chung"),
    "reasons": gettext_lazy("Thực trạng và mục tiêu"),
    "contents": gettext_lazy("Ba nội dung"),
    "targets": gettext_lazy("Chỉ tiêu nghị quyết"),
    "shortcomings": gettext_lazy("Tồn tại, hạn chế"),
    "exemplars": gettext_lazy("Cá nhân điển hình"),
    "solutions": gettext_lazy("Giải pháp và nguồn lực"),
    "works": gettext_lazy("Lộ trình, phần việc"),
    "outputs": gettext_lazy("Sản phẩm, kết quả"),
    "upkeep": gettext_lazy("Duy trì và nhân rộng"),
    "files": gettext_lazy("Tệp đính kèm"),
}
SHEET_SECTIONS = {
    "general": gettext_lazy("Thông tin chung"),
    "collective": gettext_lazy("Việc của tập thể"),
    "issues": gettext_lazy("Vấn đề bức xúc, nổi cộm"),
    "individual": gettext_lazy("Việc của cá nhân"),
    "files": gettext_lazy("Tệp đính kèm"),
}
# Which practice fields stand in which section.
SECTION_FIELDS = {
    "general": ("place", "target_group", "beneficiaries"),
    "reasons": ("situation", "goal"),
    "contents": ("learning", "following", "example_setting"),
    "solutions": ("solutions", "resources"),
    "upkeep": ("upkeep", "spread"),
}
ITEM_SECTIONS = {"works": "COL", "collective": "COL", "issues": "ISS", "individual": "IND"}


def sections_of(*, is_model: bool) -> dict:
    """Return {key: title} of a dossier's sections, in the order they are filled and read."""
    return MODEL_SECTIONS if is_model else SHEET_SECTIONS


def content_of(dossier: Dossier) -> dict:
    """Return the whole dossier as JSON-ready values, keyed by field names; nine queries at most."""
    content = {
        "kind": dossier.kind,
        "title": dossier.title,
        "unit": dossier.unit.name,
        "round": dossier.round.name,
        "year": dossier.year,
        "co_units": [unit.name for unit in dossier.co_units.all()],
        "tags": dossier.tags,
        "programmes": dossier.programmes,
        "practice": {},
        "targets": [],
        "shortcomings": [],
        "exemplars": [],
        "outputs": [],
        "items": [plain_item(item) for item in _items_in_order(dossier)],
        **attachments_of(dossier),
    }
    if dossier.is_model:
        content.update(_practice(getattr(dossier, "practice", None)))
    return content


def attachments_of(dossier: Dossier) -> dict:
    """Return the part of a dossier's content that names its files; one query."""
    kept = dossier.attachments.kept()
    return {"attachments": [{"id": file.pk, "name": file.name, "size": file.size} for file in kept]}


def content_of_section(dossier: Dossier, key: str, number: int | None = None) -> dict:
    """Return as much of `content_of` as one section's advice is drawn from, of the individual with this number alone.

    One query at most.
    """
    items = dossier.items.filter(kind=ITEM_SECTIONS[key]).select_related("measure") if key in ITEM_SECTIONS else ()
    outputs = dossier.practice.outputs.select_related("measure") if key == "outputs" else ()
    return {
        "kind": dossier.kind,
        "title": dossier.title if key == "general" else "",
        "practice": {name: getattr(dossier.practice, name) for name in SECTION_FIELDS.get(key, ()) if dossier.is_model},
        "items": [plain_item(item) for item in items if number in (None, item.subject_number)],
        "outputs": [_output(one) for one in outputs],
    }


def _output(one) -> dict:
    return {"id": one.pk, "name": one.name, "value": _number(one.value), "measure": one.measure.name}


def _practice(practice: PracticeModel | None) -> dict:
    if practice is None:
        return {}
    return {
        "practice": {name: getattr(practice, name) for name in PRACTICE_FIELDS},
        "targets": [link.target.text for link in practice.target_links.select_related("target").order_by("id")],
        "shortcomings": [
            {"text": link.shortcoming.text, "remedy": link.remedy}
            for link in practice.shortcoming_links.select_related("shortcoming").order_by("id")
        ],
        "exemplars": [
            {"id": one.pk, "name": one.name, "position": one.position, "evidence": one.evidence, "consent": one.consent}
            for one in practice.exemplars.all()
        ],
        "outputs": [_output(one) for one in practice.outputs.select_related("measure")],
    }


def _items_in_order(dossier: Dossier):
    """Return the works with their measure, those of one individual together: one query."""
    items = dossier.items.select_related("measure")
    return items.order_by(F("subject_number").asc(nulls_first=True), "order", "id")


def plain_item(item: WorkItem) -> dict:
    """Return one work as JSON-ready values, keyed by field names."""
    return {
        "id": item.pk,
        "kind": item.kind,
        "title": item.title,
        "assignee": item.assignee,
        "accountable": item.accountable,
        "starts_on": item.starts_on and item.starts_on.isoformat(),
        "due_on": item.due_on and item.due_on.isoformat(),
        "ongoing": item.ongoing,
        "expected_result": item.expected_result,
        "expected_value": _number(item.expected_value),
        "measure": item.measure.name if item.measure else "",
        "subject_name": item.subject_name,
        "subject_position": item.subject_position,
        "subject_number": item.subject_number,
        "subject_is_head": item.subject_is_head,
    }


def _number(value: Decimal | None) -> str | None:
    return None if value is None else f"{value:.2f}".rstrip("0").rstrip(".")


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
        yield Row(f"output.{one['id']}", one["name"], f"{value} {one['measure']}".strip())


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
