"""What each document says: the model, the sheet and the plans of its individuals, from a frozen content."""

from collections.abc import Iterator
from itertools import groupby

from django.utils.translation import override

from models_registry.describing import describe, result_text, schedule_text
from models_registry.documents.paper import (
    Block,
    Head,
    Heading,
    Listing,
    Paper,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
    printable,
)
from models_registry.documents.profiles import ROOM, UNIT_SYMBOLS, Profile, profile_for
from models_registry.models import Dossier, WorkItem, public_subject
from models_registry.queries.letterheads import Letterhead
from vietnamese.display import document_date, number_text

MARK = "DỰ THẢO"
# Left for a pen: a word, a line.
BLANK, BLANK_LINE = "…………", "…" * 16
FOLLOWING = "học tập và làm theo tư tưởng, đạo đức, phong cách Hồ Chí Minh"
# Rows of the portal that are no business of a paper, or stand there already.
LEFT_OUT = frozenset({"title", "round", "tags", "co_units"})
FIVE_RO = ("Rõ việc", "Rõ người", "Rõ tiến độ", "Rõ trách nhiệm", "Rõ kết quả")


def compose(content: dict, letterhead: Letterhead, *, which: str, mark: str, trace: str) -> Paper | None:
    """Return the whole dossier ("dossier"), all plans ("plans") or one individual's ("plan-3"); None where none is.

    `content` is masked already where its reader may not see names. No query.
    """
    content = printable_values(content)
    profile = profile_for(letterhead.kind, letterhead.day)
    is_sheet = content.get("kind") == Dossier.Kind.REGISTRATION_SHEET
    with override("vi"):  # what models and sections are called is theirs to say, in the language of documents
        if which == "dossier":
            parts = [*(_sheet if is_sheet else _model)(content, letterhead, profile)]
        else:
            wanted = which.removeprefix("plan-")
            parts = [_plan(own, content, letterhead, profile) for n, own in plans_in(content) if wanted in ("plans", n)]
    if not parts:
        return None
    return Paper(content["title"], profile, tuple(parts), mark=mark, trace=trace)


def plans_in(content: dict) -> Iterator[tuple[str, list[dict]]]:
    """Yield (number, works) of each individual of a sheet, in order."""
    individual = [item for item in content.get("items", []) if item["kind"] == WorkItem.Kind.INDIVIDUAL]
    for number, works in groupby(individual, key=lambda item: item["subject_number"]):
        yield str(number or ""), list(works)


def subject_of(item: dict) -> str:
    """Return how an individual is called on paper: by name, or by post and number where names are hidden."""
    return item["subject_name"] or public_subject(item["subject_position"], item["subject_number"])


def printable_values(value):
    """Return plain values with every text in them as a file can carry it."""
    if isinstance(value, str):
        return printable(value)
    if isinstance(value, dict):
        return {key: printable_values(one) for key, one in value.items()}
    return [printable_values(one) for one in value] if isinstance(value, list) else value


def _head(letterhead: Letterhead, profile: Profile, symbol: str = "") -> Head:
    unit = UNIT_SYMBOLS.get(letterhead.kind, BLANK)
    written = document_date(letterhead.day)
    if not letterhead.dated:  # whoever signs writes the day
        written = f"ngày{ROOM}tháng" + written.partition("tháng")[2]
    return Head(
        superior=profile.superior(letterhead.superior, letterhead.kind).upper(),
        issuer=letterhead.issuer.upper(),
        number=profile.number.format(document=symbol, unit=unit) if symbol else "",
        place_and_day=f"{BLANK}, {written}",
    )


def _signature(letterhead: Letterhead, profile: Profile) -> Signature:
    signer = letterhead.signer
    return Signature(profile.signing[letterhead.kind].lines(signer.role, signer.title), signer.name)


