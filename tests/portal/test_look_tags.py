from types import SimpleNamespace

import pytest
from django import forms
from django.template import Context, Template
from django.utils.safestring import mark_safe
from django.utils.translation import override

TABLE = Template('{% rows found %}<tr title="{{ label }}"><td>[[name]]</td><td>[[badge]]</td></tr>{% endrows %}')


def test_rows_fills_what_stands_between_once_for_each_row():
    found = [{"name": "An", "badge": ""}, {"name": "Bình", "badge": "mới"}]
    assert TABLE.render(Context({"found": found, "label": "Tên"})) == (
        '<tr title="Tên"><td>An</td><td></td></tr><tr title="Tên"><td>Bình</td><td>mới</td></tr>'
    )


def test_rows_escapes_every_word_but_what_is_html_already():
    found = [SimpleNamespace(name="<b>A & 'B'</b>", badge=Template("<i>x</i>").render(Context()))]
    assert TABLE.render(Context({"found": found, "label": ""})) == (
        '<tr title=""><td>&lt;b&gt;A &amp; &#x27;B&#x27;&lt;/b&gt;</td><td><i>x</i></td></tr>'
    )


def test_rows_never_fills_a_word_into_another_word():
    found = [{"name": "[[badge]] {name} %s", "badge": "mới"}]
    assert "<td>[[badge]] {name} %s</td>" in TABLE.render(Context({"found": found, "label": ""}))


def test_rows_fills_no_place_that_python_keeps_to_itself():
    found = [SimpleNamespace(name="An", badge="")]
    for typed in ("[[__class__]]", "[[name.__class__]]", "[[name._x]]"):
        assert f'title="{typed}"' in TABLE.render(Context({"found": found, "label": typed}))


def test_rows_of_nothing_is_nothing_and_an_unknown_word_is_an_error():
    assert TABLE.render(Context({"found": [], "label": ""})) == ""
    with pytest.raises(KeyError):
        TABLE.render(Context({"found": [{"name": "An"}], "label": ""}))


def test_a_standing_fragment_is_kept_for_each_language_and_each_value():
    footer = Template('{% standing "_footer.html" %}')
    with override("vi"):
        vietnamese = footer.render(Context())
    with override("en"):
        english = footer.render(Context())
    assert "bí mật nhà nước" in vietnamese and "bí mật nhà nước" not in english
    bells = Template('{% icon "bell" %}{% icon "bell" "Thông báo" %}{% icon "left" %}').render(Context())
    assert bells.count("#bell") == 2 and bells.count("#left") == 1 and bells.count('aria-label="Thông báo"') == 1


def test_options_of_a_filter_are_its_choices_with_the_one_the_address_names():
    class Filter(forms.Form):
        year = forms.TypedChoiceField(choices=[(2025, "2025"), (2026, "<2026>")], coerce=int)

    select = Template("{% rows field|options %}<option value='[[value]]' [[selected]]>[[label]]</option>{% endrows %}")
    shown = select.render(Context({"field": Filter({"year": "2026"})["year"]}))
    assert shown == "<option value='2025' >2025</option><option value='2026' selected>&lt;2026&gt;</option>"


def test_a_standing_fragment_tells_markup_from_the_same_text_typed():
    bell = Template('{% icon "bell" label %}')
    assert "<b>" in bell.render(Context({"label": mark_safe("<b>")}))
    assert "<b>" not in bell.render(Context({"label": "<b>"}))
