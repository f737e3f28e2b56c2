import datetime as dt
import unicodedata
from decimal import Decimal

import pytest
from django import forms
from django.http import QueryDict
from hypothesis import given
from hypothesis import strategies as st

from vietnamese.display import day_text, document_date, instant_text, number_text, quarter_text
from vietnamese.folding import bare, clean, fold, slug
from vietnamese.forms import DayField, Form, NumberField
from vietnamese.sorting import person_sort_key, sort_key


@pytest.mark.parametrize(
    ("query", "text"),
    [
        ("tinh uy", "Tỉnh uỷ"),
        ("tinh uy", "Tỉnh ủy"),
        ("tinh uy", unicodedata.normalize("NFD", "Tỉnh ủy")),
        ("dang uy", "Đảng ủy xã Long Bình"),
        ("thanh hoa", "Thạnh Hóa"),
        ("thanh hoa", "Thạnh Hoá"),
        ("UBND xã", "Ủy ban nhân dân xã Long Bình"),
        ("ủy ban nhân dân", "UBND xã Long Bình"),
        ("quy tam long vang - nhan ai", "Quỹ “Tấm lòng vàng – Nhân ái”"),
    ],
)
def test_a_query_without_marks_finds_the_text(query, text):
    assert fold(query) in fold(text)


@pytest.mark.once
@given(st.text())
def test_folding_twice_changes_nothing(text):
    assert bare(bare(text)) == bare(text)


def test_a_slug_keeps_the_letter_d():
    assert slug("Đảng bộ huyện Gò Công Tây") == "dang-bo-huyen-go-cong-tay"


def test_what_reorders_or_hides_text_is_dropped():
    assert clean("a\u202eb\u200b\r\nc") == "ab\nc"


def test_people_sort_by_given_name_then_by_the_words_before_it():
    people = [
        "Trần Thị Bình",
        "Hoàng Thị Đào",
        "Nguyễn Văn An",
        "Nguyễn Thị Ân",
        "Phạm Đức Dũng",
        "Trần Văn An",
        "Lê Văn Ánh",
    ]
    assert sorted(people, key=person_sort_key) == [
        "Nguyễn Văn An",
        "Trần Văn An",
        "Lê Văn Ánh",
        "Nguyễn Thị Ân",
        "Trần Thị Bình",
        "Phạm Đức Dũng",
        "Hoàng Thị Đào",
    ]


def test_tones_decide_only_between_equal_letters():
    assert sorted(["mạ", "má", "mã", "mả", "mà", "ma", "mai"], key=sort_key) == [
        "ma",
        "mà",
        "mả",
        "mã",
        "má",
        "mạ",
        "mai",
    ]


def test_numbers_in_names_sort_as_numbers():
    assert sorted(["Chi bộ ấp 10", "Chi bộ ấp 2"], key=sort_key) == ["Chi bộ ấp 2", "Chi bộ ấp 10"]


@given(st.text(max_size=400))
def test_a_sort_key_is_made_of_digits_and_fits_its_column(text):
    key = sort_key(text)
    assert key.isdecimal() and key.isascii() and len(key) <= 700


def test_days_instants_and_numbers_read_as_in_vietnam():
    instant = dt.datetime(2026, 3, 31, 17, 10, tzinfo=dt.UTC)
    assert day_text(dt.date(2024, 6, 5)) == "05/06/2024"
    assert day_text(instant) == "01/04/2026"
    assert instant_text(instant) == "01/04/2026 00:10"
    assert [number_text(n) for n in (133350, Decimal("1150.50"), Decimal("60.00"), None)] == [
        "133.350",
        "1.150,5",
        "60",
        "—",
    ]
    assert quarter_text(4, 2026) == "Quý IV/2026"


