import gettext
import re
from pathlib import Path

import pytest
from django.conf import settings

from portal import translations

TEMPLATE = """
  {% load i18n %}<h1 title="{% translate 'Tiêu đề' %}">{{ name|default:_("Không tên") }}</h1>
      {% blocktranslate trimmed count n=rows|length %}
        Có {{ n }} việc
      {% plural %}
        Có {{ n }} việc cần làm
      {% endblocktranslate %}
 {% translate "Duyệt" context "nút" %} it's "open {% if x %}
{% endif %}
"""
ENGLISH = """
msgid ""
msgstr "Content-Type: text/plain; charset=utf-8\\nPlural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "Tiêu đề"
msgstr "Title"

#, fuzzy
msgid "Không tên"
msgstr "Nameless"

msgid "Có %(n)s việc"
msgid_plural "Có %(n)s việc cần làm"
msgstr[0] "%(n)s work"
msgstr[1] "%(m)s works"
"""


@pytest.fixture
def tree(settings, tmp_path):
    """A tree of one template and an English catalogue with one good entry and three bad ones."""
    settings.BASE_DIR, settings.LOCALE_PATHS = tmp_path, [tmp_path / "locale"]
    (tmp_path / "templates").mkdir()
    (tmp_path / "templates/page.html").write_text(TEMPLATE)
    path = translations.catalogue_path("en")
    path.parent.mkdir(parents=True)
    path.write_text(ENGLISH)
    return tmp_path


def test_templates_are_read_with_plurals_contexts_and_trimmed_blocks(tree):
    found = {(message.id, message.context) for message in translations.own_text() if message.id}
    assert found == {
        ("Tiêu đề", None),
        ("Không tên", None),
        (("Có %(n)s việc", "Có %(n)s việc cần làm"), None),
        ("Duyệt", "nút"),
    }


def test_each_kind_of_gap_is_named(tree):
    assert list(translations.problems("en")) == [
        "en: templates/page.html: 'Không tên' is fuzzy",
        "en: templates/page.html: 'Có %(n)s việc' changes a placeholder",
        "en: templates/page.html: 'Duyệt' is not translated",
    ]


def test_a_translation_filled_in_twice_is_named(tree):
    (tree / "templates/page.html").write_text("{% load i18n %}{% translate 'Tiêu đề' %}")
    path = translations.catalogue_path("en")
    path.write_text(ENGLISH.replace('"Title"', '"Title."\n"Title."'))
    assert list(translations.problems("en")) == ["en: templates/page.html: 'Tiêu đề' says it twice"]


def test_an_update_keeps_what_was_translated_and_drops_what_is_gone(tree):
    (tree / "templates/page.html").write_text("{% load i18n %}{% translate 'Tiêu đề' %}{% translate 'Mới' %}")
    assert translations.update("en") == 1
    kept = translations.stored("en")
    assert {message.id: message.string for message in kept if message.id} == {"Tiêu đề": "Title", "Mới": ""}


def test_a_compiled_catalogue_speaks(tree):
    assert [translations.compile_catalogues(), translations.compile_catalogues()] == [1, 0]
    with translations.catalogue_path("en").with_suffix(".mo").open("rb") as file:
        assert gettext.GNUTranslations(file).gettext("Tiêu đề") == "Title"


def test_our_code_and_templates_are_found():
    assert translations.own_text().get("Bí thư chi bộ") is not None


def test_what_django_leaves_in_english_is_asked_of_the_vietnamese_catalogue():
    wanted = translations.left_in_english()
    assert wanted.get("Null characters are not allowed.") is not None
    assert wanted.get("This field is required.") is None


def test_no_text_hides_under_another_name_of_gettext():
    """What is imported under a name that nobody looks for would never reach the catalogues."""
    root = Path(settings.BASE_DIR)
    sources = [path for path in root.glob("*/**/*.py") if path.parts[len(root.parts)] not in (".venv", "tests")]
    named = re.compile(r"^from django\.utils\.translation import (.+)$", re.MULTILINE)
    renamed = {
        (path.name, one.split(" as ")[1].strip())
        for path in sources
        for line in named.findall(path.read_text())
        for one in line.split(",")
        if " as " in one
    }
    assert {name for _, name in renamed} == {"_"}, renamed
