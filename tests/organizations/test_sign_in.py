import datetime as dt
from urllib.parse import urlencode

import environ
import pytest
import time_machine
from django.core.exceptions import ImproperlyConfigured
from django.urls import reverse
from django.utils import timezone

from organizations import services
from organizations.models import Person, Post, SignInAttempts
from organizations.services.attempts import FREE, begin_attempt, forgive
from organizations.session_ends import LEEWAY, ends_of
from portal.settings.ends import sign_in_ends
from tests.factories import AT

PASSWORD = "mat khau du dai 2026"
SECONDS = dt.timedelta(seconds=1)


@pytest.fixture
def secretary(district):
    Person.objects.filter(pk=district.secretary.pk).update(username="bithu.ap1", phone="0912345678")
    return district.secretary


def sign_in(client, login, password=PASSWORD, **extra):
    return client.post(reverse("account_login"), {"login": login, "password": password}, **extra)


@pytest.mark.parametrize("login", ["bithu.ap1", " BiThu.Ap1 ", "0912345678", "+84 912 345 678"])
def test_a_person_signs_in_by_user_name_or_telephone(client, secretary, login):
    response = sign_in(client, login)
    assert (response.status_code, response.url) == (302, reverse("home"))


@pytest.mark.parametrize(
    ("login", "password"), [("bithu.ap1", "sai mat khau 12"), ("khongai", PASSWORD), ("0999999999", PASSWORD)]
)
def test_wrong_credentials_are_refused_in_one_same_sentence(client, secretary, login, password):
    response = sign_in(client, login, password)
    assert response.status_code == 422
    assert "không khớp" in response.text
    assert "_auth_user_id" not in client.session


def test_a_nul_character_gets_a_sentence_not_a_traceback(client, secretary):
    assert sign_in(client, "bithu\x00").status_code == 422


def test_a_disabled_person_cannot_sign_in(client, secretary):
    Person.objects.update(is_active=False)
    assert sign_in(client, "bithu.ap1").status_code == 422


def test_the_session_gets_a_new_key_at_sign_in(client, secretary):
    client.get(reverse("account_login"))
    client.session["x"] = 1
    before = client.session.session_key
    sign_in(client, "bithu.ap1")
    assert client.session.session_key != before


def test_one_is_sent_on_to_the_page_asked_for_but_never_to_another_site(client, secretary):
    inside = client.post(reverse("account_login") + "?next=/org/", {"login": "bithu.ap1", "password": PASSWORD})
    client.logout()
    outside = client.post(
        reverse("account_login") + "?next=https://evil.example/", {"login": "bithu.ap1", "password": PASSWORD}
    )
    assert (inside.url, outside.url) == ("/org/", reverse("home"))


def test_signing_out_takes_a_post_and_goes_back_to_the_door(client, secretary):
    client.force_login(secretary)
    assert client.get(reverse("account_logout")).status_code == 405
    assert client.post(reverse("account_logout")).url == reverse("account_login")
    assert "_auth_user_id" not in client.session


def test_signed_in_pages_are_kept_by_no_cache(client, secretary):
    client.force_login(secretary)
    assert "no-store" in client.get(reverse("home"))["Cache-Control"]


def test_there_is_no_signing_up(client, db):
    assert client.get("/account/signup/").status_code in (302, 404)
    assert client.post("/account/signup/", {"username": "x", "password1": PASSWORD}).status_code in (302, 404)
    assert Person.objects.count() == 0


def test_guessing_is_slowed_and_told_how_long(client, secretary):
    for _ in range(FREE):
        sign_in(client, "bithu.ap1", "sai mat khau 12")
    response = sign_in(client, "bithu.ap1")
    assert response.status_code == 422
    assert "Hãy đợi 30 giây" in response.text


def test_another_person_at_the_same_address_is_not_slowed(client, secretary, district):
    for _ in range(FREE + 1):
        sign_in(client, "bithu.ap1", "sai mat khau 12")
    assert sign_in(client, district.clerk.username).status_code == 302


def test_the_same_person_at_another_address_is_not_slowed(client, secretary):
    for _ in range(FREE + 1):
        sign_in(client, "bithu.ap1", "sai mat khau 12")
    assert sign_in(client, "bithu.ap1", REMOTE_ADDR="10.1.2.3").status_code == 302


def test_the_addresses_one_customer_has_count_as_one(client, secretary):
    for number in range(FREE):
        sign_in(client, "bithu.ap1", "sai mat khau 12", REMOTE_ADDR=f"2001:db8:1:2::{number:x}")
    assert sign_in(client, "bithu.ap1", REMOTE_ADDR="2001:db8:1:2:ffff::1").status_code == 422
    assert sign_in(client, "bithu.ap1", REMOTE_ADDR="2001:db8:1:3::1").status_code == 302


def test_user_name_and_telephone_count_as_one_person(secretary):
    for _ in range(FREE):
        assert begin_attempt("bithu.ap1", "10.0.0.1", at=AT) is None
    assert begin_attempt("+84912345678", "10.0.0.1", at=AT) == 30 * SECONDS


@pytest.mark.once
def test_a_commune_signs_in_behind_one_address_and_some_mistype(client, district):
    """Two hundred people in ten minutes, every twentieth of whom needs several tries."""
    at, address, made = AT, "10.0.0.1", [Person(username=f"can.bo.{n}") for n in range(200)]
    Person.objects.bulk_create(made)
    held_up = 0
    for n, one in enumerate(made):
        for _try in range(FREE if n % 20 == 0 else 1):
            held_up += begin_attempt(one.username, address, at=at + n * 3 * SECONDS) is not None
        forgive(one.username, address)
    assert held_up == 0
    assert sign_in(client, district.clerk.username, REMOTE_ADDR=address).status_code == 302


