"""Theme and text size: what may be chosen and what was. Kept in two cookies, never in the database."""

from dataclasses import dataclass

from django.utils.translation import gettext_lazy as _

THEMES = {"auto": _("Theo máy"), "light": _("Sáng"), "dark": _("Tối")}
TEXT_SIZES = {"normal": _("Vừa"), "large": _("Lớn"), "larger": _("Rất lớn")}
COOKIES = {"theme": THEMES, "text_size": TEXT_SIZES}
COOKIE_AGE = 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Appearance:
    """How one reader sees the portal."""

    theme: str = "auto"
    text_size: str = "normal"

    @property
    def themes(self) -> dict:
        return THEMES

    @property
    def text_sizes(self) -> dict:
        return TEXT_SIZES


def chosen(request) -> Appearance:
    """Return what the cookies of a request say; what they do not know is as if not said."""
    theme, size = request.COOKIES.get("theme"), request.COOKIES.get("text_size")
    return Appearance(theme if theme in THEMES else "auto", size if size in TEXT_SIZES else "normal")


def keep(response, request):
    """Return the response with a cookie for each choice that was posted and is known."""
    for name, known in COOKIES.items():
        value = request.POST.get(name)
        if value in known:
            # Readable by static/js/theme-switch.js, which makes the same choice without leaving the page.
            response.set_cookie(name, value, max_age=COOKIE_AGE, samesite="Lax", secure=request.is_secure())
    return response
