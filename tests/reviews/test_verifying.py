"""Who checks a paper: what a visitor is told of a code and of a file, and how often they may ask."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test.client import MULTIPART_CONTENT
from django.urls import reverse

from portal.middleware import TooLargeFormMiddleware
from reviews.check_codes import new_code, shown
from reviews.views.verifying import LARGEST, MISSES_A_MINUTE, MOST_A_MINUTE
from tests.reviews.papers import WORD, decision_on, issued_decision


def test_a_visitor_learns_what_a_paper_is_and_never_what_it_says(client, district, dossier):
    decision_on(dossier, by=district.head)
    paper = issued_decision(district.board, district.head, dossier)
    asked = client.get(reverse("verify"), {"code": paper.shown_code.lower().replace("-", " ")})
    assert asked.url == reverse("verify_code", args=[paper.shown_code])
    page = client.get(asked.url).content.decode()
    for words in ("Quyết định", "Ban Tuyên giáo Huyện ủy Mẫu", "1-QĐ/BTG", "05/01/2026", "bản mới nhất"):
        assert words in page, words
    assert dossier.title not in page
    assert dossier.unit.name not in page
    issued_decision(district.board, district.head, dossier, number=2, replaces=paper)
    assert "số 2-QĐ/BTG ngày 05/01/2026" in client.get(asked.url).content.decode()


def test_a_file_is_compared_and_not_kept(client, district, dossier, settings):
    decision_on(dossier, by=district.head)
    url = reverse("verify_code", args=[issued_decision(district.board, district.head, dossier).shown_code])
    for content, said in ((WORD, "Giống hệt"), (WORD + b" ", "Khác: tệp này")):
        answer = client.post(url, {"file": SimpleUploadedFile("q.docx", content)})
        status = answer.content.decode().partition('aria-live="polite">')[2].partition("</p>")[0]
        assert said in status
    assert client.post(url).status_code == 422


def test_an_unknown_code_and_a_mistyped_one_get_a_plain_sentence(client, db):
    code = new_code()
    unknown = client.get(reverse("verify_code", args=[shown(code)]))
    assert (unknown.status_code, "Không có văn bản nào mang mã này" in unknown.content.decode()) == (404, True)
    slip = code[:-1] + ("3" if code[-1] == "2" else "2")
    wrong = client.get(reverse("verify"), {"code": slip}, follow=True)
    assert wrong.status_code == 404
    told, said = (answer.content.decode().partition("<main")[2] for answer in (wrong, unknown))
    assert told.replace(shown(slip), shown(code)) == said
    for typed in ("7K2M", "OOOO-0000-1111-IIII", "<b>"):
        wrong = client.get(reverse("verify"), {"code": typed})
        assert (wrong.status_code, "Mã không đúng" in wrong.content.decode()) == (422, True)


def test_one_address_asks_so_often_a_minute_and_no_more(client, db):
    statuses = [client.get(reverse("verify"), REMOTE_ADDR="203.0.113.9").status_code for _ in range(MOST_A_MINUTE + 1)]
    assert statuses == [200] * MOST_A_MINUTE + [429]
    assert client.get(reverse("verify"), REMOTE_ADDR="203.0.113.10").status_code == 200


def test_after_ten_misses_an_address_is_told_nothing_for_a_minute(client, district, dossier):
    decision_on(dossier, by=district.head)
    paper = issued_decision(district.board, district.head, dossier)
    there = {"REMOTE_ADDR": "203.0.113.11"}
    for _ in range(MISSES_A_MINUTE):
        assert client.get(reverse("verify_code", args=[shown(new_code())]), **there).status_code == 404
    for code in (shown(new_code()), paper.shown_code):
        assert client.get(reverse("verify_code", args=[code]), **there).status_code == 429
    assert client.get(reverse("verify_code", args=[paper.shown_code])).status_code == 200


def test_a_file_that_says_it_is_too_long_is_not_read(client, district, dossier, settings):
    decision_on(dossier, by=district.head)
    url = reverse("verify_code", args=[issued_decision(district.board, district.head, dossier).shown_code])
    for path, said in ((url, LARGEST), (reverse("account_login"), settings.DATA_UPLOAD_MAX_MEMORY_SIZE)):
        sent = Endless()
        answer = client.post(path, content_type=MULTIPART_CONTENT, CONTENT_LENGTH=said + 1, **{"wsgi.input": sent})
        assert (answer.status_code, "Nội dung gửi lên quá lớn" in answer.content.decode()) == (422, True)
        assert sent.taken <= TooLargeFormMiddleware.MOST_DRAINED + 64 * 1024


class Endless:
    """A browser that never ends sending."""

    taken = 0

    def read(self, size):
        self.taken += size
        return b"x" * size

    readline = read
