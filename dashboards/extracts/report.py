"""The extract as a paper: what the classification file asks of the year, in the order of such files."""

from collections.abc import Iterator

from django.utils.translation import override

from dashboards.choices import KINDS
from dashboards.choices import RATES as RATE_NAMES
from dashboards.extracts import words
from dashboards.extracts.gathering import Gathered
from dashboards.packs.sheets import source
from models_registry.documents.compose import BLANK, FOLLOWING, MARK
from models_registry.documents.paper import (
    Block,
    Head,
    Heading,
    Note,
    Paper,
    Paragraph,
    Part,
    Signature,
    Signatures,
    Table,
    printable,
)
from models_registry.documents.profiles import ROOM, UNIT_SYMBOLS, Profile, profile_for
from models_registry.models import WorkItem
from reviews.check_codes import shown
from vietnamese.display import DASH, day_text, instant_text, number_text, quarter_text

SYMBOL = "BT"
QUARTERS = tuple(quarter_text(number) for number in (1, 2, 3, 4))


def compose(gathered: Gathered, *, code: str, site: str) -> Paper:
    """Return the extract as a paper; a draft until all four quarters were sealed. No query."""
    head = gathered.letterhead
    profile = profile_for(head.kind, head.day)
    with override("vi"):
        titles = ("BẢN TRÍCH KẾT QUẢ", f"{FOLLOWING} năm {gathered.year}, phục vụ kiểm điểm, xếp loại cuối năm")
        blocks = (*_body(gathered), _signatures(gathered, profile))
        parts = (Part(titles, blocks, _head(gathered, profile)), *_annexes(gathered))
        trace = f"Trích lúc {instant_text(gathered.at)}. Mã kiểm tra {shown(code)}"
        trace += f", xem tại {site}" if site else ""
        title = f"Bản trích năm {gathered.year}: {printable(gathered.unit.name)}"
        return Paper(title, profile, parts, mark="" if gathered.is_final else MARK, trace=trace)


def _head(gathered: Gathered, profile: Profile) -> Head:
    head = gathered.letterhead
    return Head(
        superior=profile.superior(head.superior, head.kind).upper(),
        issuer=printable(head.issuer).upper(),
        number=profile.number.format(document=SYMBOL, unit=UNIT_SYMBOLS.get(head.kind, BLANK)),
        place_and_day=f"{BLANK}, ngày{ROOM}tháng{ROOM}năm {head.day.year}",  # whoever signs writes the day
    )


def _signatures(gathered: Gathered, profile: Profile) -> Signatures:
    signer, signing = gathered.letterhead.signer, profile.signing[gathered.letterhead.kind]
    lines = signing.lines(signer.role, signer.title)
    receivers = tuple(filter(None, [printable(gathered.letterhead.superior), "Hồ sơ kiểm điểm, xếp loại", "Lưu."]))
    return Signatures((Signature(lines, signer.name),), receivers)


def _body(gathered: Gathered) -> Iterator[Block]:
    yield Paragraph(_opening(gathered))
    sections = (
        ("Mô hình, cam kết trong năm và quyết định duyệt", _dossiers),
        ("Kết quả theo quý và cả năm", _rates),
        ("Báo cáo quý", _reports),
        ("Ghi nhận, khen thưởng", _recognitions),
        ("Đính chính số liệu đã chốt", _corrections),
        ("Nguồn số liệu", _sources),
    )
    for number, (title, blocks) in enumerate(sections, start=1):
        yield Heading(f"{number}. {title}")
        yield from blocks(gathered)


def _opening(gathered: Gathered) -> str:
    said = f"{printable(gathered.letterhead.issuer)}"
    if gathered.members is not None:
        said += f", {number_text(gathered.members)} đảng viên"
    said += f": trích từ cổng theo dõi việc làm theo Bác những gì hồ sơ kiểm điểm, xếp loại năm {gathered.year} cần. "
    said += "n là số đã làm được, N là số phải làm, X là số được loại trừ hoặc được miễn, không nằm trong N."
    if not gathered.is_final:
        said += " Có quý chưa chốt nên đây mới là dự thảo; lập lại sau khi chốt quý IV."
    return said


