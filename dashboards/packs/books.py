"""A pack as a workbook: the report's tables with numbers as numbers, and every work of the plan, one row each."""

from collections.abc import Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import chain, islice

from completion.models import Standing
from completion.queries.explained import CHUNK, Behind
from completion.queries.figures import Rate
from completion.queries.spans import Span
from completion.rates import COUNTERS
from completion.shares import difference_text
from dashboards.beside import printed_cells, printed_heads, printed_note
from dashboards.choices import RATES
from dashboards.definitions import DEFINITIONS, told
from dashboards.packs.gathering import Gathered
from dashboards.packs.report import COMPARED
from dashboards.packs.sheets import OF_CHILDREN, OF_KINDS, OF_QUARTERS, STEPS, besides, rate_of_part, source
from dashboards.packs.words import period_text
from dashboards.ranking import group_text
from models_registry.masking import shown_item
from models_registry.models import WorkItem
from reviews.check_codes import shown
from vietnamese.display import quarter_text
from vietnamese.workbooks import Page

# Rows of works on one sheet; Excel takes 1.048.576.
MOST_ROWS = 1_000_000
# What each work adds to the figures: ones and zeros, so that the column adds up to the number on the report.
ADDS = ("r1_base", "r1_n", "r2_base", "r2_n", "r3_base", "r3_n", "r3_x", "r4_n", "r5_base", "r5_n", "r8_base", "r8_n")
OF_RATE = (": n", ": N", ": X", ": %")


