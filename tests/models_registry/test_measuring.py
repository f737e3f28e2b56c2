from decimal import Decimal

import pytest

from models_registry.measuring import is_measurable, measures_in

UNITS = ["hộ", "m", "m²", "buổi", "lượt", "lượt người", "cây", "tổ", "ngày"]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("60 tổ", [("60", "tổ")]),
        ("10 hộ hiến 1.150 m² đất", [("10", "hộ"), ("1150", "m²")]),
        ("1.200,5 m đường hoa", [("1200.5", "m")]),
        ("20 lượt người được hướng dẫn", [("20", "lượt người")]),
        ("12 BUỔI", [("12", "buổi")]),
        ("12 bài ghi chép", []),
        ("xong trước ngày 30/9", []),
        ("3 hộp sơn", []),
        ("Mười hai buổi", []),
    ],
)
def test_numbers_are_read_with_their_units(text, found):
    assert measures_in(text, UNITS) == [(Decimal(number), unit) for number, unit in found]


@pytest.mark.parametrize(
    ("text", "measurable"),
    [
        ("60 hộ phân loại rác", True),
        ("Mười hai buổi sinh hoạt", True),
        ("95% hồ sơ đúng hẹn", True),
        ("≥ 90 tin mỗi quý", True),
        ("12 bài ghi chép", True),
        ("Nâng cao nhận thức của đảng viên", False),
        ("Hoàn thành trước ngày 30/9/2026", False),
        ("Đến năm 2026 mọi người cùng làm", False),
        ("Làm trong 3 tháng", False),
        ("Trồng xong", False),
        ("", False),
    ],
)
def test_a_measurable_result_says_how_much_of_what(text, measurable):
    assert is_measurable(text) is measurable
