"""The paper path: documents taken, signed scans attached, and who entered what for whom."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from pypdf import PdfReader

from journal.models import Event, Job
from models_registry import gate, services
from models_registry.documents import pdf
from models_registry.lifecycle import Step
from models_registry.models import Dossier
from tests.factories import AT, person
from tests.models_registry import registry_factories as make
from tests.models_registry.documents.texts import edges_of_docx, said_by_docx, squeezed
from tests.models_registry.dossiers.pages import LATER, answered, returned, sent, url
from tests.models_registry.test_uploads import JPG, PDF, named, office

pytestmark = pytest.mark.django_db
NAME, PUBLIC = "Nguyễn Văn Mẫu", "Đảng viên (số 1)"


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def word(client, dossier, which="dossier", query=""):
    answer = client.get(url("word", dossier.pk, which) + query)
    assert answer.status_code == 200
    return answer.content


def printings(dossier):
    return list(Event.objects.filter(subject_id=dossier.pk, verb="dossier.printed").values_list("actor", "detail"))


@pytest.mark.once
def test_a_sheet_names_people_in_the_cell_and_not_above_and_each_taking_with_names_is_told(client, sheet, district):
    sent(sheet, district.secretary)
    client.force_login(district.secretary)
    for which in ("dossier", "plans", "plan-1"):
        assert squeezed(NAME) in said_by_docx(word(client, sheet, which))
    assert printings(sheet) == [
        (district.secretary.pk, {"document": f"{which}.docx", "version": 1}) for which in ("dossier", "plans", "plan-1")
    ]
    upward = said_by_docx(word(client, sheet, "upward"))
    assert squeezed(PUBLIC) in upward
    assert squeezed(NAME) not in upward
    for reader in (district.appraiser, district.committee, district.leader):
        client.force_login(reader)
        for which in ("dossier", "plans"):
            said = said_by_docx(word(client, sheet, which))
            assert squeezed(PUBLIC) in said
            assert squeezed(NAME) not in said
    assert len(printings(sheet)) == 3


@pytest.mark.once
def test_a_document_is_marked_until_its_own_version_is_approved(client, model, district):
    client.force_login(district.secretary)
    assert edges_of_docx(word(client, model))[0][1:] == ("DỰ THẢO", "2DỰ THẢO", "Bản nháp, in lúc 05/01/2026 10:00")
    returned(model, district, {})
    services.save_draft(model.pk, by=district.secretary, at=LATER, fields={"goal": "Mục tiêu mới"})
    answered(model, district.secretary)
    model.refresh_from_db()
    assert squeezed("Mục tiêu mới") in said_by_docx(word(client, model, query="?version=draft"))
    assert squeezed("Mục tiêu mới") not in said_by_docx(word(client, model))
    sent(model, district.secretary)
    services.take_step(model.pk, Step.TAKE, by=district.appraiser, at=LATER)
    services.take_step(model.pk, Step.APPROVE, by=district.head, at=LATER)
    assert edges_of_docx(word(client, model))[0][1:] == ("", "2", "Bản gửi lần 2, 05/01/2026 10:00")
    assert "DỰ THẢO" in edges_of_docx(word(client, model, query="?version=1"))[0][1]


def test_what_there_is_not_is_not_found(client, model, sheet, district):
    sent(model, district.secretary)
    client.force_login(district.appraiser)
    for path in ("?version=draft", "?version=2", "?version=x2"):
        wanted = 200 if path == "?version=x2" else 404
        assert client.get(url("word", model.pk, "dossier") + path).status_code == wanted
    assert client.get(url("word", model.pk, "plans")).status_code == 404
    assert client.get(url("word", model.pk, "nothing")).status_code == 404
    client.force_login(district.secretary)
    assert client.get(url("word", sheet.pk, "plan-7")).status_code == 404


def test_a_sheet_of_nobody_yet_leads_to_no_papers_of_individuals(client, sheet, district):
    client.force_login(district.secretary)
    plans = url("word", sheet.pk, "plans")
    assert plans in client.get(url("paper", sheet.pk)).content.decode()
    sheet.items.filter(kind="IND").delete()
    assert plans not in client.get(url("paper", sheet.pk)).content.decode()
    assert client.get(plans).status_code == 404


@pytest.mark.once
def test_a_pdf_is_drawn_by_a_job_and_says_what_its_reader_may_see(client, sheet, district, run_jobs):
    sent(sheet, district.secretary)
    client.force_login(district.appraiser)
    answer = client.post(url("pdf", sheet.pk, "dossier"))
    (job,) = run_jobs()
    job.refresh_from_db()
    assert answer.url == f"/journal/jobs/{job.pk}/"
    assert (job.state, job.result["filename"]) == (Job.State.DONE, "ban-dang-ky-ban-1.pdf")
    said = squeezed("".join(page.extract_text() for page in PdfReader(job.file).pages))
    assert squeezed(PUBLIC) in said
    assert squeezed(NAME) not in said
    assert printings(sheet) == []
    client.force_login(district.secretary)
    client.post(url("pdf", sheet.pk, "plan-1"))
    run_jobs()
    assert printings(sheet) == [(district.secretary.pk, {"document": "plan-1.pdf", "version": 1})]


def test_a_post_that_ended_meanwhile_draws_nothing(client, sheet, district, run_jobs):
    client.force_login(district.secretary)
    client.post(url("pdf", sheet.pk, "dossier"))
    district.secretary.posts.update(ends_at=LATER)
    (job,) = run_jobs()
    job.refresh_from_db()
    assert (job.state, bool(job.file)) == (Job.State.FAILED, False)
    assert "không còn xem được" in job.message


def test_without_pango_there_is_no_pdf_and_the_page_says_so(client, sheet, district, monkeypatch):
    client.force_login(district.secretary)
    assert "Tải PDF" in client.get(url("paper", sheet.pk)).content.decode()
    monkeypatch.setattr(pdf, "PANGO", ("libkhong-co.so",))
    pdf.can_draw.cache_clear()
    try:
        for page in ("paper", "dossier", "print", "check"):
            assert "Tải PDF" not in client.get(url(page, sheet.pk)).content.decode()
        assert "chưa tạo được PDF" in client.get(url("paper", sheet.pk)).content.decode()
        assert client.post(url("pdf", sheet.pk, "dossier")).status_code == 404
        with pytest.raises(pdf.NoPango):
            pdf.draw(None)
    finally:
        monkeypatch.undo()
        pdf.can_draw.cache_clear()


def test_a_clerk_attaches_what_the_secretary_signed_and_the_record_says_for_whom(client, model, district):
    client.force_login(district.clerk)
    answer = client.post(
        url("paper", model.pk), {"signed_by": district.secretary.pk, "file": SimpleUploadedFile("Bản ký.pdf", PDF)}
    )
    assert answer.status_code == 302, answer.context["form"].errors
    scan = model.attachments.get()
    assert (scan.signed_version, scan.signed_by, scan.added_by) == (1, district.secretary, district.clerk)
    event = Event.objects.get(verb="dossier.signed")
    assert (event.actor, event.on_behalf_of) == (district.clerk, district.secretary)
    said = f"{district.clerk} thay {district.secretary}"
    assert said in client.get(url("dossier", model.pk)).content.decode()
    model.refresh_from_db()
    sent(model, district.secretary)
    assert model.versions.get().content["attachments"] == []
    client.force_login(district.appraiser)
    page = client.get(f"/reviews/{model.pk}/").content.decode()
    assert said in page
    assert "Bản ký.pdf" in page
    assert "đính kèm thay" in page


def test_what_a_clerk_writes_is_entered_for_the_secretary_and_what_the_secretary_writes_for_nobody(district, opened):
    made = services.start_dossier(kind="practice_model", unit=district.cell, round=opened, by=district.clerk, at=AT)
    services.save_draft(made.pk, by=district.clerk, at=AT, fields={"title": "Mô hình"})
    services.attach(made.pk, named("a.pdf", PDF), by=district.clerk, at=AT)
    services.save_draft(made.pk, by=district.secretary, at=AT, fields={"title": "Mô hình khác"})
    told = Event.objects.filter(subject="dossier", subject_id=made.pk).values_list("verb", "on_behalf_of")
    assert list(told) == [
        ("dossier.started", district.secretary.pk),
        ("dossier.save", district.secretary.pk),
        ("dossier.attach", district.secretary.pk),
        ("dossier.save", None),
    ]


def test_a_scan_may_follow_the_click_until_it_is_decided_and_changes_nothing_sent(client, model, district):
    sent(model, district.secretary)
    before = Dossier.objects.values("edition", "version", "changed_at").get(pk=model.pk)

    def sign(file):
        return services.attach_signed(model.pk, file, signed_by=district.secretary, by=district.secretary, at=LATER)

    scan = sign(named("a.pdf", PDF))
    assert sign(named("a.pdf", PDF)) == scan
    assert Dossier.objects.values("edition", "version", "changed_at").get(pk=model.pk) == before
    with pytest.raises(ValidationError, match="giữ nguyên"):
        services.take_off_signed(scan.pk, by=district.secretary, at=LATER)
    services.take_step(model.pk, Step.TAKE, by=district.appraiser, at=LATER)
    sign(named("b.jpg", JPG))
    services.take_step(model.pk, Step.APPROVE, by=district.head, at=LATER)
    with pytest.raises(gate.StepNotOpen):
        sign(named("c.jpg", JPG))
    client.force_login(district.secretary)
    late = client.post(
        url("paper", model.pk), {"signed_by": district.secretary.pk, "file": SimpleUploadedFile("c.jpg", JPG)}
    )
    assert late.status_code == 409


def test_a_scan_of_a_draft_is_taken_off_again_and_is_nobodys_above(client, model, district):
    returned(model, district, {})
    client.force_login(district.secretary)
    client.post(url("paper", model.pk), {"signed_by": district.secretary.pk, "file": SimpleUploadedFile("a.pdf", PDF)})
    scan = model.attachments.get()
    assert scan.signed_version == 2
    client.force_login(district.appraiser)
    assert "a.pdf" not in client.get(url("paper", model.pk)).content.decode()
    client.force_login(district.secretary)
    later = LATER + dt.timedelta(minutes=5)
    services.save_draft(model.pk, by=district.secretary, at=later, fields={"goal": "Mới"})
    assert "sửa sau khi đính kèm" in client.get(url("paper", model.pk)).content.decode()
    assert client.post(url("paper", model.pk), {"remove": scan.pk}).status_code == 302
    assert not model.attachments.exists()
    assert client.post(url("paper", model.pk), {"remove": scan.pk}).status_code == 404


def test_what_is_no_scan_or_no_signer_is_refused_with_a_sentence(client, model, sheet, district):
    client.force_login(district.secretary)
    answer = client.post(
        url("paper", model.pk), {"signed_by": district.secretary.pk, "file": SimpleUploadedFile("a.docx", office())}
    )
    assert answer.status_code == 422
    assert "PDF, JPG hoặc PNG" in str(answer.context["form"].errors)
    stranger = client.post(
        url("paper", model.pk), {"signed_by": district.head.pk, "file": SimpleUploadedFile("a.pdf", PDF)}
    )
    assert stranger.status_code == 422
    services.attach(model.pk, named("a.pdf", PDF), by=district.secretary, at=LATER)
    again = client.post(
        url("paper", model.pk), {"signed_by": district.secretary.pk, "file": SimpleUploadedFile("a.pdf", PDF)}
    )
    assert again.status_code == 422
    assert "đã có trong hồ sơ" in str(again.context["form"].errors)
    by = district.secretary
    services.attach_signed(model.pk, named("b.jpg", JPG), signed_by=by, by=by, at=LATER)
    with pytest.raises(ValidationError, match=r"đã có trong hồ sơ: “b\.jpg”"):
        services.attach(model.pk, named("c.jpg", JPG), by=by, at=LATER)


@pytest.mark.parametrize("count", [1, 30])
def test_the_paper_page_and_a_document_cost_the_same_however_many(
    client, district, sheet, count, django_assert_max_num_queries
):
    for n in range(count):
        make.individual(sheet, name=f"Người Mẫu {n}", number=n + 2)
    client.force_login(district.secretary)
    with django_assert_max_num_queries(12):
        assert client.get(url("paper", sheet.pk)).status_code == 200
    with django_assert_max_num_queries(14):
        word(client, sheet, "plans")
    sent(sheet, district.secretary)
    client.force_login(person(district.board, "appraiser"))
    with django_assert_max_num_queries(12):
        assert client.get(url("paper", sheet.pk)).status_code == 200
