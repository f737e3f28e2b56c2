"""One page that searches models, sheets and works."""

from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.lists import Listing, listed
from models_registry.forms.search import PLACES, SearchForm
from models_registry.queries.search import MODELS, MOST, best_first, lines, matching
from organizations.queries import unit_choices
from vietnamese.searching import asked

PAGE_SIZE = 50
# What is kept of the address where another place is looked into.
KEPT = ("q", "year", "unit")


def _asked(request):
    """Return (place, form, wanted, sought, ids of what was found); four queries at most."""
    user, given = request.user, request.GET
    place = given["in"] if given.get("in") in PLACES else MODELS
    form = SearchForm(given, place=place, units=unit_choices(user, given.get("unit", "")))
    wanted = form.wanted()
    sought = asked(wanted.get("q", ""))
    is_asked = bool(sought.terms or wanted.keys() - {"q"})
    return place, form, wanted, sought, best_first(matching(user, place, wanted), sought) if is_asked else []


def _found_file(request) -> Listing:
    place, _form, _wanted, sought, ids = _asked(request)
    return Listing(
        title=_("Kết quả tìm: %(place)s") % {"place": PLACES[place]},
        heads=[_("Tên"), _("Đơn vị"), _("Loại"), _("Năm"), _("Tình trạng")],
        rows=lines(request.user, place, ids[:MOST], sought) if ids else [],
        line=lambda one: [
            "".join(text for text, _is_sought in one.title),
            one.unit,
            str(one.about),
            one.year,
            str(one.state_label),
        ],
    )


@listed(_found_file)
@require_safe
def search(request):
    """Find what speaks of every word typed, as the address asks; twelve queries at most."""
    user, given = request.user, request.GET
    place, form, wanted, sought, ids = _asked(request)
    narrowed = wanted.keys() - {"q"}
    page = Paginator(ids[:MOST], PAGE_SIZE).get_page(given.get("page"))
    context = {
        "form": form,
        "place": place,
        "tabs": [{"label": PLACES[one], "url": _address(given, one), "current": one == place} for one in PLACES],
        "page_obj": page,
        "found": lines(user, place, page.object_list, sought) if ids else [],
        "asked": bool(sought.terms or narrowed),
        "narrowed": narrowed,
        "more": len(ids) > MOST,
        "most": MOST,
    }
    return render(request, "models_registry/search.html", context)


def _address(given: QueryDict, place: str) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: given[name] for name in KEPT if given.get(name)})
    kept["in"] = place
    return f"?{kept.urlencode()}"
