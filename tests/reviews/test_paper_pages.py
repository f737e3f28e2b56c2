"""The board asks for its papers: a draft says so and has no code, an issued one has its number and its code."""

import io

import pytest
from django.urls import reverse
from docx import Document

from journal.jobs import Job
from models_registry.documents import pdf, word
from reviews import services
from reviews.check_codes import shown
from reviews.documents.asking import Subject, decisions_in_sight, masthead, version_in_sight
from reviews.models import IssuedPaper, Reopening, SessionPoint
from reviews.queries.papers import sheet_of
from reviews.services import sessions
from reviews.services.issuing import issue as keep
from reviews.tasks import issue_paper
from tests.factories import AT
from tests.models_registry.documents.contents import individual
from tests.models_registry.documents.texts import edges_of_docx, pages_of_pdf, said_by, said_by_docx, squeezed
from tests.reviews import factories
from tests.reviews.pages import NOW, REASON
from tests.reviews.papers import DAY, WORD, decision_on, drawn, issued_decision, session_of

TYPED = {
    "number": "7",
    "unit_symbol": "BTG",
    "day": "05/01/2026",
    "place": "Xã An",
    "post": "KT. TRƯỞNG BAN\nPHÓ TRƯỞNG BAN",
    "signer": "Lê Văn Mẫu",
}


@pytest.fixture(autouse=True)
def no_pango(request, monkeypatch):
    """Only where a PDF is what is asked about is one drawn: it takes a second."""
    if "pdf" not in request.node.name:
        monkeypatch.setattr(pdf, "can_draw", lambda: False)


@pytest.fixture
def as_head(client, district, the_day_after):
    client.force_login(district.head)
    return client


def issue(client, url, **typed) -> IssuedPaper:
    """Send the form, and do what its job does."""
    answer = client.post(url, TYPED | typed)
    assert answer.status_code == 302, answer.context["form"].errors
    job = Job.objects.latest("id")
    issue_paper(job.pk)
    job.refresh_from_db()
    assert job.state == Job.State.DONE, job.message
    return IssuedPaper.objects.latest("id")


def test_an_appraisal_sheet_is_a_draft_until_it_is_issued(as_head, proposed):
    url = reverse("reviews:appraisal_paper", args=[proposed.pk, 1])
    draft = b"".join(as_head.get(f"{url}?draft=docx"))
    assert all("DỰ THẢO" in edges[1] and "Mã kiểm tra" not in edges[3] for edges in edges_of_docx(draft))
    paper = issue(as_head, url)
    kept = paper.word.read()
    said = said_by_docx(kept)
    for words in (
        "BAN TUYÊN GIÁO HUYỆN ỦY MẪU",
        "Số 7-PTĐ/BTG",
        "Xã An, ngày 05 tháng 01 năm 2026",
        "PHIẾU THẨM ĐỊNH",
        "Mô hình mẫu",
        "Học tập Bác được nêu rõ Đạt",
        "Tổng điểm: 100/100",
        "Đề xuất duyệt",
        "KT. TRƯỞNG BAN PHÓ TRƯỞNG BAN",
    ):
        assert squeezed(words) in said, words
    footer = edges_of_docx(kept)[0][3]
    assert "DỰ THẢO" not in edges_of_docx(kept)[0][1]
    assert f"Số 7-PTĐ/BTG, bản 1. Mã kiểm tra {paper.shown_code}, xem tại testserver/verify" == footer


def test_an_issued_paper_says_the_same_as_word_and_as_pdf(as_head, district, dossier):
    session = session_of(district.board, dossier)
    paper = issue(as_head, reverse("reviews:minutes", args=[session.pk]))
    pages = "".join(map(squeezed, pages_of_pdf(paper.pdf.read())))
    footer = squeezed(edges_of_docx(paper.word.read())[0][3])
    assert footer in pages
    assert squeezed(paper.shown_code) in footer
    paper.word.seek(0)
    assert said_by_docx(paper.word.read()) in pages.replace(footer, "")