def _dossiers(gathered: Gathered) -> Iterator[Block]:
    rows = tuple(
        (
            str(number),
            str(one.dossier.get_kind_display()),
            printable(one.dossier.title),
            printable(words.decided_text(one)),
            number_text(one.works),
        )
        for number, one in enumerate(gathered.dossiers, start=1)
    )
    heads, widths = ("TT", "Loại", "Tên", "Quyết định", "Số việc"), (6, 15, 40, 28, 11)
    if rows:
        works = number_text(sum(one.works for one in gathered.dossiers))
        yield Table(heads, widths, rows, f"Tổng số: {number_text(len(rows))} hồ sơ, {works} việc", right=frozenset({4}))
    else:
        yield Paragraph("Không có mô hình, bản đăng ký nào được duyệt trong năm.")
    yield Paragraph(_counted(gathered))
    if gathered.returned:
        days = ", ".join(day_text(one.announced_at) for one in gathered.returned)
        yield Paragraph(f"Hồ sơ bị yêu cầu bổ sung {number_text(len(gathered.returned))} lần (ngày {days}).")


def _counted(gathered: Gathered) -> str:
    kinds = {kind: sum(item.kind == kind for item, _shown in gathered.works) for kind in WorkItem.Kind.values}
    if not gathered.works:
        return "Chính đơn vị không có việc riêng trong năm."
    told = []
    if kinds["COL"] or kinds["ISS"]:
        issues = number_text(kinds["ISS"])
        told.append(f"{number_text(kinds['COL'])} việc của tập thể, {issues} vấn đề bức xúc, nổi cộm (Biểu số 01)")
    if kinds["IND"]:
        told.append(f"{number_text(gathered.people)} cá nhân có cam kết, {number_text(kinds['IND'])} việc (Biểu số 02)")
    return f"Của chính đơn vị: {'; '.join(told)}."


def _rates(gathered: Gathered) -> Iterator[Block]:
    rows = [
        (
            str(RATE_NAMES[code]),
            *(words.rate_text(row.rate(code)) if row else DASH for _n, _p, row in gathered.quarters),
        )
        for code in words.RATES
    ]
    yield Table(("Tỷ lệ", *QUARTERS), (28, 18, 18, 18, 18), tuple(rows), middle=frozenset())
    if gathered.last is None:
        yield Paragraph("Chưa có số liệu của năm.")
        return
    number, passport, row = gathered.last
    told = "; ".join(f"{RATE_NAMES[code]}: {words.rate_text(row.rate(code))}" for code in words.OF_YEAR)
    yield Paragraph(f"{told}.", f"Cả năm, đến hết {quarter_text(number)} ({words.state_of(passport)}): ")
    lines = tuple(
        (str(label), *(words.rate_text(row.rate_of_kinds(code, kinds)) for code in ("r2", "r3")))
        for label, kinds in KINDS
    )
    yield Table(("Loại việc", "R2 · Lũy kế đến hạn", "R3 · Kế hoạch năm"), (40, 30, 30), lines, middle=frozenset())


def _reports(gathered: Gathered) -> Iterator[Block]:
    rows = []
    for number, _passport, row in gathered.quarters:
        sent = gathered.reports.get(number)
        rows.append((quarter_text(number), *words.report_text(gathered.year, number, sent, row, gathered.at)))
        rows[-1] = (*rows[-1][:2], instant_text(sent), rows[-1][2])
    yield Table(("Quý", "Nghĩa vụ", "Ngày gửi", "Kết quả"), (20, 30, 28, 22), tuple(rows), middle=frozenset({0, 2, 3}))
    refused, revoked = (number_text(gathered.setbacks[kind]) for kind in ("refused", "revoked"))
    yield Paragraph(f"Báo cáo hoàn thành không được xác nhận: {refused} lần; xác nhận bị hủy sau đó: {revoked} lần.")


