import re
from pathlib import Path

import pytest
from django.template.loader import render_to_string
from django.urls import reverse
from structlog.contextvars import bound_contextvars

TEMPLATES = Path(__file__).parents[2] / "templates"
COMPONENTS = sorted(path.name for path in (TEMPLATES / "components").glob("[a-z]*.html"))


def test_the_gallery_opens_for_whoever_is_signed_in(client, district):
    client.force_login(district.clerk)
    assert client.get(reverse("components")).status_code == 200


def test_the_gallery_costs_no_query_beyond_who_is_asking(client, district, django_assert_max_num_queries):
    client.force_login(district.clerk)
    with django_assert_max_num_queries(5):
        client.get(reverse("components"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_stands_in_the_gallery(name):
    shown = [*TEMPLATES.glob("portal/*.html"), *TEMPLATES.glob("*.html"), *TEMPLATES.glob("components/*.html")]
    used = re.compile(rf'"components/{name}"|{{% {Path(name).stem} ')
    assert any(used.search(path.read_text(encoding="utf-8")) for path in shown)


@pytest.mark.parametrize("name", COMPONENTS)
def test_every_component_says_at_its_top_what_it_takes(name):
    assert (TEMPLATES / "components" / name).read_text(encoding="utf-8").startswith(("{# ", "{% comment %}"))


@pytest.mark.parametrize("name", COMPONENTS)
def test_no_component_speaks_of_itself_to_the_reader(name, rf):
    template = (TEMPLATES / "components" / name).read_text(encoding="utf-8")
    assert not [line for line in template.splitlines() if line.count("{#") != line.count("#}")]


FORBIDDEN = re.compile(
    r"<style|\sstyle=|<script(?![^>]*\ssrc=)|\son[a-z]+=\"|javascript:|\shx-on|=['\"]js:", re.IGNORECASE
)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=lambda path: str(path.relative_to(TEMPLATES)))
def test_no_template_carries_script_or_style_of_its_own(path):
    found = FORBIDDEN.findall(path.read_text(encoding="utf-8"))
    assert not found, "the content security policy refuses it"


@pytest.mark.parametrize("status", ["400", "403", "403_csrf", "404", "405", "422", "429", "500"])
def test_error_pages_stand_without_request_or_database(status):
    with bound_contextvars(request_id="A1B2C-D3E4F"):
        page = render_to_string(f"{status}.html")
    assert "A1B2C-D3E4F" in page
