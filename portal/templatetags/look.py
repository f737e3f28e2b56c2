"""What base.html and the components ask for beyond plain variables."""

import re
import secrets
from functools import lru_cache
from html import escape
from operator import attrgetter, itemgetter

from django import template
from django.conf import settings
from django.template.loader import render_to_string
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language

from journal.sending import FIELD
from portal.navigation import entries_for
from portal.operating import requests

register = template.Library()
# Nothing that begins with "_": no word of a row does, and Python keeps its own there.
PLACE = re.compile(r"\[\[([a-z]\w*(?:\.[a-z]\w*)*)\]\]", re.ASCII)


@register.simple_tag
def standing(fragment: str, **values) -> SafeString:
    """Return a fragment that depends on nothing but the language and what is given here, rendered once a process.

    Never of the person, the request or its token: the next one would be shown it.
    """
    render = _rendered.__wrapped__ if settings.DEBUG else _rendered
    return render(fragment, get_language(), **values)


# Typed, because a text and the same text marked safe are equal.
@lru_cache(maxsize=512, typed=True)
def _rendered(fragment: str, language: str, **values) -> SafeString:
    return render_to_string(fragment, values)


@register.simple_tag
def icon(name: str, label: str = "") -> SafeString:
    """Return a symbol of static/img/icons.svg; `label`, when the icon stands alone and must be told."""
    return standing("components/icon.html", name=name, label=str(label))


@register.simple_tag
def once() -> SafeString:
    """Return the hidden token by which a form sent twice is known again (journal/sending.py)."""
    return mark_safe(f'<input type="hidden" name="{FIELD}" value="{secrets.token_hex(12)}" autocomplete="off">')  # noqa: S308 - ours


@register.simple_tag
def reference() -> str:
    """Return what finds this request in the log; "" outside of one."""
    return requests.reference()


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


@register.simple_tag(takes_context=True)
def address_to(context, name: str) -> SafeString:
    """Return the address up to the value of a parameter: `{% address_to "page" as to %}`, then `href="{{ to }}2"`."""
    kept = context.request.GET.copy()
    kept.pop(name, None)
    asked = kept.urlencode()
    return format_html("?{}", f"{asked}&{name}=" if asked else f"{name}=")


@register.filter
def modules(names: str) -> list[str]:
    """Return the addresses of static/js/<name>.js for a comma-separated list of behaviours."""
    return [static(f"js/{name}.js") for name in names.split(",")]


@register.filter
def options(field) -> list[dict]:
    """Return the choices of a list's filter as words for `rows`; chosen is what the address says."""
    return [
        {"value": value, "label": label, "selected": "selected" if str(value) == field.data else ""}
        for value, label in field.field.choices
    ]


@register.filter
def base_of(rate) -> int:
    """Return N of a rate, whatever its maker calls it: `base`, or `N` in a mapping."""
    found = rate.get("N", rate.get("base")) if isinstance(rate, dict) else getattr(rate, "base", getattr(rate, "N", 0))
    return found or 0


@register.tag("rows")
def do_rows(parser, token):
    """`{% rows page.rows %}<tr><td>[[title]]</td></tr>{% endrows %}`: what stands between, once for each row.

    The part between is rendered once, like any template; then `[[name]]` is filled, escaped, from each row: dicts, or
    objects, of which `[[bar.label]]` may be asked too. Fifty rows of template nodes cost more than the queries behind
    them, so a long table prepares its words in Python and is filled like this; what is shown only sometimes is an
    empty word. What somebody typed belongs among the words, never between: a place named in it would be filled too.
    """
    _tag, rows = token.split_contents()
    between = parser.parse(("endrows",))
    parser.delete_first_token()
    return Rows(parser.compile_filter(rows), between)


class Rows(template.Node):
    child_nodelists = ("between",)

    def __init__(self, rows, between):
        self.rows, self.between = rows, between

    def render(self, context) -> str:
        rows = list(self.rows.resolve(context))
        if not rows:
            return ""
        texts = PLACE.split(self.between.render(context))
        getter = itemgetter if isinstance(rows[0], dict) else attrgetter
        words_of = [getter(name) for name in texts[1::2]]
        filled = []
        for row in rows:
            words = [word_of(row) for word_of in words_of]
            texts[1::2] = [word.__html__() if hasattr(word, "__html__") else escape(str(word)) for word in words]
            filled.append("".join(texts))
        return mark_safe("".join(filled))  # noqa: S308 - every word was escaped
