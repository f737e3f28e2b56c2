"""What base.html and the components ask for beyond plain variables."""

from django import template
from django.templatetags.static import static

from portal.navigation import entries_for

register = template.Library()


@register.simple_tag(takes_context=True)
def navigation(context) -> list[dict]:
    """Return the rows of the main navigation for the signed-in person; [] where there is no request."""
    request = context.get("request")
    user = getattr(request, "user", None)
    return entries_for(user, request.path) if user is not None else []


@register.filter
def window(page_obj, reach: int = 1) -> list[int | None]:
    """Return the page numbers to show around the current one, None for each gap: 1 … 4 5 6 … 120."""
    number, last = page_obj.number, page_obj.paginator.num_pages
    shown = sorted({1, last, *range(max(1, number - reach), min(last, number + reach) + 1)})
    numbers: list[int | None] = []
    for page in shown:
        if numbers and page - numbers[-1] > 1:
            # A gap of one page is shorter told by its number.
            numbers.append(page - 1 if page - numbers[-1] == 2 else None)
        numbers.append(page)
    return numbers


@register.filter
def modules(names: str) -> list[str]:
    """Return the addresses of static/js/<name>.js for a comma-separated list of behaviours."""
    return [static(f"js/{name}.js") for name in names.split(",")]


@register.filter
def base_of(rate) -> int:
    """Return N of a rate, whatever its maker calls it: `base`, or `N` in a mapping."""
    found = rate.get("N", rate.get("base")) if isinstance(rate, dict) else getattr(rate, "base", getattr(rate, "N", 0))
    return found or 0
