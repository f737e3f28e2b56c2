"""Where a person is told of what: in the portal, by mail, in both or nowhere."""

import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse

from journal.models import Event, Notice, Told
from journal.services import choices_of, choose_notices, make_digests, record, send_mails, tell_about_new_events
from tests.journal.test_digests import MORNING

pytestmark = pytest.mark.django_db


def told(person, kind=Told.DECIDED, by=None):
    record(
        "dossier.approve", subject="dossier", subject_id=1, by=by, at=MORNING, tell=[person], link="/d/1/", kind=kind,
        text="Đã duyệt: Đèn đường",
    )  # fmt: skip
    tell_about_new_events(at=MORNING)


def mailed(person):
    make_digests(at=MORNING)
    send_mails(at=MORNING)
    return [text for text in ("Đã duyệt: Đèn đường",) for sent in mail.outbox if text in sent.body]


@pytest.mark.parametrize("in_portal", [True, False])
@pytest.mark.parametrize("by_mail", [True, False])
def test_a_kind_is_told_where_it_was_chosen(client, reader, mail_on, in_portal, by_mail):
    choose_notices(reader, {Told.DECIDED: (in_portal, by_mail)}, at=MORNING)
    told(reader)
    client.force_login(reader)
    page = client.get(reverse("journal:notices"))
    assert len(page.context["page_obj"].object_list) == in_portal
    assert page.context["unread_notices"] == in_portal
    assert len(mailed(reader)) == by_mail
    assert Notice.objects.filter(event__verb="dossier.approve").count() == (in_portal or by_mail)


def test_what_is_told_by_mail_alone_stands_in_one_mail_and_no_second(reader, mail_on):
    choose_notices(reader, {Told.DECIDED: (False, True)}, at=MORNING)
    told(reader)
    assert len(mailed(reader)) == 1
    tomorrow = MORNING + dt.timedelta(days=1)
    assert (make_digests(at=tomorrow), send_mails(at=tomorrow)) == (0, 0)


def test_where_no_mail_goes_out_it_is_told_in_the_portal_all_the_same(client, reader):
    choose_notices(reader, {Told.DECIDED: (False, True)}, at=MORNING)
    told(reader)
    assert Notice.objects.told().visible_to(reader).count() == 1


def test_one_choice_leaves_the_other_kinds_alone(reader):
    choose_notices(reader, {Told.OVERDUE: (False, False)}, at=MORNING)
    for kind in Told.values:
        told(reader, kind)
    told(reader, "")
    kept = ["", "answered", "assigned", "decided", "pack", "returned", "urged", "weekly"]
    assert sorted(Notice.objects.values_list("kind", flat=True)) == kept


def test_the_mail_and_the_list_say_who_did_it(client, district, reader, mail_on):
    told(reader, by=district.head)
    client.force_login(reader)
    for address in ("journal:notices", "home"):
        assert f"· {district.head.full_name}" in client.get(reverse(address)).content.decode()
    make_digests(at=MORNING)
    send_mails(at=MORNING)
    assert f"Đã duyệt: Đèn đường ({district.head.full_name})" in mail.outbox[0].body


def test_the_page_keeps_what_is_ticked_and_the_journal_names_the_kinds(client, reader):
    client.force_login(reader)
    ticked = {f"portal_{kind}": "on" for kind in Told.values if kind != Told.ANSWERED}
    given = {"email": reader.email, "wants_mail": "on", "mail_language": "vi", "mail_decided": "on", **ticked}
    assert client.post(reverse("account_mail"), given).status_code == 302
    both, portal, nowhere = (True, True), (True, False), (False, False)
    assert choices_of(reader) == {
        "assigned": portal, "returned": portal, "answered": nowhere, "decided": both, "overdue": portal,
        "pack": portal, "urged": portal, "weekly": portal,
    }  # fmt: skip
    event = Event.objects.get(verb="person.notices_chosen")
    assert event.detail == {"changed": ["answered", "assigned", "overdue", "pack", "returned", "urged", "weekly"]}
    assert client.get(reverse("account_mail")).context["form"]["portal_answered"].value() is False


def test_mail_alone_without_an_address_is_refused_in_words(client, district):
    client.force_login(district.secretary)
    given = {"email": "", "wants_mail": "on", "mail_language": "vi", "mail_decided": "on"}
    answer = client.post(reverse("account_mail"), given)
    assert answer.status_code == 422
    assert "Bạn chọn chỉ nhận bằng thư: Hồ sơ có kết luận" in answer.content.decode()
    assert choices_of(district.secretary)["decided"] == (True, True)


def test_the_list_is_narrowed_to_a_kind(client, reader):
    told(reader)
    told(reader, kind=Told.URGED)
    client.force_login(reader)
    listed = {
        kind: [one.kind for one in client.get(reverse("journal:notices"), {"kind": kind}).context["page_obj"]]
        for kind in ("urged", "pack", "", "\u202eno\x00such")
    }
    assert listed == {
        "urged": ["urged"],
        "pack": [],
        "": ["urged", "decided"],
        "\u202eno\x00such": ["urged", "decided"],
    }
