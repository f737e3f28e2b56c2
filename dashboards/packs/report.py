"""The report as a paper: what the figures say in sentences, the tables and charts behind it, and who signs."""

from collections.abc import Iterator

from django.utils.translation import override

from completion.queries.spans import Span
from dashboards.beside import printed_note
from dashboards.definitions import DEFINITIONS, told
from dashboards.packs import peers, sheets, words
from dashboards.packs.gathering import Gathered
from dashboards.packs.words import period_text
from models_registry.documents.compose import BLANK, FOLLOWING
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
from vietnamese.display import instant_text, number_text, quarter_text

SYMBOL = "BC"
COMPARED = {True: ("r1", "r2", "r3", "r4"), False: ("r2", "r3")}


def compose(gathered: Gathered, *, code: str, site: str) -> Paper:
    """Return the report of what was gathered; its code and revision stand at the foot of every page. No query."""
    head = gathered.letterhead
    profile = profile_for(head.kind, head.day)
    with override("vi"):
        period = period_text(gathered.spanned)
        titles = ("BÁO CÁO", f"Kết quả {FOLLOWING}, {period}")
        blocks = (*_body(gathered), _signatures(gathered, profile))
        parts = (Part(titles, blocks, _head(gathered, profile)), *_annexes(gathered))
        trace = f"{period}, bản {gathered.passport.revision}. Mã kiểm tra {shown(code)}"
        trace += f", xem tại {site}" if site else ""
        return Paper(f"Báo cáo {period}: {printable(gathered.unit.name)}", profile, parts, mark="", trace=trace)


def _head(gathered: Gathered, profile: Profile) -> Head:
    head = gathered.letterhead
    month = f"{head.day.month:02d}" if head.day.month < 3 else str(head.day.month)
    return Head(
        superior=profile.superior(head.superior, head.kind).upper(),
        issuer=printable(head.issuer).upper(),
        number=profile.number.format(document=SYMBOL, unit=UNIT_SYMBOLS.get(head.kind, BLANK)),
        place_and_day=f"{BLANK}, ngày{ROOM}tháng {month} năm {head.day.year}",  # whoever signs writes the day
    )


def _signatures(gathered: Gathered, profile: Profile) -> Signatures:
    signer, signing = gathered.letterhead.signer, profile.signing[gathered.letterhead.kind]
    lines = signing.lines(signer.role, signer.title)
    if signer.title:
        lines = tuple(filter(None, [signing.on_behalf, signer.title.upper()]))
    receivers = [gathered.letterhead.superior] if gathered.letterhead.superior else []
    receivers += ["Các đơn vị trực thuộc"] if gathered.table.children else []
    return Signatures((Signature(lines, signer.name),), (*map(printable, receivers), "Lưu."))


def _body(gathered: Gathered) -> Iterator[Block]:
    if gathered.letterhead.superior:
        yield Paragraph(printable(gathered.letterhead.superior), "Kính gửi: ")
    yield Paragraph(_opening(gathered))
    for number, (title, blocks) in enumerate(_sections(gathered), start=1):
        yield Heading(f"{number}. {title}")
        yield from blocks


def _opening(gathered: Gathered) -> str:
    name, passport = printable(gathered.unit.name), gathered.passport
    said = f"{name} báo cáo kết quả {FOLLOWING}, {period_text(gathered.spanned)}. "
    said += f"Số liệu lấy từ bản đã chốt số {passport.revision}, tính đến {instant_text(passport.as_of)}; "
    said += "n là số đã làm được, N là số phải làm, X là số được loại trừ hoặc được miễn, không nằm trong N."
    if gathered.spanned.span != Span.QUARTER:
        end = quarter_text(gathered.spanned.quarter.number, gathered.spanned.quarter.year)
        said += f" Cả kỳ được tính tại một thời điểm, lúc chốt {end}; không lấy trung bình của các quý."
    return said


def _sections(gathered: Gathered) -> Iterator[tuple[str, list[Block]]]:
    yield "Tình hình chung", list(_general(gathered))
    yield "Kết quả thực hiện", list(_results(gathered))
    yield "So với kỳ trước", list(_changes(gathered))
    if gathered.table.children:
        yield "Các đơn vị trực thuộc", list(_units(gathered))
    yield "Loại trừ, đính chính, sắp xếp tổ chức", list(_left_out(gathered))
    yield "Những việc còn lại", list(_remaining(gathered))


