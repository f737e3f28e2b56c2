"""Erasing a person: two administrators, names gone wherever they were rows, ids and the chain as they were."""

import json

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import call_command
from django.db import connection
from django.urls import reverse

from journal.chain import digest
from journal.models import Event, Notice, TypedText
from journal.services import chain_events
from models_registry.lifecycle import Step
from models_registry.models import Dossier, Exemplar, WorkItem
from models_registry.services import save_draft, submit, take_step
from organizations import services
from organizations.models import FormerName, Person
from privacy.models import Erasure
from privacy.queries.erasing import candidates, names_of, places
from privacy.services import erasing
from progress.queries.replaying import dossiers_that_differ
from tests.factories import AT
from tests.models_registry import registry_factories as make
from tests.models_registry.showcase.making import LATER, approve, publish

pytestmark = pytest.mark.django_db
NAME = "Trần Thị Mẫu"
SAID = {"reference": "Đơn ngày 01/02/2026", "reason": "Người ấy yêu cầu xóa"}


@pytest.fixture
def gone(district, opened, administrators):
    """Somebody whose account has ended, who is named by a model and by an individual work."""
    one = district.clerk
    Person.objects.filter(pk=one.pk).update(full_name=NAME, phone="0912345678", email="mau@example.vn")
    FormerName.objects.create(person=one, full_name="Trần Thị Mẫu Cũ", until=AT)
    TypedText.objects.create(person=one, key="k", copy={}, at=AT)
    Notice.objects.create(event=Event.objects.first(), recipient=one, text="Việc của bạn")
    model = make.full_model(district.cell, district.secretary, opened)
    publish(approve(model, district), district)
    sheet = make.full_sheet(district.cell, district.secretary, opened)
    item = sheet.items.filter(kind="IND").first()
    item.subject_name, item.title = NAME, f"{NAME} đọc sách mỗi tuần"
    item.save()
    for post in one.posts.all():
        services.end_post(post, ends_at=LATER, by=administrators[0], at=LATER)
    services.shut_out(Person.objects.get(pk=one.pk), by=administrators[0], at=LATER)
    return Person.objects.get(pk=one.pk)


def asked(gone, by):
    named = candidates(names_of(gone))
    chosen = {kind: [one.pk for one in getattr(named, kind)] for kind in erasing.KINDS}
    return erasing.ask_erasure(gone, **SAID, named=chosen, by=by, at=LATER)


def test_what_is_erased_is_found_nowhere_and_the_chain_holds(client, district, gone, administrators, capsys):
    chain_events(at=LATER, everything=True)
    before = Event.objects.count()
    request = asked(gone, administrators[0])
    with pytest.raises(PermissionDenied):
        erasing.erase(request.pk, by=administrators[0], at=LATER)
    for _twice in range(2):
        done = erasing.erase(request.pk, by=administrators[1], at=LATER)
    gone.refresh_from_db()
    assert (gone.full_name, gone.phone, gone.email) == (f"Người đã xóa tên số {gone.pk}", None, "")
    assert not gone.has_usable_password()
    assert not FormerName.objects.filter(person=gone).exists()
    assert not TypedText.objects.filter(person=gone).exists()
    assert not Notice.objects.filter(recipient=gone).exists()
    assert not Exemplar.objects.exclude(name="").exists()
    assert not WorkItem.objects.filter(subject_name=NAME).exists()
    assert not WorkItem.objects.filter(title__contains=NAME).exists()
    assert (done.counts["named"], done.counts["places"]) == (2, [])
    assert Event.objects.count() > before
    chain_events(at=LATER, everything=True)
    call_command("verify_journal")
    assert "person.erased" in Event.objects.values_list("verb", flat=True)
    client.force_login(administrators[1])
    for name, pk in (("privacy:erasure", request.pk), ("organizations:person", gone.pk)):
        assert NAME not in client.get(reverse(name, args=[pk])).content.decode()


def test_where_the_name_still_stands_in_words_is_told(client, district, gone, administrators, opened):
    other = make.full_model(district.other_cell, district.other_secretary, opened)
    other.practice.goal = f"Nhờ bà {NAME} vận động"
    other.practice.save()
    request = erasing.ask_erasure(gone, **SAID, named={}, by=administrators[0], at=LATER)
    done = erasing.erase(request.pk, by=administrators[1], at=LATER)
    assert {"table": "models_registry.PracticeModel", "ids": [other.practice.pk]} in done.counts["places"]
    assert Exemplar.objects.filter(name=NAME).exists()


def test_who_still_signs_in_is_not_erased_and_is_asked_for_once(district, gone, administrators):
    with pytest.raises(ValidationError, match="ngừng tài khoản"):
        erasing.ask_erasure(district.secretary, **SAID, named={}, by=administrators[0], at=LATER)
    with pytest.raises(PermissionDenied):
        erasing.ask_erasure(gone, **SAID, named={}, by=district.head, at=LATER)
    request = asked(gone, administrators[0])
    with pytest.raises(ValidationError, match="Đã có yêu cầu"):
        asked(gone, administrators[1])
    erasing.refuse_erasure(request.pk, by=administrators[0], at=LATER)
    assert Erasure.objects.get().state == "refused"
    with pytest.raises(ValidationError, match="đã kết thúc"):
        erasing.erase(request.pk, by=administrators[1], at=LATER)
    gone.refresh_from_db()
    assert gone.full_name == NAME