def _model(content: dict, letterhead: Letterhead, profile: Profile) -> Iterator[Part]:
    works = content.get("items", [])
    blocks = [*_introduction(content), *_model_sections(content), Signatures((_signature(letterhead, profile),))]
    titles = ("THUYẾT MINH MÔ HÌNH", content["title"] or BLANK_LINE)
    yield Part(titles, tuple(blocks), _head(letterhead, profile, "MH"))
    if works:
        yield _annex("Biểu số 01", "LỘ TRÌNH, PHẦN VIỆC", _works_table(works, "việc"))


def _introduction(content: dict) -> Iterator[Block]:
    yield Paragraph(content.get("round", ""), "Đợt đăng ký: ")
    if content.get("co_units"):
        yield Paragraph("; ".join(content["co_units"]), "Đơn vị phối hợp: ")


def _model_sections(content: dict) -> Iterator[Block]:
    sections = [one for one in describe(content, mask_names=False) if one.key != "files" or content.get("attachments")]
    for number, section in enumerate(sections, start=1):
        yield Heading(f"{number}. {section.title}")
        yield from DRAWN.get(section.key, _rows)(section, content)


def _rows(section, content: dict) -> Iterator[Block]:
    for row in section.rows:
        if row.key in LEFT_OUT or (row.key == "programmes" and not row.value):
            continue
        first, *more = row.value.split("\n") if row.value else [BLANK_LINE]
        yield Paragraph(first, f"{row.label}: ")
        yield from (Paragraph(line) for line in more if line.strip())


def _lines(section, content: dict) -> Iterator[Block]:
    lines = tuple(line for row in section.rows for line in row.value.split("\n") if line.strip())
    yield Listing(lines) if lines else Paragraph(BLANK_LINE)


def _exemplars(section, content: dict) -> Iterator[Block]:
    people = content.get("exemplars", [])
    rows = [(str(n), one["name"], one["position"], one["evidence"]) for n, one in enumerate(people, start=1)]
    heads = ("TT", "Họ và tên", "Chức danh, vai trò", "Việc làm, hiệu quả thực tế")
    yield Table(heads, (8, 24, 24, 44), tuple(rows)) if rows else Paragraph(BLANK_LINE)


def _outputs(section, content: dict) -> Iterator[Block]:
    outputs = enumerate(zip(content.get("outputs", []), section.rows, strict=True), start=1)
    rows = [
        (str(n), one["name"], row.value.removesuffix(one["measure"]).strip(), one["measure"])
        for n, (one, row) in outputs
    ]
    heads = ("TT", "Sản phẩm, kết quả", "Số lượng", "Đơn vị tính")
    yield Table(heads, (8, 52, 20, 20), tuple(rows), middle=frozenset({0, 2, 3})) if rows else Paragraph(BLANK_LINE)


def _works_elsewhere(section, content: dict) -> Iterator[Block]:
    count = len(section.rows)
    yield Paragraph(f"{number_text(count)} phần việc (Biểu số 01 kèm theo)." if count else BLANK_LINE)


DRAWN = {
    "targets": _lines,
    "shortcomings": _lines,
    "exemplars": _exemplars,
    "works": _works_elsewhere,
    "outputs": _outputs,
    "files": _lines,
}


