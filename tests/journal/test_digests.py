import datetime as dt

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext, override

from journal.models import Digest, Notice, Reminder
from journal.services import (
    drop_old,
    keep_reminders,
    make_digests,
    record,
    send_mails,
    tell_about_new_events,
)
from organizations.services import give_post
from tests import factories
from tests.factories import AT
from tests.smtp_sink import Sink

pytestmark = pytest.mark.django_db
MORNING = dt.datetime(2026, 11, 23, 7, 0, tzinfo=timezone.get_default_timezone())
DAY = MORNING.date()


def reminder(person, *, kind="work", due=DAY + dt.timedelta(days=7), stage=-7, text="3 việc", subject=1):
    return Reminder(
        recipient=person, kind=kind, subject_id=subject, due_on=due, stage=stage, text=text, link="/there/", at=MORNING
    )


def notice(person, text="Đã duyệt: Bản đăng ký", at=MORNING):
    record("dossier.approve", subject="dossier", subject_id=1, by=None, at=at, tell=[person], text=text, link="/d/1/")
    tell_about_new_events(at=at)


def test_the_same_reminder_kept_twice_is_one(district):
    for _ in range(2):
        keep_reminders([reminder(district.secretary), reminder(district.secretary, stage=-1)])
    assert Reminder.objects.count() == 2


def test_everything_of_a_morning_is_one_digest_and_one_notice(district):
    keep_reminders([reminder(district.secretary), reminder(district.secretary, kind="report")])
    keep_reminders([reminder(district.head)])
    assert make_digests(at=MORNING) == 2
    digest = Digest.objects.get(recipient=district.secretary)
    told = Notice.objects.filter(recipient=district.secretary)
    assert digest.reminders.count() == 2
    assert [(row.words, row.link) for row in told] == [
        ("Nhắc việc ngày 23/11/2026: 2 việc", reverse("journal:digest", args=[digest.pk]))
    ]


def test_a_second_run_makes_nothing_and_what_came_later_waits_for_the_next_morning(district):
    keep_reminders([reminder(district.secretary)])
    make_digests(at=MORNING)
    keep_reminders([reminder(district.secretary, kind="report")])
    assert make_digests(at=MORNING + dt.timedelta(hours=1)) == 0
    assert make_digests(at=MORNING + dt.timedelta(days=1)) == 1
    assert Digest.objects.count() == 2


def test_nobody_gets_an_empty_digest(reader, mail_on):
    assert make_digests(at=MORNING) == 0
    assert Digest.objects.count() == 0


def test_who_no_longer_signs_in_is_not_told(district):
    keep_reminders([reminder(district.secretary)])
    type(district.secretary).objects.update(is_active=False)
    assert make_digests(at=MORNING) == 0


def test_the_mail_holds_reminders_and_unread_notices_in_the_readers_language(reader, mail_on):
    reader.mail_language = "en"
    reader.save()
    words = {"text": "3 việc", "translated": {"en": "3 works"}}
    keep_reminders([reminder(reader), reminder(reader, kind="x", due=DAY - dt.timedelta(days=3), stage=3)])
    Reminder.objects.update(**words)
    notice(reader)
    make_digests(at=MORNING)
    assert send_mails(at=MORNING) == 1
    (sent,) = mail.outbox
    with override("en"):
        headings = [gettext(text) for text in ("Đã quá hạn", "Sắp đến hạn", "Thông báo bạn chưa đọc")]
    assert sent.to == ["bi.thu@example.vn"]
    assert [sent.body.index(heading) for heading in headings] == sorted(sent.body.index(h) for h in headings)
    assert ("3 works" in sent.body, "3 việc" in sent.body) == (True, False)
    assert "https://portal.example.vn/there/" in sent.body
    assert f"https://portal.example.vn{reverse('account_mail')}" in sent.body
    assert sent.alternatives[0].mimetype == "text/html"
    assert reader.full_name not in sent.body


