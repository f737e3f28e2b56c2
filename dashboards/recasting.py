"""The passport of a regrouped figure, and the works behind it: which seals and which former units it was made of."""

from collections.abc import Iterator

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from completion.models import Revision
from completion.queries import Recast, recast_of
from completion.queries.figures import passport_of
from completion.queries.recast_items import Led, RecastItems
from completion.rates import COUNTERS, NOTHING
from dashboards.choices import ITEM_RATES, PARTS, PARTS_OF_CHECKS, RATES, VIEWS
from dashboards.definitions import DEFINITIONS, state_text
from dashboards.opening import opened
from dashboards.passports import begin_paper
from journal.lists import Listing, listed
from models_registry.documents import pdf
from models_registry.masking import shown_item
from organizations.models import Unit
from organizations.paths import ids_of
from vietnamese.display import day_text, instant_text, number_text, quarter_text

PER_PAGE = 50
VIEW = VIEWS["dashboards:regrouped"]


def shown_regrouped(request, pk) -> dict:
    """Return the page of one regrouped rate: its figure and all it was made of; of a request `user` and `GET` alone."""
    page = opened(request, pk, lineage=True)
    choice, day = page["choice"], localdate()
    recast = recast_of(page["unit"], choice.quarter, trend=(), day=day, kind=choice.kind)
    if recast.table is None:
        raise Http404
    return page | {
        "passport": recast.table.passport,
        "rate": recast.table.row.rate(choice.rate),
        "told": list(_told(recast, choice, page["unit"], day)),
        "definition": DEFINITIONS[choice.rate],
        "state": str(VIEW).lower(),
        "view": VIEW,
    }


def _told(recast: Recast, choice, unit: Unit, day) -> Iterator[tuple[str, str]]:
    """Yield (what, value) of where a regrouped figure comes from; a line for each revision and each former unit."""
    passport = recast.table.passport
    low, high = passport.thresholds
    yield _("Kỳ"), quarter_text(passport.quarter.number, passport.quarter.year)
    yield _("Cách tính"), _("%(view)s, từng việc một, không chia theo tỷ lệ; không phải số chính thức") % {"view": VIEW}
    yield _("Cây tổ chức"), _("hiện nay, ngày %(day)s") % {"day": day_text(day)}
    for revision in recast.revisions:
        yield _("Lấy từ"), _source_text(revision)
    for name, now in _former(recast, unit):
        yield _("Đơn vị cũ"), _("%(name)s, nay là %(now)s") % {"name": name, "now": now} if now else name
    yield _("Ngưỡng"), _("thấp: dưới %(low)s%%; cao: từ %(high)s%%") % {"low": low, "high": high}
    yield _("Ít việc"), _("dưới %(few)s việc thì không xếp hạng") % {"few": passport.few_items}
    yield _("Không quy đổi được"), _left_text(recast, choice)


def _source_text(revision: Revision) -> str:
    """Return "Tỉnh ủy A: Đã chốt, bản 1, số liệu đến …, quy tắc …, mã băm …"."""
    passport = passport_of(revision)
    said = {
        "unit": revision.period.root.name,
        "state": state_text(passport).lower(),
        "at": instant_text(passport.as_of),
        "rule": passport.rule_version,
    }
    text = _("%(unit)s: %(state)s, số liệu đến %(at)s, quy tắc %(rule)s") % said
    return _("%(text)s, mã băm %(hash)s") % {"text": text, "hash": passport.input_hash} if passport.sealed else text


def _former(recast: Recast, unit: Unit) -> Iterator[tuple[str, str]]:
    """Yield (name then, name of the unit of today, "" of one split or dissolved) of the former units regrouped here."""
    loose = recast.loose
    taken = {line[2].pk for line in loose.items(recast.revisions) if _is_here(loose, line[1], unit)}
    for place in sorted(loose.ended, key=lambda one: one.path):
        if place.pk in loose.places:
            if place.pk in taken:
                yield place.name, ""
        elif unit.pk in ids_of(place.unit.path):
            yield place.name, loose.units[loose.followed(place.unit_id)].name


