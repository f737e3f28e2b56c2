"""Units ranked fairly: among their siblings and among units of their kind and size, with the last four quarters."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache, partial
from html import escape
from itertools import chain

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from completion.models import Standing
from completion.peers import Apart, Place
from completion.quarters import Quarter
from completion.queries.comparing import Compared, Order, Shown, compared_below, trends_of
from completion.queries.figures import Row
from completion.services import note_taking
from dashboards.choices import RATES, Choice
from dashboards.definitions import above_of
from dashboards.links import Links
from dashboards.opening import opened, versions_among
from dashboards.rows import unit_line
from journal.lists import Listing, listed
from organizations.models import Unit
from vietnamese.display import number_text, quarter_text

PER_PAGE = 50
MOST_APART = 50  # of each reason that are named on the page; the file names all
NOT_RANKED = gettext_lazy("không xếp hạng")


def ranking_file(request, pk) -> Listing:
    page, compared, _kind, _size = _asked(request, pk)
    choice, passport = page["choice"], compared.passport
    whole = compared.whole(page["unit"])
    rows = [(place, row, "") for place, row in whole.ranked]
    rows += [(None, row, str(Standing.Apart(why).label)) for why, apart in whole.apart.items() for row in apart]
    sealed = partial(note_taking, passport.revision_id, page["unit"], "xlsx") if passport.sealed else None
    return Listing(
        title=f"{page['unit'].name}: {RATES[choice.rate]}",
        heads=[
            _("Hạng"), _("Mã đơn vị"), _("Đơn vị"), "n", "N", "X", _("Tỷ lệ"), _("Hạng cùng cấp trên"),
            _("Số đơn vị được xếp"), _("Nhóm ngang hàng"), _("Hạng trong nhóm"), _("Số đơn vị của nhóm được xếp"),
            _("Không xếp hạng vì"),
        ],
        rows=rows,
        line=lambda one: _cells(*one, compared, choice),
        note=sealed,
        above=[*above_of(passport, choice), told_of(compared, choice)],
    )  # fmt: skip


def _cells(number: int | None, row: Row, why: str, compared: Compared, choice: Choice) -> list:
    rate, place = row.rate(choice.rate), compared.order.places[row.unit]
    share = Fraction(rate.n, rate.base) if rate.base else None
    shown = [number, row.code, row.name, rate.n, rate.base, rate.x, share]
    group = group_text(row.unit_kind, place.size, compared.order.bounds)
    return [*shown, place.sibling_rank, place.siblings, group, place.peer_rank, place.peers, why]


@listed(ranking_file)
@require_safe
def ranking(request, pk):
    """Rank the children, or all units of one kind (and size) below, by the exact fraction of a rate."""
    page, compared, unit_kind, size = _asked(request, pk)
    choice, links, order = page["choice"], Links.of(page["choice"]), compared.order
    listed_here = Paginator(order.ranked, PER_PAGE).get_page(request.GET.get("page"))
    units, named = [one for _place, one in listed_here], {why: some[:MOST_APART] for why, some in order.apart.items()}
    quarters = four_quarters(choice.quarter)
    trends = trends_of(units, quarters, choice.rate, kind=choice.kind)
    rows = compared.shown([pk, *units, *chain.from_iterable(named.values())])
    trend_of, group_of = trend_texts(quarters), group_texts(order)
    page |= {
        "passport": compared.passport,
        "versions": versions_among(compared.sealed, compared.passport.revision),
        "unit_kind": unit_kind,
        "unit_kinds": Unit.Kind.choices,
        "size": size,
        "sizes": [(number, size_text(number, order.bounds)) for number in range(len(order.bounds) + 1)],
        "own": _own(order, rows[pk], group_of),
        "how": told_of(compared, choice),
        "page_obj": listed_here,
        "rows": [
            _line(place, rows[one], order, links) | {"group": group_of(rows[one]), "trend": trend_of(trends[one])}
            for place, one in listed_here
        ],
        "apart": [
            (Standing.Apart(why).label, len(order.apart[why]), [_apart(rows[one], links) for one in some])
            for why, some in named.items()
        ],
    }
    return render(request, "dashboards/ranking.html", page, status=200 if page["form"].is_valid() else 422)


def four_quarters(quarter: Quarter) -> list[Quarter]:
    """Return a quarter and the three before it, the oldest first."""
    found = [quarter]
    while len(found) < 4:
        found.insert(0, found[0].before)
    return found


def size_text(size: int, bounds) -> str:
    """Return "từ 10 đến 29 việc": a class of size, by the works of the year's plan."""
    if not size:
        return _("dưới %(to)s việc") % {"to": number_text(bounds[0])}
    said = {"from": number_text(bounds[size - 1])}
    if size == len(bounds):
        return _("từ %(from)s việc") % said
    return _("từ %(from)s đến %(to)s việc") % (said | {"to": number_text(bounds[size] - 1)})


