"""A paper as PDF, by WeasyPrint: work for the worker. It needs Pango on the system; where that is missing, say so."""

import ctypes
import functools
from pathlib import Path

from django.template.loader import render_to_string

from models_registry.documents.paper import Paper
from models_registry.documents.profiles import Profile

# What WeasyPrint loads of Pango, as Debian, macOS and Windows call it.
PANGO = ("libpangoft2-1.0.so.0", "libpangoft2-1.0.dylib", "pangoft2-1.0-0.dll")
STYLE = Path(__file__).with_name("paper.css")


class NoPango(Exception):
    """The system has no Pango to set type with."""


@functools.cache
def can_draw() -> bool:
    """Whether PDFs can be drawn on this machine; asked of the system once a process."""
    return any(_loads(name) for name in PANGO)


def draw(paper: Paper) -> bytes:
    """Return the paper as a PDF file; some 100 ms a page. Raises NoPango. Fetches nothing from anywhere."""
    if not can_draw():
        raise NoPango
    from weasyprint import CSS, HTML  # a large library that only the worker pays for

    html = HTML(string=_html(paper), url_fetcher=_refuse_to_fetch)
    styles = [CSS(filename=STYLE), CSS(string=_measures(paper))]
    return html.write_pdf(stylesheets=styles, presentational_hints=True)


def _loads(name: str) -> bool:
    try:
        ctypes.CDLL(name)
    except OSError:
        return False
    return True


def _refuse_to_fetch(url: str, *args, **kwargs):
    raise ValueError(f"a paper refers to nothing outside itself: {url}")


def _html(paper: Paper) -> str:
    return render_to_string("models_registry/papers/paper.html", {"paper": paper})


def _measures(paper: Paper) -> str:
    """Return the rules a profile makes: margins, sizes, and what stands at the edges of every page."""
    profile = paper.profile
    margins = " ".join(f"{side}mm" for side in profile.margins)
    nationals = "".join(
        f".national-{n} {{ font-size: {size}pt }} " for n, size in enumerate(profile.national_sizes, start=1)
    )
    return f"""
        @page {{
            margin: {margins};
            @top-center {{ content: counter(page); font: {_font(profile)} }}
            @top-right {{ content: {_quoted(paper.mark)}; font: bold {_font(profile)} }}
            @bottom-left {{ content: {_quoted(paper.trace)}; font: 9pt "Times New Roman", "Liberation Serif", serif }}
        }}
        @page :nth(1 of portrait) {{ @top-center {{ content: none }} }}
        .document {{ counter-reset: page 1 }}
        html {{ font-size: {profile.body_size}pt }}
        .issuer {{ font-size: {profile.head_size}pt }}
        .place {{ font-size: {profile.place_size}pt }}
        h1 {{ font-size: {profile.title_size}pt }}
        .issuer-rule {{ width: {profile.issuer_rule}mm }}
        .national-rule {{ width: {profile.national_rule}mm }}
        {nationals}"""


def _font(profile: Profile) -> str:
    return f'{profile.body_size}pt "Times New Roman", "Liberation Serif", serif'


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