def test_a_long_mail_tells_fifty_and_leads_to_the_rest(reader, mail_on):
    for _ in range(52):
        record("dossier.approve", subject="dossier", subject_id=1, by=None, at=MORNING, tell=[reader], text="Đã duyệt")
    tell_about_new_events(at=MORNING)
    make_digests(at=MORNING)
    send_mails(at=MORNING)
    (sent,) = mail.outbox
    page = f"https://portal.example.vn{reverse('journal:digest', args=[Digest.objects.get().pk])}"
    assert sent.body.count("- Đã duyệt") == sent.alternatives[0].content.count("<li>Đã duyệt") == 50
    assert ("52 việc cần biết" in sent.subject, f"… và 2 việc nữa: {page}" in sent.body) == (True, True)
    assert page in sent.alternatives[0].content


def test_unread_notices_alone_are_mailed_once_and_read_ones_never(reader, mail_on):
    notice(reader)
    assert make_digests(at=MORNING) == 1
    assert make_digests(at=MORNING + dt.timedelta(days=1)) == 0
    notice(reader, at=MORNING + dt.timedelta(days=1))
    Notice.objects.update(read_at=MORNING)
    assert make_digests(at=MORNING + dt.timedelta(days=2)) == 0
    assert Notice.objects.filter(event__subject="digest").count() == 0


@pytest.mark.parametrize(
    ("change", "kept"),
    [({"email": ""}, "none"), ({"wants_mail": False}, "none"), ({"wants_mail": True}, "sent")],
)
def test_only_who_has_an_address_and_wants_it_is_mailed(reader, mail_on, change, kept):
    type(reader).objects.filter(pk=reader.pk).update(**change)
    keep_reminders([reminder(reader)])
    make_digests(at=MORNING)
    send_mails(at=MORNING)
    assert Digest.objects.get().mail == kept
    assert len(mail.outbox) == (kept == "sent")


def test_who_turns_mail_off_after_the_digest_was_made_is_not_mailed(reader, mail_on):
    keep_reminders([reminder(reader)])
    make_digests(at=MORNING)
    type(reader).objects.filter(pk=reader.pk).update(wants_mail=False)
    assert (send_mails(at=MORNING), Digest.objects.get().mail) == (0, "none")


def test_without_a_server_nothing_is_mailed_and_the_portal_still_tells(reader):
    keep_reminders([reminder(reader)])
    make_digests(at=MORNING)
    assert (send_mails(at=MORNING), Digest.objects.get().mail, Notice.objects.count()) == (0, "none", 1)


def test_a_mail_that_was_sent_is_not_sent_again(reader, mail_on):
    keep_reminders([reminder(reader)])
    make_digests(at=MORNING)
    assert [send_mails(at=MORNING), send_mails(at=MORNING + dt.timedelta(hours=1))] == [1, 0]


def test_a_sender_killed_while_sending_is_followed_by_another_under_the_same_name(reader, mail_on):
    keep_reminders([reminder(reader)])
    make_digests(at=MORNING)
    Digest.objects.update(tried_at=MORNING, tries=1)
    soon, later = MORNING + dt.timedelta(minutes=5), MORNING + dt.timedelta(minutes=11)
    assert [send_mails(at=soon), send_mails(at=later)] == [0, 1]
    assert mail.outbox[0].extra_headers["Message-ID"] == f"<digest-{Digest.objects.get().pk}@portal.example.vn>"


def test_a_server_away_or_an_address_refused_holds_up_nobody_else(district, reader, mail_on, settings):
    settings.EMAIL_BACKEND, settings.EMAIL_HOST = "django.core.mail.backends.smtp.EmailBackend", "127.0.0.1"
    settings.EMAIL_USE_TLS = settings.EMAIL_USE_SSL = False
    for who, address in ((district.head, "gone@example.vn"), (district.committee, "cap.uy@example.vn")):
        type(who).objects.filter(pk=who.pk).update(email=address)
    keep_reminders([reminder(who) for who in (reader, district.head, district.committee)])
    make_digests(at=MORNING)
    with Sink() as gone:
        settings.EMAIL_PORT = gone.port
    assert send_mails(at=MORNING) == 0
    with Sink(refused="gone@example.vn", port=settings.EMAIL_PORT) as sink:
        minutes = [MORNING + dt.timedelta(minutes=1 + 11 * n) for n in range(6)]
        assert [send_mails(at=at) for at in minutes] == [2, 0, 0, 0, 0, 0]
    assert sorted(one["To"] for one in sink.mails) == ["bi.thu@example.vn", "cap.uy@example.vn"]
    assert "23/11/2026" in sink.mails[0]["Subject"]
    kept = dict(Digest.objects.values_list("recipient", "mail"))
    assert kept == {reader.pk: "sent", district.committee.pk: "sent", district.head.pk: "given_up"}