@pytest.mark.parametrize(
    ("day", "text"),
    [
        (dt.date(2024, 1, 5), "ngày 05 tháng 01 năm 2024"),
        (dt.date(2024, 3, 5), "ngày 05 tháng 3 năm 2024"),
    ],
)
def test_documents_write_the_month_as_the_rules_say(day, text):
    assert document_date(day) == text


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("05/06/2024", dt.date(2024, 6, 5)),
        ("25/06/2024", dt.date(2024, 6, 25)),
        ("25062024", dt.date(2024, 6, 25)),
        ("2024-06-05", dt.date(2024, 6, 5)),
        ("5/6/24", dt.date(2024, 6, 5)),
        (" 5-6-24 ", dt.date(2024, 6, 5)),
        ("05.06.99", dt.date(2099, 6, 5)),
    ],
)
def test_a_day_is_read_day_first(typed, day):
    assert DayField().clean(typed) == day


@pytest.mark.parametrize(
    "typed", ["31/02/2025", "31022025", "562024", "abc", "06/25/2024", "01/01/0001", "31/2/25", "5/6-24", "5/6/124"]
)
def test_a_day_that_does_not_exist_is_refused_with_an_example(typed):
    with pytest.raises(forms.ValidationError, match="05/06/2026"):
        DayField().clean(typed)


@pytest.mark.parametrize(
    ("typed", "shown"),
    [("5/6/24", "05/06/2024"), ("25062024", "25/06/2024"), ("05/06/2024", "05/06/2024"), ("mai", "mai"), ("", "")],
)
def test_a_day_typed_short_is_shown_back_in_full(typed, shown):
    class DayForm(Form):
        day = DayField(required=False)
        other = forms.CharField()

    form = DayForm({"day": typed})
    assert not form.is_valid()
    assert f'value="{shown}"' in str(form["day"])


@pytest.mark.parametrize(
    ("typed", "number"), [("98,2", "98.2"), ("133.350", "133350"), ("1.150,5", "1150.5"), ("1150.5", "1150.5")]
)
def test_a_number_is_read_with_dots_between_thousands(typed, number):
    assert NumberField().clean(typed) == Decimal(number)


@pytest.mark.parametrize("typed", ["mười", "1,2,3", "1e5000", "NaN"])
def test_what_is_not_a_number_is_refused(typed):
    with pytest.raises(forms.ValidationError):
        NumberField(max_digits=12).clean(typed)


def test_a_form_normalises_what_is_typed_before_any_field_sees_it():
    class Named(Form):
        name = forms.CharField()

    form = Named(QueryDict(mutable=True) | {"name": unicodedata.normalize("NFD", "Tỉnh ủy\u202e")})
    assert form.is_valid()
    assert form.cleaned_data["name"] == "Tỉnh ủy"


def test_an_empty_field_is_asked_for_in_plain_words_unless_it_has_its_own():
    class Said(Form):
        name = forms.CharField()
        reason = forms.CharField(error_messages={"required": "Hãy nêu lý do."})

    assert Said({}).errors == {"name": ["Hãy điền mục này."], "reason": ["Hãy nêu lý do."]}


def test_what_is_beyond_a_limit_is_refused_in_plain_words_unless_the_field_has_its_own():
    class Said(Form):
        text = forms.CharField(min_length=3, max_length=5)
        title = forms.CharField(max_length=2, error_messages={"max_length": "Tên dài quá."})
        share = NumberField(min_value=0)
        year = forms.IntegerField(max_value=9)

    assert Said({"text": "ab", "title": "abc", "share": "-5", "year": "10"}).errors == {
        "text": ["Cần ít nhất 3 ký tự; ở đây có 2."],
        "title": ["Tên dài quá."],
        "share": ["Ít nhất là 0."],
        "year": ["Nhiều nhất là 9."],
    }
    assert Said({"text": "abcdef", "title": "ab", "share": "5", "year": "x"}).errors == {
        "text": ["Nhiều nhất 5 ký tự; ở đây có 6."],
        "year": ["Hãy nhập một số nguyên."],
    }