def _sheet(content: dict, letterhead: Letterhead, profile: Profile) -> Iterator[Part]:
    by_kind = {kind: [one for one in content.get("items", []) if one["kind"] == kind] for kind in WorkItem.Kind.values}
    people = f"{number_text(len(list(plans_in(content))))} cá nhân"
    collective, issues, individual = by_kind["COL"], by_kind["ISS"], by_kind["IND"]
    counted = (
        ("1. Việc của tập thể", collective, f"{number_text(len(collective))} việc (Biểu số 01)."),
        ("2. Vấn đề bức xúc, nổi cộm", issues, f"{number_text(len(issues))} vấn đề (Biểu số 02)."),
        ("3. Việc của cá nhân", individual, f"{people}, {number_text(len(individual))} việc (Biểu số 03)."),
    )
    blocks = [*_introduction(content), Paragraph(f"{letterhead.issuer} đăng ký {FOLLOWING} như sau:")]
    for title, works, said in counted:
        blocks += [Heading(title), Paragraph(said if works else "Không đăng ký.")]
    if content.get("attachments"):
        blocks += [Heading("4. Tài liệu kèm theo"), Listing(tuple(file["name"] for file in content["attachments"]))]
    subject = content["title"].removeprefix("Bản đăng ký").strip() or BLANK_LINE
    blocks.append(Signatures((_signature(letterhead, profile),)))
    yield Part(("BẢN ĐĂNG KÝ", subject), tuple(blocks), _head(letterhead, profile, "BĐK"))
    if collective:
        yield _annex("Biểu số 01", "VIỆC CỦA TẬP THỂ", _works_table(collective, "việc"))
    if issues:
        yield _annex("Biểu số 02", "VẤN ĐỀ BỨC XÚC, NỔI CỘM", _works_table(issues, "vấn đề"))
    if individual:
        yield _annex("Biểu số 03", "VIỆC CỦA CÁ NHÂN", _individuals_table(content))


def _annex(number: str, title: str, table: Table) -> Part:
    return Part((title,), (table,), label=number, landscape=True)


def _works_table(works: list[dict], counted: str) -> Table:
    rows = tuple(
        (str(n), one["title"], one["assignee"], schedule_text(one), one["accountable"], result_text(one))
        for n, one in enumerate(works, start=1)
    )
    return Table(("TT", *FIVE_RO), (5, 28, 15, 14, 15, 23), rows, f"Tổng số: {number_text(len(rows))} {counted}")


def _individuals_table(content: dict) -> Table:
    rows, people = [], 0
    for people, (_number, works) in enumerate(plans_in(content), start=1):
        for place, one in enumerate(works):  # the name on every row: a page may break between two works
            who = ("" if place else str(people), subject_of(one), one["subject_position"])
            rows.append((*who, one["title"], schedule_text(one), one["accountable"], result_text(one)))
    heads = ("TT", "Họ và tên", "Chức danh", "Rõ việc", "Rõ tiến độ", "Rõ trách nhiệm", "Rõ kết quả")
    total = f"Tổng số: {number_text(people)} cá nhân, {number_text(len(rows))} việc"
    return Table(heads, (5, 16, 12, 23, 13, 13, 18), tuple(rows), total)


def _plan(works: list[dict], content: dict, letterhead: Letterhead, profile: Profile) -> Part:
    who = works[0]
    rows = tuple(
        (str(n), one["title"], schedule_text(one), one["accountable"], result_text(one))
        for n, one in enumerate(works, start=1)
    )
    heads = ("TT", "Rõ việc", "Rõ tiến độ", "Rõ trách nhiệm", "Rõ kết quả")
    unit = _signature(letterhead, profile)
    confirmed = Signature(("XÁC NHẬN CỦA ĐƠN VỊ", *unit.lines), unit.name)
    if who["subject_is_head"]:  # nobody confirms the own works
        confirmed = Signature(("XÁC NHẬN CỦA CẤP TRÊN",))
    called = subject_of(who)
    hidden = called == public_subject(who["subject_position"], who["subject_number"])
    blocks = (
        Paragraph(called, "Họ và tên: "),
        Paragraph(who["subject_position"] or BLANK_LINE, "Chức danh: "),
        Paragraph(letterhead.issuer, "Đơn vị: "),
        Paragraph(content.get("round", ""), "Đợt đăng ký: "),
        Paragraph("Tôi đăng ký và cam kết thực hiện các việc sau:"),
        Table(heads, (8, 34, 18, 18, 22), rows, f"Tổng số: {number_text(len(rows))} việc"),
        Signatures((confirmed, Signature(("NGƯỜI ĐĂNG KÝ",), "" if hidden else called))),
    )
    year = content.get("year", letterhead.day.year)
    return Part(("BẢN ĐĂNG KÝ, CAM KẾT CỦA CÁ NHÂN", f"{FOLLOWING} năm {year}"), blocks, _head(letterhead, profile))
