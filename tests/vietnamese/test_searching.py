"""Search as users type: with marks or without, short or in full, in either Unicode form."""

import unicodedata

import pytest

from vietnamese.searching import PASSAGE, asked, marked, passage, search_text, token_term


def finds(typed, *texts):
    """Return (found, found exactly)."""
    text, sought = search_text(*texts), asked(typed)
    found = all(term in text for term in sought.terms)
    return found, found and all(term in text for term in sought.exact)


@pytest.mark.parametrize(
    ("typed", "text", "found", "exactly"),
    [
        ("tinh uy", "Tỉnh uỷ", True, True),
        ("tinh uy", unicodedata.normalize("NFD", "Tỉnh ủy"), True, True),
        ("tỉnh ủy", "TỈNH UỶ Long An", True, True),
        (unicodedata.normalize("NFD", "tỉnh uỷ"), "Tỉnh ủy", True, True),
        ("môi trường", "Tổ bảo vệ môi trường", True, True),
        ("mồi trưởng", "Tổ bảo vệ môi trường", True, False),
        ("truong moi", "Tổ bảo vệ môi trường", True, True),
        ("UBND xã", "Ủy ban nhân dân xã Long Bình", True, True),
        ("Uỷ ban nhân dân", "UBND xã Long Bình", True, True),
        ("NLĐ", "chăm lo người lao động", True, True),
        ("nld", "chăm lo NLĐ", True, True),
        ("hoa binh", "đường hoa Hoà Bình", True, True),
        ("đảng viê", "Đảng viên", True, True),
        ("an", "Đảng bộ, bản làng", False, False),
        ("giả lập", "Con đường hoa (giả lập)", True, True),
        ("02/ct", "Chỉ thị 02-CT/TU", True, True),
        ("%_", "Tổ bảo vệ", True, True),
        ("môi biển", "Tổ bảo vệ môi trường", False, False),
    ],
)
def test_a_text_is_found_and_found_exactly(typed, text, found, exactly):
    assert finds(typed, text) == (found, exactly)


def test_nothing_typed_finds_everything_and_no_more_than_eight_words_count():
    assert asked(" .,; ") == ((), ())
    assert len(asked("một hai ba bốn năm sáu bảy tám chín mười").terms) == 8


def test_a_token_is_found_whole_and_not_by_what_is_typed():
    text = search_text("Sạch đẹp", tokens=["#moi-truong"])
    assert token_term("#moi-truong") in text
    assert token_term("#moi") not in text
    assert finds("#moi-truong", "Sạch đẹp") == (False, False)


@pytest.mark.parametrize(
    ("typed", "text", "pieces"),
    [
        ("moi truong", "Tổ bảo vệ môi trường", ["môi", "trường"]),
        ("ubnd", "Ủy ban nhân dân xã", ["Ủy ban nhân dân"]),
        ("ủy ban nhân dân", "do UBND xã lo", ["UBND"]),
        ("duong", "Đường hoa, dưỡng sinh", ["Đường", "dưỡng"]),
    ],
)
def test_what_was_sought_is_marked_as_it_was_written(typed, text, pieces):
    found = passage([text], asked(typed))
    assert [piece for piece, sought in found if sought] == pieces
    assert "".join(piece for piece, _sought in found) == text
    assert marked(text, asked(typed)) == found


def test_the_passage_is_of_the_text_that_speaks_of_most():
    texts = ["người dân phản ánh", "phân loại rác tại nhà"]
    assert [piece for piece, sought in passage(texts, asked("phan loai")) if sought] == ["phân", "loại"]


def test_a_passage_stands_around_the_first_find_and_is_cut_between_words():
    text = "Trước khi làm, bàn với dân. " * 20 + "Thu gom rác\ntại nguồn. " + "Sau đó kiểm tra. " * 30
    found = "".join(piece for piece, _sought in passage(["", "Không có", text], asked("rac")))
    assert "Thu gom rác tại nguồn." in found
    assert (found[:2], found[-2:]) == ("… ", " …")
    assert len(found) <= PASSAGE + 4
    assert set(found.strip("… ").split()) <= set(text.split())
    assert passage([text], asked("biển")) == []
    assert passage([text], asked("")) == []
