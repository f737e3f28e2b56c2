import time

import pytest
from django.core.exceptions import ValidationError

from models_registry import pdf_text, uploads
from tests.models_registry.papers import pdf
from tests.models_registry.test_uploads import named

pytestmark = pytest.mark.once  # no database is asked

HEAD = [(72, 800, "TỈNH ỦY MẪU"), (330, 800, "ĐẢNG CỘNG SẢN VIỆT NAM")]
BODY = [(72, 700, "Giữ bí mật nhà nước là việc của mọi người")]


@pytest.mark.parametrize("mark", ["MẬT", "TỐI MẬT", "TUYỆT MẬT", "Độ mật: Tối mật"])
def test_a_pdf_headed_by_a_mark_is_refused_by_name(mark):
    # The mark stands in the left column, level with the place and date on the right.
    page = [*HEAD, (72, 770, mark), (330, 770, "Hà Nội, ngày 05 tháng 01 năm 2026"), *BODY]
    for pages in ([page], [[*HEAD, *BODY], page]):
        with pytest.raises(ValidationError) as refused:
            uploads.check_upload(named("ke-hoach.pdf", pdf(*pages)))
        assert refused.value.messages == [
            "Tệp “ke-hoach.pdf” mang dấu chỉ mức độ mật. Cổng này không nhận tài liệu mật."
        ]


def test_a_pdf_that_only_speaks_of_secrets_is_taken():
    file = named("ke-hoach.pdf", pdf([*HEAD, *BODY]))
    assert uploads.check_upload(file) == uploads.PDF
    assert file.tell() == 0


def test_only_the_first_pages_are_read():
    pages = [[*HEAD, *BODY]] * pdf_text.FIRST_PAGES
    assert uploads.check_upload(named("dai.pdf", pdf(*pages, [(72, 770, "MẬT")]))) == uploads.PDF
    with pytest.raises(ValidationError):
        uploads.check_upload(named("dai.pdf", pdf(*pages[1:], [(72, 770, "MẬT")])))


def test_a_broken_pdf_gets_a_sentence():
    broken = b"%PDF-1.7\n1 0 obj<</Font 2 0 R>>endobj\nstartxref\n9\n%%EOF\n"
    with pytest.raises(ValidationError) as refused:
        uploads.check_upload(named("hong.pdf", broken))
    assert refused.value.messages == ["Tệp “hong.pdf” bị hỏng hoặc tải lên chưa đủ."]


def test_a_page_without_end_is_given_up_in_time(monkeypatch):
    monkeypatch.setattr(pdf_text, "LONGEST", 1)
    endless = pdf([(72, y % 800, "Một dòng chữ dài để vẽ đi vẽ lại") for y in range(100_000)])
    began = time.monotonic()
    assert pdf_text.text_of_first_pages(endless) == ""
    assert time.monotonic() - began < 3


def test_a_mark_read_before_the_time_was_up_counts(monkeypatch):
    monkeypatch.setattr(pdf_text, "LONGEST", 2)
    endless = [(72, y % 800, "Một dòng chữ dài để vẽ đi vẽ lại") for y in range(100_000)]
    with pytest.raises(ValidationError) as refused:
        uploads.check_upload(named("cham.pdf", pdf([*HEAD, (72, 770, "MẬT")], endless)))
    assert "mang dấu chỉ mức độ mật" in refused.value.messages[0]


def test_no_more_text_is_handed_back_than_a_page_may_hold(monkeypatch):
    monkeypatch.setattr(pdf_text, "LONGEST", 60)
    drawn = [(72, 700, "Giữ " * 40_000)] * 2
    assert len(pdf_text.text_of_first_pages(pdf(drawn))) <= 2 * pdf_text.MOST_TEXT + 2
