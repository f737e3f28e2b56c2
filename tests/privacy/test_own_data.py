"""A person's data as a file: everything the register names, for who may have it alone."""

import json
import zipfile

import pytest
from django.urls import reverse

from journal.models import Event, Job, Notice, NoticeChoice, TypedText
from organizations.models import FormerName
from privacy.services.exporting import write_data
from tests.factories import AT

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(district):
    one = district.secretary
    one.phone = "0912345678"
    one.save()
    FormerName.objects.create(person=one, full_name="Tên cũ", until=AT)
    event = Event.objects.filter(actor__isnull=True).first()
    Notice.objects.create(event=event, recipient=one, text="Hồ sơ được duyệt")
    TypedText.objects.create(person=one, key="k", copy={"values": {"a": "đang gõ"}}, at=AT)
    TypedText.objects.create(person=district.head, key="k", copy={"values": {"a": "của người khác"}}, at=AT)
    return one


def test_the_file_holds_what_is_ones_own_and_no_secret(person, tmp_path):
    path = tmp_path / "data.zip"
    rows = write_data(person, path, at=AT, advance=lambda *_: None)
    with zipfile.ZipFile(path) as packed:
        data = json.loads(packed.read("data.json"))
        page = packed.read("doc-du-lieu.html").decode()
    assert sum(map(len, data.values())) == rows
    assert data["organizations.Person"][0]["phone"] == "0912345678"
    assert data["organizations.FormerName"][0]["full_name"] == "Tên cũ"
    assert [one["text"] for one in data["journal.Notice"]] == ["Hồ sơ được duyệt"]
    assert data["organizations.Post"][0]["as"] == ["person"]
    for said in ("Tên cũ", "đang gõ", person.full_name):
        assert said in page
    whole = json.dumps(data, ensure_ascii=False) + page
    assert "của người khác" not in whole
    assert person.password not in whole


def test_ones_own_rows_are_given_whole_and_others_get_nothing_that_was_told_or_typed(person, tmp_path):
    NoticeChoice.objects.create(person=person, kind="decided", in_portal=False, by_mail=True)
    given = {}
    for to_others in (False, True):
        write_data(person, tmp_path / "data.zip", at=AT, advance=lambda *_: None, to_others=to_others)
        with zipfile.ZipFile(tmp_path / "data.zip") as packed:
            given[to_others] = json.loads(packed.read("data.json"))
    (choice,), (post,) = given[False]["journal.NoticeChoice"], given[False]["organizations.Post"]
    assert (choice["kind"], choice["in_portal"], choice["by_mail"]) == ("decided", False, True)
    assert (post["unit"], post["role"]) == (person.posts.get().unit_id, "secretary")
    gone = {"journal.Notice", "journal.Reminder", "journal.NoticeChoice", "journal.TypedText"}
    gone |= {"completion.PackWish", "completion.WeeklyWish", "reviews.CannedRemark", "reviews.SavedFilter"}
    assert given[False].keys() - given[True].keys() == gone


def test_a_person_asks_for_the_own_and_an_administrator_for_those_within_reach(client, district, person):
    client.force_login(person)
    assert "Lập tệp dữ liệu" in client.get(reverse("privacy:mine")).content.decode()
    assert client.post(reverse("privacy:take_mine")).status_code == 302
    job = Job.objects.get()
    assert (job.owner, job.arguments["person"]) == (person, person.pk)
    client.force_login(district.head)
    assert client.get(reverse("journal:job", args=[job.pk])).status_code == 404
    assert client.post(reverse("privacy:take_person", args=[person.pk])).status_code == 404
    client.force_login(district.administrator)
    assert client.post(reverse("privacy:take_person", args=[person.pk])).status_code == 302
    assert Event.objects.filter(verb="person.data_asked", subject_id=person.pk).count() == 2