def _recognitions(gathered: Gathered) -> Iterator[Block]:
    rows = tuple(
        (
            str(number),
            printable(one.title),
            str(one.get_stage_display()),
            printable(", ".join(filter(None, [one.get_level_display(), one.award]))) or DASH,
            printable(", ".join(filter(None, [one.document_symbol, day_text(one.on)]))),
        )
        for number, one in enumerate(gathered.recognitions, start=1)
    )
    heads = ("TT", "Tập thể, cá nhân, mô hình", "Bước", "Cấp, hình thức", "Số quyết định, ngày")
    yield Table(heads, (6, 34, 16, 22, 22), rows) if rows else Paragraph("Không có.")


def _corrections(gathered: Gathered) -> Iterator[Block]:
    rows = tuple(
        (
            str(number),
            quarter_text(one.correction.period.quarter, one.correction.period.year),
            str(one.item_id),
            str(one.get_error_display()),
            f"Bản {one.correction.revision.number}, {day_text(one.correction.revision.computed_at)}",
        )
        for number, one in enumerate(gathered.corrections, start=1)
    )
    heads = ("TT", "Quý", "Việc số", "Sai sót", "Chốt vào")
    yield Table(heads, (6, 16, 14, 38, 26), rows) if rows else Paragraph("Không có.")


def _sources(gathered: Gathered) -> Iterator[Block]:
    for number, passport, _row in gathered.quarters:
        yield Note(f"{source(passport)}." if passport else f"{quarter_text(number)}: chưa có số liệu.")


def _annexes(gathered: Gathered) -> Iterator[Part]:
    own = [one for one in gathered.works if one[0].kind != WorkItem.Kind.INDIVIDUAL]
    if own:
        yield Part(("VIỆC CỦA TẬP THỂ, VẤN ĐỀ BỨC XÚC, NỔI CỘM",), (_works(own),), label="Biểu số 01", landscape=True)
    if gathered.individuals:
        table = _individuals(gathered)
        yield Part(("CAM KẾT CỦA CÁ NHÂN",), (table,), label="Biểu số 02", landscape=True)
    if gathered.children:
        table = _children(gathered)
        yield Part(("CÁC ĐƠN VỊ TRỰC THUỘC",), (table,), label="Biểu số 03", landscape=True)


def _works(works) -> Table:
    rows = tuple(
        (
            str(number),
            str(item.get_kind_display()),
            printable(told["title"]),
            printable(told["accountable"] or ""),
            words.due_text(item),
            words.outcome_text(item),
        )
        for number, (item, told) in enumerate(works, start=1)
    )
    heads = ("TT", "Loại", "Rõ việc", "Rõ trách nhiệm", "Hạn", "Kết quả")
    return Table(heads, (5, 14, 37, 16, 12, 16), rows, f"Tổng số: {number_text(len(rows))} việc")


def _individuals(gathered: Gathered) -> Table:
    rows, seen = [], set()
    for item, told in gathered.individuals:
        who = item.subject_number or f"#{item.pk}"
        is_next = who not in seen
        seen.add(who)
        rows.append(
            (
                str(len(seen)) if is_next else "",
                printable(told["subject"]),
                printable(told["subject_position"] or ""),
                printable(told["title"]),
                words.due_text(item),
                words.outcome_text(item),
            )
        )
    heads = ("TT", "Cá nhân", "Chức danh", "Rõ việc", "Hạn", "Kết quả")
    total = f"Tổng số: {number_text(len(seen))} cá nhân, {number_text(len(rows))} việc"
    return Table(heads, (5, 20, 15, 32, 12, 16), tuple(rows), total)


def _children(gathered: Gathered) -> Table:
    codes = ("r2", "r3", "r6", "r7", "r8")
    rows = tuple(
        (str(number), printable(row.name), *(words.rate_text(row.rate(code)) for code in codes))
        for number, row in enumerate(gathered.children.children, start=1)
    )
    heads = ("TT", "Đơn vị", *(str(RATE_NAMES[code]) for code in codes))
    quarter, _passport, own = gathered.last
    told = "; ".join(f"{code.upper()} {words.rate_text(own.rate(code))}" for code in codes)
    total = f"Tất cả, đến hết {quarter_text(quarter)}: {told}"
    return Table(heads, (5, 25, 14, 14, 14, 14, 14), rows, total)