def test_a_reissued_sheet_has_a_new_number_and_the_first_stays(as_head, proposed):
    url = reverse("reviews:appraisal_paper", args=[proposed.pk, 1])
    first = issue(as_head, url)
    before = first.word.read()
    assert as_head.post(url, TYPED).status_code == 422  # the number was given away
    second = issue(as_head, url, number="8")
    assert (second.edition, second.replaces) == (2, first)
    again = as_head.get(reverse("reviews:paper_file", args=[first.pk, "docx"]))
    assert b"".join(again) == before
    assert shown(second.code) != shown(first.code)


def test_nobody_gets_a_sheet_before_it_was_proposed(as_head, judged):
    url = reverse("reviews:appraisal_paper", args=[judged.pk, 1])
    page = as_head.get(url)
    assert "Chưa lập được phiếu" in page.content.decode()
    assert as_head.post(url, TYPED).status_code == 200
    assert Job.objects.count() == 0


def test_a_sheet_tells_only_what_was_handed_in_and_how_far_they_stand_apart(district, scored, colleague, third):
    def told():
        return sheet_of(version_in_sight(district.head).get(dossier=scored), district.head, for_all=True)

    assert told().judged == ()
    for who in (district.appraiser, colleague):
        services.hand_in(scored.pk, by=who, at=AT)
    sheet = told()
    assert [one.appraiser for one in sheet.judged] == [district.appraiser.full_name, colleague.full_name]
    assert sheet.spread == "91,7/100; thấp nhất 83,3, cao nhất 100, chênh 16,7 điểm."
    subject = Subject("appraisal", district.board, version=version_in_sight(district.head).get(dossier=scored))
    head = masthead(district.board, DAY, post="TRƯỞNG BAN", signer="Mẫu")
    said = said_by(subject.compose(head, district.head))
    assert squeezed(f"Điểm trung bình của 2 phiếu: {sheet.spread}") in said
    assert squeezed(third.full_name) not in said


def test_one_decision_holds_the_lists_of_all_that_was_announced(as_head, district, round_):
    for n in range(3):
        decision_on(factories.sent(district, round_, f"Mô hình duyệt {n}"), by=district.head)
    refused = factories.sent(district, round_, "Mô hình không duyệt")
    decision_on(refused, by=district.head, outcome="rejected", reason="Trùng với việc đã có")
    url = reverse("reviews:decision_paper")
    paper = issue(as_head, url, grounds="Căn cứ Quy chế\nkết quả thẩm định;", which="all")
    kept = paper.word.read()
    said = said_by_docx(kept)
    for words in (
        "Căn cứ kết quả thẩm định;",
        "Điều 1. Duyệt 3 hồ sơ: 3 mô hình (Biểu số 01 kèm theo).",
        "Điều 2. Không duyệt 1 hồ sơ: 1 mô hình (Biểu số 02 kèm theo).",
        "Kèm theo Quyết định số 7-QĐ/BTG, ngày 05 tháng 01 năm 2026",
        "Tổng số: 3 hồ sơ: 3 mô hình",
        "Trùng với việc đã có",
        "Nơi nhận: - Huyện ủy Mẫu",
    ):
        assert squeezed(words) in said, words
    assert [edges[0] for edges in edges_of_docx(kept)] == ["PORTRAIT", "LANDSCAPE", "LANDSCAPE"]
    grids = [one for one in Document(io.BytesIO(kept)).tables if one.style.name == "Table Grid"]
    assert all(one._tbl.xpath("./w:tr[1]/w:trPr/w:tblHeader") for one in grids)
    assert "Không có hồ sơ nào chờ" in as_head.get(url).content.decode()
    again = issue(as_head, reverse("reviews:reissue", args=[paper.pk]), number="8", grounds="Quy chế")
    assert set(again.decisions.all()) == set(paper.decisions.all())


