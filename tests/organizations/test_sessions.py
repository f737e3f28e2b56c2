"""Where one is signed in: the list, ending it elsewhere, and what ends it for everybody else."""

import datetime as dt

import pytest
import time_machine
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Event
from organizations import services
from organizations.devices import device_text
from organizations.held import HELD
from organizations.models import Session
from organizations.tasks import forget_ended_sessions
from tests.factories import PASSWORD

LIST, END = reverse("account_sessions"), reverse("account_end_sessions")
HELD_AT = reverse("account_mail")
SENT = {"email": "bi.thu@example.vn", "mail_language": "vi", "text": "Đã trồng 40 cây dọc tuyến đường"}
PHONE = "Mozilla/5.0 (Linux; Android 14; SM-A155F) AppleWebKit/537.36 Chrome/126.0.0.0 Mobile Safari/537.36"
DESK = "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/126.0.0.0 Safari/537.36 Edg/126.0"


@pytest.fixture
def devices(client, district):
    """Return a function that signs the secretary in by another browser."""

    def signed_in(agent: str, address: str):
        window = type(client)(headers={"User-Agent": agent}, REMOTE_ADDR=address)
        window.post(reverse("account_login"), {"login": district.secretary.username, "password": PASSWORD})
        return window

    return signed_in


@pytest.mark.parametrize(
    ("agent", "said"),
    [
        (PHONE, "Chrome trên Android"),
        (DESK, "Edge trên Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) Version/17.5 Safari/604.1", "Safari trên iPhone"),
        ("Mozilla/5.0 (Linux; Android 12) Chrome/110 Mobile Safari/537.36 Zalo android/12", "Zalo trên Android"),
        ("curl/8.5", "Máy không rõ"),
        ("", "Máy không rõ"),
    ],
)
def test_a_device_is_told_in_words(agent, said):
    assert device_text(agent) == said


def test_one_sees_the_own_devices_and_signs_one_of_them_out(devices, district, client):
    phone, desk, third = devices(PHONE, "10.1.1.1"), devices(DESK, "10.2.2.2"), devices("", "10.3.3.3")
    client.force_login(district.clerk)
    rows = {row["device"]: row for row in desk.get(LIST).context["rows"]}
    assert {name: (row["address"], row["present"]) for name, row in rows.items()} == {
        "Edge trên Windows": ("10.2.2.2", True),
        "Chrome trên Android": ("10.1.1.1", False),
        "Máy không rõ": ("10.3.3.3", False),
    }
    assert "Máy này" in desk.get(LIST).text
    desk.post(END, {"mark": rows["Chrome trên Android"]["mark"]})
    assert [one.get("/").status_code for one in (phone, desk, third, client)] == [302, 200, 200, 200]
    event = Event.objects.about("person", district.secretary.pk).last()
    assert (event.verb, event.detail) == ("sessions.ended", {"ended": 1})


def test_all_others_are_signed_out_at_once_and_nobody_elses(devices, district, client):
    phone, desk = devices(PHONE, "10.1.1.1"), devices(DESK, "10.2.2.2")
    client.force_login(district.clerk)
    mark = client.get(LIST).context["rows"][0]["mark"]
    desk.post(END, {"mark": mark})
    assert (client.get("/").status_code, phone.get("/").status_code) == (200, 200)
    desk.post(END)
    assert [one.get("/").status_code for one in (phone, desk, client)] == [302, 200, 200]


def test_no_key_of_a_session_stands_on_the_page(devices):
    desk, _phone = devices(DESK, "10.2.2.2"), devices(PHONE, "10.1.1.1")
    page = desk.get(LIST).text
    assert not [one.pk for one in Session.objects.all() if one.pk in page]


def test_what_is_over_is_not_listed(devices):
    devices(PHONE, "10.1.1.1")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        assert len(devices(DESK, "10.2.2.2").get(LIST).context["rows"]) == 1