def group_text(unit_kind: str, size: int, bounds) -> str:
    """Return "Chi bộ trực thuộc, từ 10 đến 29 việc"."""
    return f"{Unit.Kind(unit_kind).label}, {size_text(size, bounds)}"


def group_texts(order: Order) -> Callable[[Shown], str]:
    """Return what gives the text of a unit's group of peers; each is put into words once."""
    words = cache(lambda unit_kind, size: group_text(unit_kind, size, order.bounds))
    return lambda row: words(row.unit_kind, order.places[row.unit].size)


def told_of(compared: Compared, choice: Choice) -> str:
    """Return one sentence: whether the ranks were sealed with the figures, or computed from them."""
    if compared.order.is_stored:
        return _("Hạng được lưu khi chốt.")
    if not compared.passport.sealed:
        return _("Hạng tạm tính, tính từ số liệu hiện có.")
    if choice.rate == "r2" and choice.kind == "ALL":
        return _("Bản này chốt trước khi cổng lưu hạng: hạng được tính lại từ số liệu đã chốt.")
    return _("Khi chốt chỉ lưu hạng theo R2 của tất cả các việc: hạng này được tính từ số liệu đã chốt.")


def _asked(request, pk) -> tuple[dict, Compared, str, int | None]:
    page, unit_kind = opened(request, pk), request.GET.get("unit_kind", "")
    choice, size = page["choice"], request.GET.get("size", "")
    if (unit_kind and unit_kind not in Unit.Kind.values) or (size and not (size.isdecimal() and len(size) < 3)):
        raise Http404
    size = int(size) if size and unit_kind else None
    compared = compared_below(
        page["unit"],
        choice.quarter,
        rate=choice.rate,
        kind=choice.kind,
        unit_kind=unit_kind or None,
        size=size,
        number=choice.revision,
    )
    if compared is None:
        raise Http404
    return page, compared, unit_kind, size


def _own(order: Order, row: Shown, group_of: Callable[[Shown], str]) -> dict:
    place: Place = order.places[row.unit]
    return {
        "siblings": _of(place.sibling_rank, place.siblings),
        "peers": _of(place.peer_rank, place.peers),
        "group": group_of(row),
        "apart": Standing.Apart(place.apart).label if place.apart is not Apart.NO and place.apart else "",
        "is_alone": row.parent is None,
    }


def _of(rank: int | None, ranked: int) -> str:
    return str(NOT_RANKED) if rank is None else f"{number_text(rank)}/{number_text(ranked)}"


def _line(number: int, row: Shown, order: Order, links: Links) -> dict:
    place = order.places[row.unit]
    line = unit_line(row.unit, row.name, row.rate, links) | {"unit": row.unit, "code": row.code}
    return line | {"place": number_text(number), "peers": _of(place.peer_rank, place.peers)}


def trend_texts(quarters: Sequence[Quarter]) -> Callable[[list[tuple]], SafeString]:
    """Return what gives a line for each quarter: "Quý I/2026: 98,2%", and whether it is provisional."""
    provisional = format_html(' <span class="quiet">{}</span>', _("tạm tính"))
    ends = (f"{provisional}</span>", "</span>")
    begun = {
        one: f'<span class="d-block text-nowrap">{escape(quarter_text(one.number, one.year))}: ' for one in quarters
    }
    return lambda known: SafeString(
        "".join(f"{begun[quarter]}{escape(rate.text)}{ends[sealed]}" for quarter, rate, sealed in known)
    )


def _apart(row: Shown, links: Links) -> dict:
    line = unit_line(row.unit, row.name, row.rate, links)
    return {name: line[name] for name in ("address", "name", "text", "counts")}
