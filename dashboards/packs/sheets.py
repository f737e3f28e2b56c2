"""The tables and charts of a report as blocks of a paper; each table with a last row that adds up what may be added."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from completion.models import Standing
from completion.printed.columns import kind_text
from completion.printed.columns import period_text as printed_period
from completion.queries.figures import OF_PAPERS, Passport, Rate
from completion.rates import COUNTERS, base_of
from completion.shares import difference_text
from dashboards.beside import differs_text
from dashboards.bridging import STEPS
from dashboards.choices import RATES
from dashboards.definitions import state_text, tree_text
from dashboards.packs.gathering import Gathered
from dashboards.packs.words import fraction, period_text
from dashboards.ranking import NOT_RANKED, group_text
from dashboards.waterfall import signed
from models_registry.documents.charts import Chart, Share
from models_registry.documents.paper import Block, Note, Table, printable
from models_registry.models import WorkItem
from vietnamese.display import DASH, instant_text, number_text, quarter_text

MOST_BARS = 20
OF_CHILDREN = {True: ("r1", "r2", "r3", "r4", "r5", "r6", "r7"), False: ("r2", "r3", "r7", "r7m")}
OF_KINDS = {True: ("r1", "r2", "r3", "r4", "r5", "r8"), False: ("r2", "r3")}
OF_QUARTERS = ("r1", "r2", "r4", "r5", "r6", "r6t", "r8")


def source(passport: Passport) -> str:
    """Return where a figure comes from, in one line."""
    hash_ = f"; mã băm {passport.input_hash[:12]}" if passport.input_hash else ""
    return (
        f"{quarter_text(passport.quarter.number, passport.quarter.year)}, {state_text(passport).lower()}; số liệu đến "
        f"{instant_text(passport.as_of)}; tổ chức {tree_text(passport)}; quy tắc {passport.rule_version}{hash_}"
    )


def sourced(gathered: Gathered, *, also: Sequence[Passport] = ()) -> Note:
    return Note("Nguồn: " + ". ".join(source(one) for one in (gathered.passport, *also)) + ".")


def rates_table(gathered: Gathered) -> Table:
    """Return every rate of the period with n, N and X."""
    rows = tuple(
        (str(RATES[rate.code]), *map(number_text, (rate.n, rate.base, rate.x)), rate.text) for rate in gathered.rates
    )
    return Table(
        ("Tỷ lệ", "n", "N", "X", "Kết quả"),
        (48, 13, 13, 11, 15),
        rows,
        middle=frozenset(),
        right=frozenset({1, 2, 3, 4}),
    )


def changes_table(gathered: Gathered, codes: Sequence[str]) -> Table:
    """Return rates beside those of the period to compare with, and the difference of the exact rates."""
    quarter, _passport, row = gathered.before
    heads = ("Tỷ lệ", quarter_text(quarter.number, quarter.year), period_text(gathered.spanned), "Chênh lệch")
    rows = []
    for code in codes:
        now, was = gathered.rate(code), row.rate(code)
        rows.append((str(RATES[code]), fraction(was), fraction(now), difference_text(now.n, now.base, was.n, was.base)))
    return Table(heads, (33, 23, 23, 21), tuple(rows), middle=frozenset(), right=frozenset({1, 2, 3}))


def steps_table(gathered: Gathered) -> Table:
    """Return the steps from the quarter before to this one; the last row is what they add up to."""
    sums, (quarter, _passport, _row) = gathered.sums, gathered.before
    first = (quarter_text(quarter.number, quarter.year), *map(number_text, sums.start), DASH)
    steps = [(str(STEPS[step]), signed(n), signed(base), number_text(works)) for step, n, base, works in sums.told()]
    now = gathered.spanned.quarter
    return Table(
        ("Bước", "n", "N", "Số việc"),
        (52, 16, 16, 16),
        (first, *steps),
        middle=frozenset(),
        right=frozenset({1, 2, 3}),
        sums=(quarter_text(now.number, now.year), *map(number_text, sums.end), ""),
    )


def kinds_table(gathered: Gathered) -> Table:
    """Return the rates of each kind of work; the last row adds the kinds up."""
    codes = OF_KINDS[gathered.spanned.span == "quarter"]
    rows = [
        (kind.label, *(_cell(gathered.row.rate_of_kinds(code, [kind])) for code in codes)) for kind in WorkItem.Kind
    ]
    share = 76 // len(codes)
    return Table(
        ("Loại việc", *(str(RATES[code]) for code in codes)),
        (100 - share * len(codes), *[share] * len(codes)),
        tuple(rows),
        middle=frozenset(range(1, len(codes) + 1)),
        sums=("Cộng", *(_cell(gathered.row.rate(code)) for code in codes)),
    )


def children_table(gathered: Gathered) -> Table:
    """Return each child, what the unit owns itself and what waits; the last row is the unit, their sum."""
    codes = OF_CHILDREN[gathered.spanned.span == "quarter"]
    rows = [
        (str(number), printable(row.name), *(_cell(row.rate(code)) for code in codes))
        for number, row in enumerate(gathered.table.children, start=1)
    ]
    rows += [
        ("", label, *(_part(counts, papers, code, gathered) for code in codes))
        for label, counts, papers in besides(gathered)
    ]
    share = 66 // len(codes)
    return Table(
        ("TT", "Đơn vị", *(str(RATES[code]) for code in codes)),
        (5, 95 - share * len(codes), *[share] * len(codes)),
        tuple(rows),
        middle=frozenset({0, *range(2, len(codes) + 2)}),
        sums=("", "Tổng cộng", *(_cell(gathered.row.rate(code)) for code in codes)),
    )


def besides(gathered: Gathered) -> Iterator[tuple[str, Sequence[int], dict | None]]:
    """Yield (label, counts, papers) of what a unit counts beside its children: its own, and its bucket."""
    if any(gathered.row.own) or any(gathered.row.own_papers.values()):
        yield "Của chính đơn vị", gathered.row.own, gathered.row.own_papers
    if any(gathered.waiting):
        yield "Chưa bàn giao (của đơn vị đã kết thúc)", gathered.waiting, None


def rate_of_part(counts: Sequence[int], papers: dict | None, code: str, gathered: Gathered) -> Rate | None:
    """Return a rate of one of `besides`; None of papers that a bucket cannot owe."""
    if code in OF_PAPERS:
        if papers is None:
            return None
        row, (n, base, x) = gathered.row, OF_PAPERS[code]
        owed = papers[base] - (0 if base == "obliged" else papers[x])
        return Rate.of(code, papers[n], owed, papers[x], row.thresholds)
    n, base, x = (counts[COUNTERS.index(name)] for name in (f"{code}_n", f"{base_of(code)}_base", f"{base_of(code)}_x"))
    return Rate.of(code, n, base, x, gathered.row.thresholds)


def quarters_table(gathered: Gathered) -> Table:
    """Return the quarters of a longer period, each as it was sealed; never added up, as each has its own K."""
    rows = tuple(
        (quarter_text(quarter.number), f"bản {revision.number}", *(_cell(row.rate(code)) for code in OF_QUARTERS))
        for quarter, revision, row in gathered.rows.quarters
    )
    share = 11
    return Table(
        ("Quý", "Bản", *(str(RATES[code]) for code in OF_QUARTERS)),
        (13, 10, *[share] * len(OF_QUARTERS)),
        rows,
        "Không cộng các dòng: mỗi quý là số liệu chốt tại thời điểm của quý ấy.",
        middle=frozenset(range(1, len(OF_QUARTERS) + 2)),
    )


def printed_table(gathered: Gathered) -> Table:
    """Return what reports printed of these years, each beside what its n/N makes and what was sealed of the same."""
    rows = []
    for row in gathered.printed:
        one = row.published
        own = f"{number_text(row.n)}/{number_text(row.base)}\n{row.own_text}" if row.n is not None else DASH
        rows.append(
            (
                f"{printed_period(one.quarter)} {one.year}",
                printable(f"{one.unit.name}: {one.label} ({kind_text(one.kind)})"),
                f"{number_text(one.n)}/{number_text(one.base)}\n{one.printed_rate or DASH}",
                row.text,
                own,
                differs_text(row) or "Không",
                printable(one.source),
            )
        )
    heads = ("Năm, kỳ", "Đơn vị, chỉ tiêu", "Đã công bố", "Tính từ n/N", "Cổng đã chốt", "Khác nhau", "Nguồn")
    return Table(heads, (11, 24, 11, 9, 11, 17, 17), tuple(rows), middle=frozenset({2, 3, 4}))


def ranks_table(gathered: Gathered) -> Table:
    """Return the children by the exact fraction of R2, with where each stands among its peers of the whole tree."""
    compared = gathered.compared
    lines = [(place, row, "") for place, row in compared.ranked]
    lines += [(None, row, str(Standing.Apart(why).label)) for why, rows in compared.apart.items() for row in rows]
    rows = []
    for rank, row, why in lines:
        place = compared.places[row.unit]
        peers = f"{number_text(place.peer_rank)}/{number_text(place.peers)}" if place.peer_rank else ""
        group = group_text(row.unit_kind, place.size, compared.bounds)
        shown = fraction(row.rate("r2"))
        rows.append(
            (number_text(rank) if rank else "", printable(row.name), shown, group, peers or why or str(NOT_RANKED))
        )
    heads = ("Hạng", "Đơn vị", "R2: n/N", "Nhóm ngang hàng", "Hạng trong nhóm của cả cây tổ chức")
    ranked, apart = number_text(len(compared.ranked)), number_text(len(lines) - len(compared.ranked))
    total = f"Được xếp hạng: {ranked} đơn vị; đứng riêng: {apart} đơn vị."
    return Table(heads, (8, 32, 18, 25, 17), tuple(rows), total, middle=frozenset({0, 2, 4}))


def children_chart(gathered: Gathered) -> Block | None:
    """Return the children's R2 as bars, the least advanced first; None without two that have something due."""
    rows = [row for row in gathered.table.children if row.rate("r2").base]
    if len(rows) < 2:
        return None
    rows.sort(key=lambda row: (Fraction(row.rate("r2").n, row.rate("r2").base), row.name))
    more = f" ({MOST_BARS} đơn vị thấp nhất trong {number_text(len(rows))})" if len(rows) > MOST_BARS else ""
    rows = rows[:MOST_BARS]
    names = tuple(printable(row.name) for row in rows)
    shares = tuple(_share(row.rate("r2")) for row in rows)
    title = f"Lũy kế đến hạn (R2) của các đơn vị trực thuộc{more}"
    said = "; ".join(f"{name}: {one.text}" for name, one in zip(names, shares, strict=True))
    return Chart(title, f"{title}. {said}.", names, (("R2", shares),))


