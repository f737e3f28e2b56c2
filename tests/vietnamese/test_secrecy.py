import pytest

from vietnamese.secrecy import carries_secret_mark


@pytest.mark.parametrize(
    "text", ["MẬT", "Tối mật", "TUYỆT MẬT", "dòng đầu\n  [ TỐI MẬT ]  \ndòng sau", "Độ mật: Tuyệt mật"]
)
def test_a_line_that_is_a_mark_is_seen(text):
    assert carries_secret_mark(text)


@pytest.mark.parametrize("text", ["Mặt trận", "Mắt", "nuôi ong lấy mật", "Giữ bí mật nhà nước", "mật ong", "", "Mặt"])
def test_an_ordinary_line_is_not(text):
    assert not carries_secret_mark(text)
