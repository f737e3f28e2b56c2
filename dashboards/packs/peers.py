"""Who is ahead and who needs help, said fairly: among units of one kind and size, and never of few works."""

from collections import defaultdict
from collections.abc import Iterator

from completion.models import Standing
from completion.peers import Apart
from completion.queries.figures import Row
from dashboards.packs.gathering import RANKED, Gathered
from dashboards.packs.words import fraction, joined, sentence
from dashboards.ranking import group_text
from models_registry.documents.paper import printable
from vietnamese.display import number_text

NAMED, NAMED_APART = 3, 5


def own_standing(gathered: Gathered) -> str:
    """Return where the unit itself stands among its siblings and peers, or why it has no rank."""
    compared = gathered.compared
    place = compared.places[compared.own.unit]
    if place.apart:
        return sentence(f"Đơn vị không xếp hạng: {str(Standing.Apart(place.apart).label).lower()}")
    said = []
    if compared.own.parent is not None and place.siblings > 1:
        said.append(f"xếp thứ {number_text(place.sibling_rank)}/{number_text(place.siblings)} đơn vị cùng cấp trên")
    if place.peers > 1:
        group = group_text(compared.own.unit_kind, place.size, compared.bounds)
        said.append(
            f"xếp thứ {number_text(place.peer_rank)}/{number_text(place.peers)} trong nhóm ngang hàng ({group})"
        )
    return sentence(f"Theo R2, đơn vị {joined(said)}") if said else ""


def groups_told(gathered: Gathered) -> Iterator[str]:
    """Yield a sentence for each group of children of one kind and size: who leads, and who needs help."""
    compared = gathered.compared
    groups: dict[tuple[str, int], list[Row]] = defaultdict(list)
    for _rank, row in compared.ranked:
        groups[row.unit_kind, compared.places[row.unit].size].append(row)
    for (kind, size), rows in groups.items():
        yield f"{group_text(kind, size, compared.bounds)}: {_group(rows, gathered)}"


def _group(rows: list[Row], gathered: Gathered) -> str:
    if len(rows) == 1:
        place = gathered.compared.places[rows[0].unit]
        among = f", thứ {number_text(place.peer_rank)}/{number_text(place.peers)} trong nhóm của cả cây tổ chức"
        return sentence(f"{_named(rows[0])}{among if place.peers > 1 else ''}")
    best = [row for row in rows if _same(row, rows[0])]
    rest = [row for row in rows if not _same(row, rows[0])]
    lagging = [row for row in reversed(rest) if row.rate(RANKED).level != "high"][:NAMED]
    said = f"{number_text(len(rows))} đơn vị được xếp hạng; "
    if not rest:
        return sentence(f"{said}các đơn vị ngang nhau, cùng đạt {rows[0].rate(RANKED).text}")
    ahead = [*best, *(row for row in rest if row.rate(RANKED).level == "high")][:NAMED]
    said += f"dẫn đầu là {joined([_named(row) for row in ahead])}"
    lagging = [row for row in lagging if row not in ahead]
    if lagging:
        return sentence(f"{said}; cần được quan tâm, giúp đỡ thêm: {joined([_named(row) for row in lagging])}")
    high = gathered.passport.thresholds[1]
    return sentence(f"{said}; không đơn vị nào dưới mức {high}%")


def apart_told(gathered: Gathered) -> Iterator[str]:
    """Yield a sentence for each reason why children are not ranked, with their names."""
    few = gathered.passport.few_items
    why_said = {Apart.FEW: f"ít việc (dưới {few} việc đến hạn)"}
    for why, rows in gathered.compared.apart.items():
        names = joined([printable(row.name) for row in rows], most=NAMED_APART)
        said = why_said.get(why, str(Standing.Apart(why).label).lower())
        yield sentence(f"{number_text(len(rows))} đơn vị không xếp hạng vì {said}: {names}")


def _same(one: Row, other: Row) -> bool:
    first, second = one.rate(RANKED), other.rate(RANKED)
    return first.n * second.base == second.n * first.base


def _named(row: Row) -> str:
    return f"{printable(row.name)} {fraction(row.rate(RANKED))}"