def test_what_has_expired_is_forgotten(devices):
    devices(PHONE, "10.1.1.1")
    with time_machine.travel(timezone.now() + dt.timedelta(hours=13), tick=False):
        lasting = devices(DESK, "10.2.2.2").session.session_key
        forget_ended_sessions()
    assert list(Session.objects.values_list("pk", flat=True)) == [lasting]


@pytest.mark.parametrize("what", ["shut out", "new code used", "post ended"])
def test_access_ends_with_the_next_request(devices, district, what, now):
    desk, person = devices(DESK, "10.2.2.2"), district.secretary
    if what == "shut out":
        services.shut_out(person, by=district.administrator, at=now)
    elif what == "new code used":
        code = services.make_reset_code(person, by=None, at=now)
        services.use_reset_code(person.username, code, "ba cây chụm lại nên hòn", at=now)
    else:
        services.end_post(person.post, ends_at=now, by=district.administrator, at=now)
    answer = desk.get(reverse("organizations:cells"))
    assert answer.status_code == (403 if what == "post ended" else 302)
    assert Session.objects.filter(person=person).exists() == (what == "post ended")


def send_too_late(client, data, **headers):
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        return client.post(HELD_AT, data, headers={"Referer": "http://testserver/org/cells/", **headers})


def test_a_form_sent_too_late_is_held_for_its_sender_and_sent_once_more(client, district):
    client.force_login(district.secretary)
    assert send_too_late(client, SENT).url == f"{reverse('account_login')}?next=/org/cells/"
    sign_in = {"login": district.secretary.username, "password": PASSWORD}
    led = client.post(f"{reverse('account_login')}?next=/org/cells/", sign_in).url
    assert led == f"{reverse('account_held')}?next=/org/cells/"
    page = client.get(led)
    assert SENT["text"] in page.text and 'value="bi.thu@example.vn"' in page.text
    answer = client.post(f"{reverse('account_held')}?send=1", SENT)
    assert (answer.status_code, answer["Location"]) == (307, HELD_AT)
    assert client.get(led).url == "/org/cells/"


def test_it_may_be_dropped_and_nobody_else_sees_it(client, district):
    for who, status in ((district.secretary, 200), (district.clerk, 302)):
        client.force_login(district.secretary)
        send_too_late(client, SENT)
        client.post(reverse("account_login"), {"login": who.username, "password": PASSWORD})
        assert client.get(reverse("account_held")).status_code == status
        assert client.post(reverse("account_held"), {"next": "/org/cells/"}).url == "/org/cells/"
        client.logout()


@pytest.mark.parametrize(
    ("data", "headers"),
    [
        ({"text": "  "}, {}),
        ({"text": "chữ", "password": PASSWORD}, {}),
        ({"text": "chữ", "new_password": PASSWORD}, {}),
        (SENT, {"Sec-Fetch-Mode": "cors"}),
        (SENT, {"HX-Request": "true"}),
        ({"text": "chữ " * 40_000}, {}),
    ],
)
def test_what_holds_nothing_a_password_or_too_much_and_what_script_sends_is_not_held(client, district, data, headers):
    client.force_login(district.secretary)
    send_too_late(client, data, **headers)
    client.post(reverse("account_login"), {"login": district.secretary.username, "password": PASSWORD})
    assert client.get(reverse("account_held")).status_code == 302


@pytest.mark.parametrize(
    ("enforced", "path"),
    [
        pytest.param(True, HELD_AT, id="without a token"),
        pytest.param(False, "//elsewhere.example/x", id="to an address elsewhere"),
    ],
)
def test_what_no_page_of_ours_sends_to_an_address_here_is_not_held(district, enforced, path):
    client = Client(enforce_csrf_checks=enforced)
    client.force_login(district.secretary)
    with time_machine.travel(timezone.now() + dt.timedelta(hours=2), tick=False):
        client.post(HELD_AT, SENT, PATH_INFO=path)
    assert HELD not in client.session
