"""Recognition: facts with a day and a decision, counted by year, level and recipient, shown beside the model."""

import datetime as dt
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from docx import Document
from openpyxl import load_workbook
from pypdf import PdfReader

from journal.models import Event, Notice
from models_registry.models import Dossier, Recognition
from models_registry.queries import recognition as queries
from models_registry.services.recognition import (
    recognise_model,
    recognise_unit,
    unname_recognition,
    withdraw_recognition,
)
from tests.factories import AT
from tests.models_registry.documents.texts import squeezed

DAY = AT.date()
AWARD = {"stage": "commended", "on": DAY, "level": "district", "document_symbol": "12-QĐ/HU", "award": "Giấy khen"}
PERSON = {"recipient": "individual", "position": "Tổ trưởng", "name": "Nguyễn Thị Mẫu", "consent": True}


def collective(district, **given):
    return recognise_unit(
        district.cell, recipient="collective", by=district.head, at=AT, **{"stage": "selected", "on": DAY} | given
    )


def test_a_model_goes_from_choosing_to_spreading_as_dated_facts(district, approved):
    for stage in ("selected", "fostered"):
        recognise_model(approved.pk, stage=stage, on=DAY, by=district.committee, at=AT)
    recognise_model(approved.pk, **AWARD, by=district.head, at=AT)
    steps = queries.steps_of(queries.of_model(approved))
    assert [(step.label, len(step.facts)) for step in steps] == [
        ("Lựa chọn", 1),
        ("Bồi dưỡng", 1),
        ("Khen thưởng", 1),
        ("Nhân rộng", 0),
    ]
    assert queries.honours_of([approved.pk]) == {approved.pk: "Giấy khen, cấp huyện, 2026"}
    assert Dossier.objects.get(pk=approved.pk).state == "approved"
    event = Event.objects.filter(verb="recognition.recorded").last()
    assert (event.actor, event.detail["symbol"]) == (district.head, "12-QĐ/HU")
    assert Notice.objects.filter(event=event).get().recipient == district.secretary


def test_the_highest_commendation_stands_on_the_card(client, district, shown):
    recognise_model(shown.pk, **AWARD, by=district.head, at=AT)
    province = AWARD | {"level": "province", "document_symbol": "5-QĐ/TU", "award": "Bằng khen"}
    recognise_model(shown.pk, **province, by=district.head, at=AT)
    client.force_login(district.other_secretary)
    card = client.get(reverse("models_registry:showcase")).context["cards"][0]
    assert card.honour == "Bằng khen, cấp tỉnh, 2026"
    assert "5-QĐ/TU" in client.get(reverse("models_registry:shown_model", args=[shown.pk])).content.decode()


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"level": ""}, "level"),
        ({"document_symbol": ""}, "document_symbol"),
        ({"on": DAY + dt.timedelta(days=1)}, "on"),
        ({"recipient": "model"}, "recipient"),
        ({"recipient": "individual"}, "position"),
        (PERSON | {"consent": False}, "consent"),
    ],
)
def test_what_is_refused_and_at_which_field(district, given, field):
    given = {"recipient": "collective"} | AWARD | given
    with pytest.raises(ValidationError) as refused:
        recognise_unit(district.cell, by=district.head, at=AT, **given)
    assert [*refused.value.error_dict] == [field]
    assert not Recognition.objects.exists()


def test_the_same_decision_commends_once(district, approved):
    collective(district, **AWARD)
    recognise_model(approved.pk, **AWARD, by=district.head, at=AT)
    for again in (
        lambda: collective(district, **AWARD),
        lambda: recognise_model(approved.pk, **AWARD, by=district.head, at=AT),
    ):
        with pytest.raises(ValidationError):
            again()
    assert Recognition.objects.count() == 2


@pytest.mark.parametrize("who", ["secretary", "appraiser", "leader", "administrator"])
def test_who_may_not_record(district, approved, who):
    by = getattr(district, who)
    with pytest.raises((PermissionDenied, Dossier.DoesNotExist)):
        recognise_model(approved.pk, **AWARD, by=by, at=AT)
    with pytest.raises(PermissionDenied):
        recognise_unit(district.cell, recipient="collective", **AWARD, by=by, at=AT)


def test_a_committee_records_nothing_outside_its_own(district):
    with pytest.raises(PermissionDenied):
        recognise_unit(district.other_cell, recipient="collective", **AWARD, by=district.committee, at=AT)


def test_a_draft_is_recognised_for_nothing(district, model):
    with pytest.raises(Dossier.DoesNotExist):
        recognise_model(model.pk, **AWARD, by=district.head, at=AT)


def test_a_name_goes_when_consent_goes_and_never_was_in_the_journal(district):
    one = recognise_unit(district.cell, **PERSON | AWARD, by=district.head, at=AT)
    assert one.title == "Nguyễn Thị Mẫu, Tổ trưởng"
    unname_recognition(one.pk, by=district.head, at=AT)
    one.refresh_from_db()
    assert (one.title, one.consent) == ("Tổ trưởng", False)
    assert not [event for event in Event.objects.all() if "Mẫu" in str(event.detail)]
    assert not Notice.objects.filter(text__contains="Nguyễn Thị Mẫu").exists()