def test_only_those_chosen_come_on_the_decision(as_head, district, round_):
    one, other = (decision_on(factories.sent(district, round_, f"Mô hình {n}"), by=district.head) for n in range(2))
    url = reverse("reviews:decision_paper")
    assert as_head.post(url, TYPED | {"grounds": "Quy chế", "which": "chosen"}).status_code == 422
    paper = issue(as_head, url, grounds="Quy chế", which="chosen", decision=str(other.pk))
    assert list(paper.decisions.all()) == [other]
    assert one.version.dossier.title in as_head.get(url).content.decode()


def test_minutes_say_who_met_and_what_was_concluded(as_head, district, dossier):
    session = session_of(district.board, dossier)
    point = session.points.get()
    url = reverse("reviews:point", args=[point.pk])
    typed = {"discussion": "Cần rõ lộ trình.\nCó hai ý kiến.", "conclusion": "Đề nghị bổ sung.", "edition": "0"}
    assert as_head.post(url, typed).status_code == 302
    assert as_head.post(url, typed | {"conclusion": "Khác"}).status_code == 409
    paper = issue(as_head, reverse("reviews:minutes", args=[session.pk]), post="CHỦ TRÌ", signer="Lê Mẫu")
    said = said_by_docx(paper.word.read())
    for words in (
        "BIÊN BẢN",
        "08 giờ 00, ngày 05 tháng 01 năm 2026",
        "1) Lê Mẫu, Trưởng ban",
        "2.1. Mô hình mẫu",
        "Ý kiến thảo luận: Cần rõ lộ trình. Có hai ý kiến.",
        "Kết luận: Đề nghị bổ sung.",
        "THƯ KÝ CHỦ TRÌ",
    ):
        assert squeezed(words) in said, words
    page = as_head.get(reverse("reviews:session", args=[session.pk])).content.decode()
    assert paper.symbol in page


def test_names_masked_for_the_board_stay_masked_on_its_papers(as_head, district, round_):
    items = individual(3, subject_name="Nguyễn Thị Mẫu")
    dossier = factories.sent(district, round_, "Bản đăng ký", kind="registration_sheet")
    version = dossier.versions.get()
    version.content = {"kind": "registration_sheet", "title": "Bản đăng ký", "items": items, "round": ""}
    version.save()
    decision_on(dossier, by=district.head, outcome="rejected", reason="Việc của Nguyễn Thị Mẫu chưa rõ")
    paper = issue(as_head, reverse("reviews:appraisal_paper", args=[dossier.pk, 1]))
    said = said_by_docx(paper.word.read())
    assert squeezed("Nguyễn Thị Mẫu") not in said
    assert squeezed("Đảng viên") in said


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_cost_the_same_however_long(as_head, district, round_, rows, django_assert_max_num_queries):
    for n in range(rows):
        dossier = factories.sent(district, round_, f"Mô hình {n}")
        decision_on(dossier, by=district.head)
        issued_decision(district.board, district.head, dossier, number=n + 1)
        decision_on(factories.sent(district, round_, f"Chờ {n}"), by=district.head)
        session_of(district.board, dossier)
    session = session_of(district.board, *(one.version.dossier for one in decisions_in_sight(district.head)))
    pages = [reverse(f"reviews:{name}") for name in ("papers", "decision_paper", "sessions")]
    for page in [*pages, *(reverse(f"reviews:{name}", args=[session.pk]) for name in ("session", "add_points"))]:
        with django_assert_max_num_queries(12):
            assert as_head.get(page).status_code == 200