@pytest.fixture
def sent(district, gone):
    """The sheet with their individual work, sent."""
    sheet = WorkItem.objects.get(subject_name=NAME).dossier
    submit(sheet.pk, edition=sheet.edition, by=district.secretary, at=AT)
    return sheet


def test_the_journal_replays_after_an_erasure_and_finds_what_is_changed_after_it(gone, administrators, sent):
    erasing.erase(asked(gone, administrators[0]).pk, by=administrators[1], at=LATER)
    sent.refresh_from_db()
    version = sent.versions.get()
    assert NAME not in json.dumps(version.content, ensure_ascii=False)
    assert dossiers_that_differ([sent]) == []
    version.content |= {"title": "Viết lại"}
    version.save()
    assert [one.pk for one in dossiers_that_differ([sent])] == [sent.pk]


def test_what_others_saved_until_a_work_was_locked_stays(gone, administrators):
    first = WorkItem.objects.get(subject_name=NAME)
    second = WorkItem.objects.create(dossier=first.dossier, unit=first.unit, kind="IND", year=first.year, order=9,
                                     subject_name=NAME, subject_number=9, title="Tên cũ")  # fmt: skip
    request = asked(gone, administrators[0])
    done = []

    def meanwhile(execute, sql, *rest):
        if sql.startswith('UPDATE "models_registry_workitem"') and not done:
            done.append(sql)
            WorkItem.objects.filter(pk=second.pk).update(title=f"Việc mới {NAME} làm", expected_result="Kết quả mới")
        return execute(sql, *rest)

    with connection.execute_wrapper(meanwhile):
        erasing.erase(request.pk, by=administrators[1], at=LATER)
    second.refresh_from_db()
    assert (second.title, second.expected_result, second.subject_name) == (
        f"Việc mới {second.public_subject} làm", "Kết quả mới", "",
    )  # fmt: skip


def test_a_name_of_which_only_an_earlier_version_is_left_can_be_erased(district, gone, administrators, opened):
    model = make.full_model(district.cell, district.secretary, opened)
    said = {"position": "Tổ phó", "evidence": f"Bà {NAME} vận động 30 hộ", "consent": True}
    save_draft(model.pk, rows={"exemplars": [said | {"name": NAME}]}, by=district.secretary, at=AT)
    left = model.practice.exemplars.get()
    model.refresh_from_db()
    submit(model.pk, edition=model.edition, by=district.secretary, at=AT)
    take_step(model.pk, Step.TAKE, by=district.appraiser, at=AT)
    Dossier.objects.filter(pk=model.pk).update(state="draft")
    save_draft(model.pk, rows={"exemplars": [said | {"name": "Lê Văn Khác"}]}, by=district.secretary, at=LATER)
    (proof,) = Event.objects.get(verb="dossier.consent_ended").detail["consents"]
    assert (proof["exemplar"], proof["how"], proof["recorded_by"]) == (left.pk, "told", district.secretary.pk)

    found = candidates(names_of(gone))
    assert [(one.pk, one.name, one.position) for one in found.sent] == [(model.pk, NAME, "Tổ phó")]
    assert NAME.upper() in json.dumps(model.versions.get().content, ensure_ascii=False).upper()
    ids = {one["table"]: one["ids"] for one in places([NAME])}
    assert model.versions.get().pk in ids["models_registry.DossierVersion"]
    erasing.erase(asked(gone, administrators[0]).pk, by=administrators[1], at=LATER)
    content = model.versions.get().content
    assert NAME not in json.dumps(content, ensure_ascii=False)
    assert [(one["name"], one["consent"], one["evidence"]) for one in content["exemplars"]] == [
        ("", False, "Bà Tổ phó vận động 30 hộ")
    ]
    told = Event.objects.get(verb="dossier.unname", subject_id=model.pk).detail
    assert told == {"versions": {"1": digest(content)}}


def test_the_pages_ask_and_answer(client, gone, administrators, django_assert_max_num_queries):
    client.force_login(administrators[0])
    address = reverse("privacy:ask_erasure", args=[gone.pk])
    assert NAME in client.get(address).content.decode()
    assert client.post(address, SAID | {"reason": "ngắn"}).status_code == 422
    ticked = [f"exemplar-{Exemplar.objects.exclude(name='').get().pk}"]
    assert client.post(address, SAID | {"named": ticked}).status_code == 302
    page = reverse("privacy:erasure", args=[Erasure.objects.get().pk])
    assert "quản trị viên khác xác nhận" in client.get(page).content.decode()
    assert client.post(page, {"erase": "1"}).status_code == 403
    client.force_login(administrators[1])
    assert client.post(page, {"erase": "1"}).status_code == 302
    assert "Đã xóa" in client.get(page).content.decode()
    with django_assert_max_num_queries(12):
        client.get(reverse("privacy:erasures"))