def pages_of(gathered: Gathered, *, code: str, user) -> Iterator[Page]:
    """Yield the sheets, the works last; these are read while they are written, so that memory stays flat."""
    above = [gathered.row.name, f"Nguồn: {source(gathered.passport)}.", f"Mã kiểm tra {shown(code)}"]
    for name, heads, lines in _tables(gathered):
        yield Page(name, f"{name}: {period_text(gathered.spanned)}", heads, lines, above)
    if gathered.printed:
        name, lines = "Số liệu đã công bố", [printed_cells(row) for row in gathered.printed]
        yield Page(name, f"{name} của các năm", printed_heads(), lines, [gathered.row.name, printed_note()])
    works = works_of(gathered, user)
    heads = ["Số việc", "Việc", "Loại việc", "Cá nhân", "Đơn vị", "Hạn", "Hoàn thành", "Xác nhận"]
    heads += [_counter_head(name) for name in ADDS] + ["Vì sao"]
    for number in range(1 + max(0, gathered.works - 1) // MOST_ROWS):
        name = f"Danh sách việc {number + 1}" if number else "Danh sách việc"
        yield Page(name, f"{name}: {period_text(gathered.spanned)}", heads, islice(works, MOST_ROWS), above)


def works_of(gathered: Gathered, user, *, at_a_time: int = CHUNK) -> Iterator[list]:
    """Yield one line for each work of the year's plan, those left out last, as this person may read it."""
    parts = (Behind(gathered.reading, "r3", part, at_a_time=at_a_time) for part in ("N", "X"))
    for one in chain.from_iterable(parts):
        item, state = shown_item(one.item, user), one.state
        adds = [one.judgement.counts[COUNTERS.index(name)] for name in ADDS]
        confirmed = state.confirmed_at
        days = [state.due, state.completed_on if confirmed else None, confirmed]
        kind = str(WorkItem.Kind(one.item.kind).label)
        yield [one.item.pk, item["title"], kind, item["subject"], one.unit_name, *days, *adds, one.reason]


def _tables(gathered: Gathered) -> Iterator[tuple[str, list, list]]:
    is_quarter = gathered.spanned.span == Span.QUARTER
    yield (
        "Tỷ lệ",
        ["Tỷ lệ", "n", "N", "X", "%", "In ra"],
        [[str(RATES[rate.code]), *_numbers(rate), rate.text] for rate in gathered.rates],
    )
    codes = OF_KINDS[is_quarter]
    kinds = [
        [str(kind.label), *_of(gathered.row.rate_of_kinds(code, [kind]) for code in codes)] for kind in WorkItem.Kind
    ]
    yield "Theo loại việc", ["Loại việc", *_heads(codes)], [*kinds, ["Cộng", *_of(map(gathered.row.rate, codes))]]
    if gathered.table.children:
        yield from _units(gathered, OF_CHILDREN[is_quarter])
    if gathered.before:
        yield from _changes(gathered, COMPARED[is_quarter])
    if not is_quarter:
        rows = [
            [quarter_text(quarter.number, quarter.year), revision.number, *_of(map(row.rate, OF_QUARTERS))]
            for quarter, revision, row in gathered.rows.quarters
        ]
        yield "Các quý", ["Quý", "Bản", *_heads(OF_QUARTERS)], rows
    about = [[what, value] for what, value in told(gathered.passport)]
    about += [[str(RATES[code]), str(DEFINITIONS[code])] for code in gathered.codes]
    yield "Xuất xứ số liệu", ["Điều cần biết", "Giá trị"], about


def _units(gathered: Gathered, codes: Sequence[str]) -> Iterator[tuple[str, list, list]]:
    rows = [[row.code, row.name, *_of(map(row.rate, codes))] for row in gathered.table.children]
    for label, counts, papers in besides(gathered):
        rates = [rate_of_part(counts, papers, code, gathered) for code in codes]
        rows.append(["", label, *chain.from_iterable(_numbers(rate) if rate else [None] * 4 for rate in rates)])
    rows.append(["", "Tổng cộng", *_of(map(gathered.row.rate, codes))])
    yield "Đơn vị trực thuộc", ["Mã", "Đơn vị", *_heads(codes)], rows
    compared, ranks = gathered.compared, []
    lines = [(rank, row, "") for rank, row in compared.ranked]
    lines += [(None, row, str(Standing.Apart(why).label)) for why, some in compared.apart.items() for row in some]
    for rank, row, why in lines:
        place = compared.places[row.unit]
        group = group_text(row.unit_kind, place.size, compared.bounds)
        ranks.append([rank, row.code, row.name, *_numbers(row.rate("r2")), group, place.peer_rank, place.peers, why])
    heads = ["Hạng", "Mã", "Đơn vị", "n", "N", "X", "%", "Nhóm ngang hàng", "Hạng trong nhóm", "Số đơn vị của nhóm"]
    yield "Xếp hạng theo R2", [*heads, "Không xếp hạng vì"], ranks


def _changes(gathered: Gathered, codes: Sequence[str]) -> Iterator[tuple[str, list, list]]:
    quarter, _passport, was = gathered.before
    before, now = quarter_text(quarter.number, quarter.year), period_text(gathered.spanned)
    rows = []
    for code in codes:
        one, other = was.rate(code), gathered.rate(code)
        moved = difference_text(other.n, other.base, one.n, one.base)
        rows.append([str(RATES[code]), *_numbers(one), *_numbers(other), moved])
    heads = ["Tỷ lệ", *(f"{when}{part}" for when in (before, now) for part in OF_RATE), "Chênh lệch"]
    yield "So với kỳ trước", heads, rows
    if gathered.sums is not None:
        steps = [[str(STEPS[step]), n, base, works] for step, n, base, works in gathered.sums.told()]
        lines = [[before, *gathered.sums.start, None], *steps, [now, *gathered.sums.end, None]]
        yield "Vì sao R2 thay đổi", ["Bước", "n", "N", "Số việc"], lines


def _heads(codes: Iterable[str]) -> list[str]:
    return [f"{RATES[code]}{part}" for code in codes for part in OF_RATE]


def _of(rates: Iterable[Rate]) -> Iterator:
    return chain.from_iterable(map(_numbers, rates))


def _numbers(rate: Rate) -> list:
    return [rate.n, rate.base, rate.x, Fraction(rate.n, rate.base) if rate.base else None]


def _counter_head(name: str) -> str:
    code, part = name.split("_")
    return f"{code.upper()}: {'N' if part == 'base' else part if part == 'n' else 'X'}"