def _general(gathered: Gathered) -> Iterator[Block]:
    row = gathered.row
    kinds = [(kind, row.rate_of_kinds("r3", [kind])) for kind in WorkItem.Kind]
    each = [f"{number_text(rate.base)} {kind.label[0].lower()}{kind.label[1:]}" for kind, rate in kinds if rate.base]
    works = words.count(row.rate("r3").base, "việc")
    said = f"Kế hoạch năm {gathered.spanned.quarter.year} đến hết kỳ {'có ' if row.rate('r3').base else ''}{works}"
    said += f" đã được duyệt, gồm {words.joined(each)}" if each else " được duyệt"
    below = gathered.unit_count
    if below:
        direct = number_text(len(gathered.table.children))
        yield Paragraph(f"Có {direct} đơn vị trực thuộc; cả hệ thống bên dưới có {number_text(below)} tổ chức.")
    yield Paragraph(words.sentence(said))
    for code in ("r7", "r7m"):
        yield _rate(gathered, code)
    if uncounted := row.papers["uncounted"]:
        yield Paragraph(f"{number_text(uncounted)} chi bộ chưa khai số đảng viên, không tính vào R7 của đảng viên.")
    if own := peers.own_standing(gathered):
        yield Paragraph(own)


def _results(gathered: Gathered) -> Iterator[Block]:
    for code in gathered.codes:
        if code not in ("r7", "r7m"):
            yield _rate(gathered, code)
    yield sheets.rates_table(gathered)
    yield sheets.sourced(gathered)
    for chart in (sheets.trend_chart(gathered),):
        if chart:
            yield chart
    for quarter in gathered.rows.missing:
        yield Paragraph(f"{quarter_text(quarter.number, quarter.year)} đơn vị không có số liệu đã chốt.")


def _rate(gathered: Gathered, code: str) -> Paragraph:
    rate = gathered.rate(code)
    said = words.told(rate)
    if code == "r2" and 0 < rate.base < gathered.passport.few_items:
        said += f" (ít việc: dưới {gathered.passport.few_items} việc thì không so sánh, xếp hạng)"
    return Paragraph(words.sentence(said)[0].lower() + words.sentence(said)[1:], f"{words.COUNTED[code].lead}: ")


def _changes(gathered: Gathered) -> Iterator[Block]:
    if gathered.before is None:
        yield Paragraph("Chưa có kỳ trước đã chốt để so sánh.")
        return
    quarter, passport, row = gathered.before
    codes = COMPARED[gathered.spanned.span == Span.QUARTER]
    with_what = quarter_text(quarter.number, quarter.year)
    if gathered.spanned.span != Span.QUARTER:
        with_what = f"cùng kỳ năm trước (đến hết {with_what})"
    said = [
        f"{words.COUNTED[code].lead.partition(' (')[0]} {words.moved(gathered.rate(code), row.rate(code))}"
        for code in codes
    ]
    yield Paragraph(f"So với {with_what}: {words.joined([one[0].lower() + one[1:] for one in said])}.")
    yield sheets.changes_table(gathered, codes)
    if gathered.sums is not None:
        yield Paragraph(_bridge(gathered))
        yield sheets.steps_table(gathered)
    yield sheets.sourced(gathered, also=[passport])


def _bridge(gathered: Gathered) -> str:
    (n0, base0), (n1, base1) = gathered.sums.start, gathered.sums.end
    steps = gathered.sums.told()
    said = f"R2 đi từ {number_text(n0)}/{number_text(base0)} đến {number_text(n1)}/{number_text(base1)} việc"
    if not steps:
        return f"{said}: không có việc nào thay đổi."
    each = [
        f"{str(sheets.STEPS[step]).lower()} {number_text(works)} việc (n {sheets.signed(n)}, N {sheets.signed(base)})"
        for step, n, base, works in steps
    ]
    return f"{said}, gồm: {'; '.join(each)}. Các bước cộng lại đúng bằng chênh lệch."


def _units(gathered: Gathered) -> Iterator[Block]:
    told_groups = list(peers.groups_told(gathered))
    if told_groups:
        yield Paragraph("So sánh theo R2 giữa các đơn vị cùng loại và cùng quy mô kế hoạch năm:")
    yield from (Paragraph(said) for said in told_groups)
    yield from (Paragraph(said) for said in peers.apart_told(gathered))
    if chart := sheets.children_chart(gathered):
        yield chart
        yield sheets.sourced(gathered)


