import pytest

from organizations.phones import normal_phone


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("0912345678", "0912345678"),
        ("0912 345 678", "0912345678"),
        ("0912.345.678", "0912345678"),
        ("+84912345678", "0912345678"),
        ("+84 (0) 912-345-678", "0912345678"),
        ("84912345678", "0912345678"),
        ("0084912345678", "0912345678"),
        ("02733856789", "02733856789"),
        ("+85620555666", "+85620555666"),
        ("912345678", ""),
        ("bi thu ap 1", ""),
        ("0912x45678", ""),
        ("", ""),
    ],
)
def test_a_telephone_number_is_kept_in_one_form(typed, kept):
    assert normal_phone(typed) == kept
