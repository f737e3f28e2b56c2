"""One page that searches models, sheets and works."""

from django.core.paginator import Paginator
from django.http import QueryDict
from django.shortcuts import render
from django.views.decorators.http import require_safe

from models_registry.forms.search import PLACES, SearchForm
from models_registry.queries.search import MODELS, MOST, best_first, lines, matching
from organizations.queries import unit_choices
from vietnamese.searching import asked

PAGE_SIZE = 50
# What is kept of the address where another place is looked into.
KEPT = ("q", "year", "unit")


@require_safe
def search(request):
    """Find what speaks of every word typed, as the address asks; twelve queries at most."""
    user, given = request.user, request.GET
    place = given["in"] if given.get("in") in PLACES else MODELS
    form = SearchForm(given, place=place, units=unit_choices(user, given.get("unit", "")))
    wanted = form.wanted()
    sought = asked(wanted.get("q", ""))
    narrowed = wanted.keys() - {"q"}
    ids = best_first(matching(user, place, wanted), sought) if sought.terms or narrowed else []
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