def trend_chart(gathered: Gathered) -> Block | None:
    """Return R2 of the sealed quarters of this year beside those of last year; None with fewer than two."""
    year = gathered.spanned.quarter.year
    known = {
        quarter: row.rate("r2")
        for quarter, passport, row in filter(None, gathered.trend)
        if passport.sealed and row.rate("r2").base and quarter.year >= year - 1
    }
    if len(known) < 2:
        return None
    numbers = sorted({quarter.number for quarter in known})
    series = []
    for shown in (year, year - 1):
        of_year = {quarter.number: rate for quarter, rate in known.items() if quarter.year == shown}
        if of_year:
            shares = tuple(_share(of_year[n]) if n in of_year else Share(None, "") for n in numbers)
            series.append((f"Năm {shown}", shares))
    names = tuple(quarter_text(number) for number in numbers)
    title = "Lũy kế đến hạn (R2) đến cuối từng quý đã chốt"
    said = "; ".join(f"{quarter_text(q.number, q.year)}: {fraction(rate)}" for q, rate in sorted(known.items()))
    return Chart(title, f"{title}. {said}.", names, tuple(series))


def _share(rate: Rate) -> Share:
    return Share(Fraction(rate.n, rate.base), f"{rate.text} ({number_text(rate.n)}/{number_text(rate.base)})")


def _part(counts, papers, code: str, gathered: Gathered) -> str:
    rate = rate_of_part(counts, papers, code, gathered)
    return DASH if rate is None else _cell(rate)


def _cell(rate: Rate) -> str:
    """Return n/N, the rate beneath, and X where there is any."""
    if not rate.base:
        return f"{DASH}\nX: {number_text(rate.x)}" if rate.x else DASH
    left_out = f"\nX: {number_text(rate.x)}" if rate.x else ""
    return f"{number_text(rate.n)}/{number_text(rate.base)}\n{rate.text}{left_out}"