def _left_out(gathered: Gathered) -> Iterator[Block]:
    reasons = gathered.told.reasons
    total = gathered.told.excluded
    if not total:
        yield Paragraph("Không có việc nào được loại trừ.")
    else:
        each = [f"{number_text(n)} việc: {(why or 'không ghi lý do').lower()}" for why, n in sorted(reasons.items())]
        yield Paragraph(f"{number_text(total)} việc được loại trừ khỏi kế hoạch năm ({'; '.join(each)}).")
    yield Paragraph(_corrected(gathered))
    for part, what in (
        ("inherited", "kế thừa từ đơn vị cũ do sắp xếp tổ chức"),
        ("waiting", "chưa bàn giao, đang tính ở đây"),
    ):
        rate = gathered.parts.rate(part, "r3")
        if rate.base:
            yield Paragraph(
                f"Trong kế hoạch năm có {number_text(rate.base)} việc {what}, đã xong {number_text(rate.n)}."
            )
    if below := gathered.parts.rate("waiting_below", "r3").base:
        yield Paragraph(f"Ở các đơn vị bên dưới có {number_text(below)} việc chưa bàn giao.")


def _corrected(gathered: Gathered) -> str:
    found = gathered.corrected
    if found is None:
        return "Đây là bản chốt đầu tiên; chưa có đính chính nào."
    number = gathered.passport.revision
    if not found.errors:
        return f"Đây là bản {number}; các đính chính từ bản 1 không chạm đến đơn vị."
    each = "; ".join(f"{number_text(n)} việc: {error.lower()}" for error, n in found.errors.items())
    change = (
        f"R2 từ {words.fraction(found.first)} thành {words.fraction(found.now)}, {words.moved(found.now, found.first)}"
    )
    return f"Đây là bản {number}. So với bản 1 đã đính chính {each}. {change}."


def _remaining(gathered: Gathered) -> Iterator[Block]:
    row, due = gathered.row, gathered.row.rate("r2")
    lines = [
        (due.base - due.n, "việc đã đến hạn chưa hoàn thành"),
        (row.not_reported, f"đơn vị chưa gửi báo cáo {quarter_text(gathered.spanned.quarter.number)}"),
        (row.not_registered, "đơn vị phải đăng ký chưa có việc được duyệt"),
    ]
    said = [f"{number_text(n)} {what}" for n, what in lines if n]
    yield Paragraph(
        f"Đến lúc chốt còn {words.joined(said)}." if said else "Không còn việc đến hạn nào chưa hoàn thành."
    )


def _annexes(gathered: Gathered) -> Iterator[Part]:
    tables: list[tuple[str, Table]] = [("KẾT QUẢ THEO LOẠI VIỆC", sheets.kinds_table(gathered))]
    if gathered.table.children:
        tables.append(("KẾT QUẢ CỦA CÁC ĐƠN VỊ TRỰC THUỘC", sheets.children_table(gathered)))
        tables.append(("XẾP HẠNG THEO R2", sheets.ranks_table(gathered)))
    if gathered.spanned.span != Span.QUARTER:
        tables.append(("CÁC QUÝ TRONG KỲ, NHƯ ĐÃ CHỐT", sheets.quarters_table(gathered)))
    annexes = [(title, table, sheets.sourced(gathered)) for title, table in tables]
    if gathered.printed:
        annexes.append(("SỐ LIỆU ĐÃ CÔNG BỐ CỦA CÁC NĂM", sheets.printed_table(gathered), Note(printed_note())))
    for number, (title, *blocks) in enumerate(annexes, start=1):
        yield Part((title,), tuple(blocks), label=f"Biểu số {number:02d}", landscape=True)
    yield Part(("XUẤT XỨ SỐ LIỆU",), tuple(_provenance(gathered)), label="Phụ lục", landscape=True)


def _provenance(gathered: Gathered) -> Iterator[Block]:
    rows = tuple((what, value) for what, value in told(gathered.passport))
    yield Table(("Điều cần biết", "Giá trị"), (22, 78), rows, middle=frozenset())
    if len(gathered.sources) > 1:
        yield Heading("Các bản chốt đã dùng")
        lines = [
            (
                quarter_text(one.period.quarter, one.period.year),
                str(one.number),
                instant_text(one.as_of),
                one.input_hash,
            )
            for one in gathered.sources
        ]
        yield Table(("Quý", "Bản", "Số liệu đến", "Mã băm"), (14, 8, 22, 56), tuple(lines), middle=frozenset({1}))
    yield Heading("Cách tính")
    rows = tuple((words.COUNTED[code].lead, str(DEFINITIONS[code])) for code in gathered.codes)
    yield Table(("Tỷ lệ", "Nghĩa là"), (26, 74), rows, middle=frozenset())
    yield Note("Tỷ lệ làm tròn nửa lên một chữ số thập phân từ phân số n/N; 100% chỉ khi n = N; — khi N = 0.")