def test_the_digest_page_shows_the_own_digest_in_the_language_of_the_page(client, district):
    keep_reminders([reminder(district.secretary, due=DAY - dt.timedelta(days=1), stage=-1)])
    Reminder.objects.update(text="3 việc", translated={"en": "3 works"})
    make_digests(at=MORNING)
    page = reverse("journal:digest", args=[Digest.objects.get().pk])
    client.force_login(district.secretary)
    with override("vi"):
        shown = client.get(page, headers={"accept-language": "en"}).content.decode()
    assert ("3 works" in shown, 'href="/there/"' in shown) == (True, True)
    client.force_login(district.head)
    assert client.get(page).status_code == 404


def test_old_digests_and_reminders_go(district):
    keep_reminders([reminder(district.secretary, due=DAY - dt.timedelta(days=500), stage=3), reminder(district.head)])
    make_digests(at=MORNING - dt.timedelta(days=500))
    keep_reminders([reminder(district.head, stage=-1)])
    make_digests(at=MORNING)
    drop_old(at=MORNING)
    assert [row.recipient for row in Reminder.objects.all()] == [district.head] * 2


def test_a_thousand_people_get_theirs_in_few_queries(district, django_assert_max_num_queries):
    many = type(district.head).objects.bulk_create(
        type(district.head)(username=f"n{n}", full_name=f"N {n}") for n in range(1000)
    )
    keep_reminders(reminder(person) for person in many)
    with django_assert_max_num_queries(40):
        assert make_digests(at=MORNING) == 1000


def test_a_notice_is_read_in_the_readers_own_language(district):
    record(
        "post.given", subject="person", subject_id=1, by=None, at=factories.AT, tell=[district.head],
        text=lambda: gettext("Đã duyệt"),
    )  # fmt: skip
    told = Notice.objects.get()
    with override("en"):
        english = (told.words, gettext("Đã duyệt"))
    assert english == ("Approved", "Approved")
    assert told.words == "Đã duyệt"


def test_with_several_posts_each_line_says_of_which_it_is_and_opens_in_it(client, reader, district, mail_on):
    above = give_post(reader, unit=district.commune, role="committee", starts_at=AT, by=None, at=AT)
    keep_reminders([reminder(reader, subject=district.cell.pk), reminder(reader, subject=district.commune.pk)])
    make_digests(at=MORNING)
    send_mails(at=MORNING)
    digest = Digest.objects.get()
    place = f"https://portal.example.vn{reverse('journal:digest', args=[digest.pk])}"
    (sent,) = mail.outbox
    for said in (sent.body, sent.alternatives[0].content):
        assert (said.count("Bí thư chi bộ, Chi bộ ấp 1"), said.count("Cấp ủy cơ sở, Đảng ủy xã An")) == (1, 1)
        assert (said.count(place), "/there/" in said) == (2, False)
    client.force_login(reader)
    shown = client.get(reverse("journal:digest", args=[digest.pk])).content.decode()
    assert (shown.count('value="/there/"'), f'<button name="post" value="{above.pk}">' in shown) == (2, True)
    opened = client.post(reverse("organizations:switch_post"), {"post": above.pk, "next": "/there/"})
    assert opened.url == "/there/"
    assert client.get(reverse("home")).context["user"].post == above
    away = client.post(reverse("organizations:switch_post"), {"post": above.pk, "next": "https://other.example/"})
    assert away.url == reverse("home")


def test_with_one_post_a_line_leads_straight_to_its_place(client, reader, district):
    keep_reminders([reminder(reader, subject=district.cell.pk)])
    make_digests(at=MORNING)
    client.force_login(reader)
    shown = client.get(reverse("journal:digest", args=[Digest.objects.get().pk])).content.decode()
    assert ('<a href="/there/">' in shown, 'value="/there/"' in shown) == (True, False)