def test_guessing_a_first_code_is_slowed_too(client, secretary, now):
    code = services.make_reset_code(secretary, by=None, at=now)
    new = {"login": "bithu.ap1", "new_password": "ba cây chụm lại nên hòn", "again": "ba cây chụm lại nên hòn"}
    for _ in range(FREE):
        client.post(reverse("account_reset_code"), new | {"code": "ABCD-EFGH-JKLM"})
    assert "Hãy đợi 30 giây" in client.post(reverse("account_reset_code"), new | {"code": code}).text


def test_each_further_attempt_closes_the_door_twice_as_long(db):
    at, waits = AT, []
    for _ in range(9):
        assert begin_attempt("a", "10.0.0.1", at=at) is None
        wait = begin_attempt("a", "10.0.0.1", at=at)
        if wait:
            waits.append(wait)
            at += wait
    assert waits == [n * SECONDS for n in (30, 60, 120, 240, 480, 900, 900)]


def test_after_an_hour_all_is_forgotten_and_a_right_password_wipes_at_once(db):
    for _ in range(FREE):
        begin_attempt("a", "10.0.0.1", at=AT)
    assert begin_attempt("a", "10.0.0.1", at=AT + dt.timedelta(hours=2)) is None
    forgive("a", "10.0.0.1")
    assert SignInAttempts.objects.count() == 0


def test_somebody_at_work_stays_signed_in_and_somebody_away_does_not(client, district):
    client.force_login(district.secretary)
    start, away = timezone.now(), 60 + LEEWAY.total_seconds() / 60
    for at, status in ((0, 200), (away - 3, 200), (2 * away - 6, 200), (3 * away, 302)):
        with time_machine.travel(start + dt.timedelta(minutes=at), tick=False):
            assert client.get("/").status_code == status


@pytest.mark.parametrize(
    ("roles", "minutes", "hours"),
    [
        (["secretary"], 60, 12),
        (["clerk", "committee"], 60, 12),
        (["appraiser"], 30, 10),
        (["secretary", "leader"], 30, 10),
        (["head", "administrator"], 15, 8),
        ([], 60, 12),
    ],
)
def test_the_strictest_of_somebodys_roles_says_how_long(roles, minutes, hours):
    ends = ends_of([Post(role=role) for role in roles])
    assert (ends.idle_minutes, ends.hours) == (minutes, hours)


def test_an_end_comes_with_all_the_work_in_the_world_and_a_role_given_meanwhile_brings_it_on(client, district):
    start = timezone.now()
    client.force_login(district.secretary)
    for minutes in range(0, 9 * 60, 30):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            assert client.get("/").status_code == 200
    services.give_post(district.secretary, unit=district.top, role="leader", starts_at=AT, by=None, at=AT)
    for minutes, status in ((9 * 60, 200), (9 * 60 + 30, 200), (10 * 60 + 1, 302)):
        with time_machine.travel(start + dt.timedelta(minutes=minutes), tick=False):
            assert client.get("/").status_code == status


@pytest.mark.parametrize(("told", "status"), [({}, 200), ({"Sec-Fetch-Mode": "cors"}, 302)])
def test_what_a_page_left_open_asks_by_itself_keeps_nobody_signed_in(client, district, told, status):
    client.force_login(district.secretary)
    for minutes in (40, 80):
        with time_machine.travel(timezone.now() + dt.timedelta(minutes=minutes), tick=False):
            answer = client.get("/", headers=told)
    assert answer.status_code == status


def test_only_now_and_then_is_a_use_written(client, district, django_assert_num_queries):
    client.force_login(district.secretary)
    url = reverse("account_mail")
    client.get(url)
    with django_assert_num_queries(3):
        client.get(url)
    with time_machine.travel(timezone.now() + dt.timedelta(minutes=3), tick=False), django_assert_num_queries(4):
        client.get(url)


def test_ends_may_be_set_and_nonsense_is_refused(monkeypatch):
    monkeypatch.setenv("SIGN_IN_ENDS", "head=20/8,secretary=90/12")
    ends = sign_in_ends(environ.Env())
    assert (ends["head"], ends["secretary"], ends["leader"]) == ((20, 8), (90, 12), (30, 10))
    monkeypatch.setenv("SIGN_IN_ENDS", "head=soon")
    with pytest.raises(ImproperlyConfigured):
        sign_in_ends(environ.Env())


@pytest.mark.parametrize(
    ("stood_on", "back"),
    [
        ("http://testserver/registry/dossiers/7/?a=1", "/registry/dossiers/7/?a=1"),
        ("http://evil.example/x", "/"),
        ("", "/"),
    ],
)
def test_after_signing_in_again_one_is_back_where_the_form_stood(client, db, stood_on, back):
    answer = client.post("/registry/dossiers/7/comment/", {"text": "Rõ"}, headers={"Referer": stood_on})
    assert answer.url == f"{reverse('account_login')}?{urlencode({'next': back}, safe='/')}"


def test_the_sign_in_says_why_it_is_asked_again(client, db):
    assert "cổng tự đăng xuất" in client.get(reverse("account_login"), {"idle": 1, "next": "/"}).content.decode()
    assert "nội dung vẫn còn trên máy" in client.get(reverse("account_login"), {"next": "/x/"}).content.decode()
    assert "nội dung vẫn còn" not in client.get(reverse("account_login")).content.decode()