def test_a_unit_takes_the_decision_on_its_dossier_as_it_was_issued_until_it_is_reopened(client, district, dossier):
    decision = decision_on(dossier, by=district.head)
    other = factories.sent(district, dossier.round, unit=district.other_cell, by=district.other_secretary)
    decision_on(other, by=district.head)
    first = issued_decision(district.board, district.head, dossier)
    paper = issued_decision(district.board, district.head, dossier, number=2, replaces=first)
    sheet = issued_sheet(dossier, district)
    page = reverse("models_registry:dossier", args=[dossier.pk])
    address = reverse("reviews:paper_file", args=[paper.pk, "docx"])
    for who in (district.secretary, district.clerk, district.committee, district.leader):
        client.force_login(who)
        told = client.get(page).text
        assert (address in told, paper.shown_code in told, first.shown_code in told) == (True, True, False)
        assert b"".join(client.get(address).streaming_content) == WORD
        assert client.get(reverse("reviews:paper_file", args=[sheet.pk, "docx"])).status_code == 404
    client.force_login(district.other_secretary)
    assert client.get(address).status_code == 404
    assert "Quyết định của Ban" not in client.get(reverse("models_registry:dossier", args=[other.pk])).text
    Reopening.objects.create(decision=decision, by=district.leader, at=NOW, reason=REASON)
    client.force_login(district.secretary)
    assert client.get(address).status_code == 404
    assert "Quyết định của Ban" not in client.get(page).text


def issued_sheet(dossier, district):
    version = dossier.versions.get()
    return keep(drawn(district.board, "appraisal", 9, version=version), by=district.head, at=AT)


def test_structure_and_docx_say_the_same(district, proposed):
    decision_on(factories.sent(district, proposed.round, "Mô hình & <b>khác</b>"), by=district.head)
    head = masthead(district.board, DAY, post="TRƯỞNG BAN", signer="Mẫu")
    version = version_in_sight(district.head).get(dossier=proposed)
    subjects = [
        Subject("appraisal", district.board, version=version),
        Subject("decision", district.board, decisions=tuple(decisions_in_sight(district.head)), grounds="Quy chế"),
        Subject("minutes", district.board, session=session_of(district.board, proposed)),
    ]
    for subject in subjects:
        paper = subject.compose(head, district.head)
        assert said_by_docx(word.draw(paper, at=AT)) == said_by(paper)
        assert paper.mark == "DỰ THẢO"


def test_a_sheet_prints_nobody_who_left_without_handing_in(district, scored, colleague, third):
    services.leave(scored.pk, by=third, at=AT)
    type(scored.round).objects.update(appraisers=2)
    for who in (colleague, district.appraiser):
        services.hand_in(scored.pk, by=who, at=AT)
    services.propose(scored.pk, "approve", by=district.appraiser, at=AT)
    for announced in (False, True):
        if announced:
            services.approve(scored.pk, by=district.head, at=NOW)
        printed = sheet_of(scored.versions.get(), district.head, for_all=True).judged
        assert {one.appraiser for one in printed} == {district.appraiser.full_name, colleague.full_name}


def test_a_list_is_not_issued_again_without_what_the_issuer_may_not_see(as_head, district, round_, other_head):
    first, second = (factories.sent(district, round_, title) for title in ("Một", "Hai"))
    for one in (first, second):
        decision_on(one, by=district.head)
    again = reverse("reviews:reissue", args=[issued_decision(district.board, district.head, first, second).pk])
    assert as_head.get(again).status_code == 200
    services.declare(other_head.pk, unit=first.unit, reason=REASON, by=other_head, at=AT)
    as_head.force_login(other_head)
    assert as_head.get(again).status_code == 403


def test_what_was_said_in_a_session_is_not_written_by_whom_a_conflict_bars(district, dossier, colleague):
    point = session_of(district.board, dossier).points.get()
    services.declare(colleague.pk, dossier_id=dossier.pk, reason=REASON, by=district.head, at=AT)
    with pytest.raises(SessionPoint.DoesNotExist):
        sessions.note_point(point.pk, discussion="", conclusion="Duyệt", edition=point.edition, by=colleague, at=AT)
    sessions.note_point(point.pk, discussion="", conclusion="Duyệt", edition=point.edition, by=district.head, at=AT)
