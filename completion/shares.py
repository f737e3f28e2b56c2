"""How n/N becomes text, colour and rank: by the exact fraction, rounded last. Plain Python, no queries."""

from collections.abc import Hashable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from fractions import Fraction
from operator import itemgetter


def percent_text(n: int, base: int, *, thresholds: Sequence[int] = (50, 80)) -> str:
    """Return "98,2%": half up, one decimal, more where rounding would cross a threshold; a dash when N = 0."""
    if not base:
        return "—"
    if n == base:
        return "100%"
    if not n:
        return "0,0%"
    shown = _rounded(n, base, 1)
    if not shown:
        return "<0,1%"
    shown = min(shown, Decimal("99.9"))
    for limit in thresholds:
        if n * 100 < limit * base and shown >= limit:
            shown = _rounded(n, base, 2)
            if shown >= limit:
                shown = Decimal(n * 100_000 // base).scaleb(-3)  # cut, not rounded
    return f"{shown}%".replace(".", ",")


def printed_gap(printed: str, n: int, base: int) -> Decimal | None:
    """Return by how many points a rate printed elsewhere ("98,2%", "97%") is above n/N rounded half up to as many
    decimals: 0 where the rounding is all there is between them, None where there is nothing to compare."""
    number = printed.strip(" %").replace(",", ".")
    if not number or not base:
        return None
    return Decimal(number) - _rounded(n, base, len(number.partition(".")[2]))


def prints_otherwise(printed: str, n: int, base: int) -> bool:
    """Whether a rate printed elsewhere is not n/N, but for the rounding."""
    return bool(printed_gap(printed, n, base))


def is_cut(printed: str, n: int, base: int) -> bool:
    """Whether a rate printed elsewhere is n/N with its further decimals cut off, not rounded."""
    digits = len(printed.strip(" %").replace(",", ".").partition(".")[2])
    return Decimal(printed.strip(" %").replace(",", ".")) == Decimal(n * 100 * 10**digits // base).scaleb(-digits)


def level(n: int, base: int, *, low: int = 50, high: int = 80) -> str:
    """Return "none", "low", "middle" or "high" by the exact fraction: what colours and alerts go by."""
    if not base:
        return "none"
    if n * 100 < low * base:
        return "low"
    return "high" if n * 100 >= high * base else "middle"


def difference_text(n: int, base: int, before_n: int, before_base: int) -> str:
    """Return "−20,0 điểm %": the exact rates are subtracted and the result rounded; a dash when one has no N."""
    if not base or not before_base:
        return "—"
    points = (Fraction(n, base) - Fraction(before_n, before_base)) * 100
    shown = _half_up(abs(points.numerator) * 10, points.denominator)
    sign = "" if not shown else "−" if points < 0 else "+"
    return f"{sign}{shown // 10},{shown % 10} điểm %"


@dataclass(slots=True)
class Ranking:
    """Units by rate: `ranked` as (rank, key), best first; the others stand apart, in the order they came."""

    ranked: list[tuple[int, Hashable]] = field(default_factory=list)
    few: list[Hashable] = field(default_factory=list)  # "ít việc"
    nothing_due: list[Hashable] = field(default_factory=list)  # "không có việc đến hạn"
    unregistered: list[Hashable] = field(default_factory=list)  # "chưa đăng ký"


def rank(entries: Iterable[tuple[Hashable, int, int, bool]], *, few: int = 5) -> Ranking:
    """Rank (key, n, N, registered) by exact fraction; equal fractions share a rank (1, 1, 3)."""
    ranking, contenders = Ranking(), []
    for key, n, base, registered in entries:
        if not registered:
            ranking.unregistered.append(key)
        elif not base:
            ranking.nothing_due.append(key)
        elif base < few:
            ranking.few.append(key)
        else:
            contenders.append((cut(n, base), key))
    contenders.sort(key=itemgetter(0), reverse=True)
    ranking.ranked += ranks(contenders)
    return ranking


def ranks(contenders: Iterable[tuple[int, Hashable]]) -> Iterator[tuple[int, Hashable]]:
    """Yield (rank, key) of (rate, key) given best first."""
    place, last = 0, None
    for position, (rate, key) in enumerate(contenders, 1):
        if rate != last:
            place, last = position, rate
        yield place, key


def cut(n: int, base: int) -> int:
    """Return n/N in parts of 2⁶⁴, cut: fractions with N below 2³² differ by more than one, so these compare exactly."""
    return (n << 64) // base


def _half_up(numerator: int, denominator: int) -> int:
    return (2 * numerator + denominator) // (2 * denominator)


def _rounded(n: int, base: int, digits: int) -> Decimal:
    return Decimal(_half_up(n * 100 * 10**digits, base)).scaleb(-digits)