def test_what_was_recorded_wrongly_counts_nowhere_and_stays_readable(client, district, approved):
    one = recognise_model(approved.pk, **AWARD, by=district.head, at=AT)
    with pytest.raises(ValidationError):
        withdraw_recognition(one.pk, reason="Nhầm", by=district.head, at=AT)
    withdraw_recognition(one.pk, reason="Ghi nhầm mô hình khác", by=district.head, at=AT)
    assert (queries.counts(district.head), queries.honours_of([approved.pk])) == ([], {})
    client.force_login(district.leader)
    page = client.get(reverse("models_registry:recognitions"), {"withdrawn": "on"})
    assert [*page.context["page_obj"]] == [one]
    assert "Ghi nhầm mô hình khác" in client.get(reverse("models_registry:recognition", args=[one.pk])).content.decode()
    recognise_model(approved.pk, **AWARD, by=district.head, at=AT)


def test_each_count_opens_exactly_its_rows(client, district, approved):
    recognise_model(approved.pk, **AWARD, by=district.head, at=AT)
    collective(district, **AWARD)
    recognise_unit(district.other_cell, **PERSON | AWARD, by=district.head, at=AT)
    last_year = AWARD | {"on": dt.date(2025, 5, 19), "level": "province", "document_symbol": "9"}
    collective(district, **last_year)
    collective(district)
    client.force_login(district.leader)
    address = reverse("models_registry:recognitions")
    rows = client.get(address).context["counts"]
    told = [(row.year, row.level, row.counts, row.total) for row in rows]
    assert told == [
        (2026, "district", {"collective": 1, "individual": 1, "model": 1}, 3),
        (2025, "province", {"collective": 1, "individual": 0, "model": 0}, 1),
    ]
    for row in rows:
        for recipient, count in row.counts.items():
            asked = {"stage": "commended", "year": row.year, "level": row.level, "recipient": recipient}
            assert client.get(address, asked).context["page_obj"].paginator.count == count
    client.force_login(district.secretary)
    assert [row.counts["individual"] for row in client.get(address).context["counts"]] == [0, 0]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long(client, district, rows, django_assert_max_num_queries):
    for n in range(rows):
        collective(district, **AWARD | {"document_symbol": f"{n}-QĐ/HU"})
    client.force_login(district.head)
    for name, args in (("recognitions", []), ("honours", [2026])):
        with django_assert_max_num_queries(12):
            client.get(reverse(f"models_registry:{name}", args=args))


def test_the_list_of_19_5_names_whoever_is_commended_once(client, district, approved):
    collective(district, honours_year=2026)
    recognise_model(approved.pk, stage="selected", on=DAY, honours_year=2026, by=district.committee, at=AT)
    recognise_model(approved.pk, **AWARD, honours_year=2026, by=district.head, at=AT)
    recognise_unit(district.cell, **PERSON, stage="selected", on=DAY, honours_year=2025, by=district.head, at=AT)
    client.force_login(district.head)
    page = client.get(reverse("models_registry:honours", args=[2026]))
    assert [(one.recipient, one.stage) for one in page.context["page_obj"]] == [
        ("model", "commended"),
        ("collective", "selected"),
    ]
    paper = Document(BytesIO(client.get(reverse("models_registry:honours_word", args=[2026])).content))
    tables = [[row.cells[1].text for row in table.rows[1:-1]] for table in paper.tables if len(table.columns) == 5]
    assert tables == [[approved.title], [district.cell.name]]
    file = client.get(reverse("models_registry:honours_xlsx", args=[2026]))
    sheet = load_workbook(BytesIO(b"".join(file.streaming_content))).active
    lines = list(sheet.iter_rows(min_row=4, values_only=True))
    assert [(line[0], line[6], line[7]) for line in lines] == [
        (approved.title, "12-QĐ/HU", dt.datetime(2026, 1, 5)),
        (district.cell.name, "", dt.datetime(2026, 1, 5)),
    ]


def test_the_list_of_19_5_is_drawn_as_pdf_by_a_job(client, district, approved, run_jobs, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    recognise_model(approved.pk, **AWARD, honours_year=2026, by=district.head, at=AT)
    client.force_login(district.head)
    address = reverse("models_registry:honours_pdf", args=[2026])
    assert address in client.get(reverse("models_registry:honours", args=[2026])).text
    answer = client.post(address)
    (job,) = run_jobs()
    job.refresh_from_db()
    assert (answer.url, job.state, job.result["filename"]) == (
        f"/journal/jobs/{job.pk}/",
        "done",
        "danh-sach-19-5-2026.pdf",
    )
    said = squeezed("".join(page.extract_text() for page in PdfReader(job.file).pages))
    assert squeezed(approved.title) in said and squeezed("12-QĐ/HU") in said
    client.post(address)
    district.head.posts.update(ends_at=AT + dt.timedelta(minutes=1))
    (late,) = run_jobs()
    late.refresh_from_db()
    assert late.state == "failed"


def test_recording_by_the_pages(client, district, approved):
    client.force_login(district.head)
    address = reverse("models_registry:recognise_model", args=[approved.pk])
    typed = AWARD | {"on": "05/01/2026", "document_symbol": ""}
    refused = client.post(address, typed)
    assert (refused.status_code, refused.context["form"]["award"].value()) == (422, "Giấy khen")
    made = client.post(address, typed | {"document_symbol": "12-QĐ/HU"})
    one = Recognition.objects.get()
    assert made.url == reverse("models_registry:recognition", args=[one.pk])
    panel = client.get(reverse("models_registry:dossier", args=[approved.pk])).content.decode()
    assert "12-QĐ/HU" in panel and address in panel
    other = client.post(
        reverse("models_registry:recognise"),
        PERSON | typed | {"unit": district.other_cell.code, "document_symbol": "13", "consent": "on"},
    )
    assert other.status_code == 302
    assert Recognition.objects.latest("pk").unit == district.other_cell