def _is_here(loose, now: int | None, unit: Unit) -> bool:
    return now is not None and loose.units[now].path.startswith(unit.path)


def _left_text(recast: Recast, choice) -> str:
    counts = recast.rest.get(choice.quarter, NOTHING)
    n, base, x = (number_text(counts[COUNTERS.index(name)]) for name in ("r3_n", "r3_base", "r3_x"))
    return _("%(n)s/%(base)s việc trong kế hoạch năm, loại trừ %(x)s") % {"n": n, "base": base, "x": x}


def passport_file(request, pk) -> Listing:
    """Return all that the page of a regrouped figure says as a file."""
    page = shown_regrouped(request, pk)
    rate, choice = page["rate"], page["choice"]
    numbers = [("n", rate.n), ("N", rate.base), ("X", rate.x), (str(RATES[rate.code]), rate.text)]
    return Listing(
        title=f"{page['unit'].name}: {RATES[choice.rate]}",
        heads=[_("Điều cần biết"), _("Giá trị")],
        rows=[*numbers, *page["told"]],
        line=list,
        above=[str(VIEW), str(page["definition"]), choice.kind_label],
    )


@listed(passport_file)
@require_safe
def regrouped_passport(request, pk):
    """Show one regrouped rate: n, N and X, each leading to its works, and the seals and former units it is made of."""
    page = shown_regrouped(request, pk)
    rate, choice = page["rate"], page["choice"]
    numbers = {"n": rate.n, "N": rate.base, "rest": rate.base - rate.n, "X": rate.x}
    names = PARTS_OF_CHECKS if choice.rate == "r8" else PARTS
    where = f"{reverse('dashboards:regrouped_items', args=[pk])}?{page['address']}"
    parts = numbers.items() if choice.rate in ITEM_RATES else ()
    page |= {"parts": [(names[part], number, f"{where}&part={part}") for part, number in parts]}
    page |= {"can_draw": pdf.can_draw()}
    return render(request, "dashboards/regrouped_passport.html", page, status=200 if page["form"].is_valid() else 422)


@require_POST
def regrouped_paper(request, pk):
    """Start drawing the passport of a regrouped figure as a PDF; out of sight like the page itself."""
    title = _("Lý lịch số quy đổi của %(rate)s: %(unit)s")
    return begin_paper(request, shown_regrouped(request, pk), title, regrouped=True)


def items_file(request, pk) -> Listing:
    page, found = _items(request, pk)
    return Listing(
        title=f"{page['unit'].name}: {page['part_label']}",
        heads=[_("Số việc"), _("Việc"), _("Cá nhân"), _("Đơn vị lúc ấy"), _("Đơn vị hiện nay"), _("Vì sao")],
        rows=found,
        line=lambda one: _cells(one, shown_item(one.told.item, request.user)),
        above=[str(VIEW), f"{RATES[page['choice'].rate]}. {DEFINITIONS[page['choice'].rate]}"],
    )


def _cells(led: Led, shown: dict) -> list:
    return [led.told.item.pk, shown["title"], shown["subject"], led.told.unit_name, led.now, led.told.reason]


@listed(items_file)
@require_safe
def regrouped_items(request, pk):
    """List exactly the works a regrouped number counts: where each was sealed, where it stands today, and why."""
    page, found = _items(request, pk)
    listed_here = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    page |= {
        "page_obj": listed_here,
        "rows": [(led, shown_item(led.told.item, request.user)) for led in listed_here.object_list],
    }
    return render(request, "dashboards/regrouped_items.html", page, status=200 if page["form"].is_valid() else 422)


def _items(request, pk) -> tuple[dict, RecastItems]:
    page = opened(request, pk, lineage=True)
    choice = page["choice"]
    if choice.rate not in ITEM_RATES:
        raise Http404
    found = RecastItems(page["unit"], choice.quarter, choice.rate, choice.part, day=localdate(), kind=choice.kind)
    if not found.revisions:
        raise Http404
    names = PARTS_OF_CHECKS if choice.rate == "r8" else PARTS
    said = {"part_label": names[choice.part], "parts": names.items(), "definition": DEFINITIONS[choice.rate]}
    return page | said | {"view": VIEW}, found
