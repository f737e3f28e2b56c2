"""The second factor: who is asked, what opens, what is kept, and what is done when it is lost."""

import datetime as dt
import json
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import hotp_value
from django.core.exceptions import PermissionDenied
from django.core.management import call_command
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from journal.models import Event, Notice
from organizations import services
from organizations.checks import second_factor_is_required
from organizations.models import Person, RecoveryCode, Session
from organizations.services.attempts import FREE, FREE_EVERYWHERE, begin_code
from organizations.services.passwords import CodeRefused
from tests.factories import AT, PASSWORD

SECRET = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
MINUTE = dt.timedelta(minutes=1)
HOME, SHOW, OWN, APP = (
    reverse(name) for name in ("home", "mfa_authenticate", "account_second_factor", "account_add_app")
)


@pytest.fixture(autouse=True)
def required(settings):
    settings.SECOND_FACTOR = "required"


def code_at(at, secret=SECRET) -> str:
    return f"{hotp_value(secret, int(at.timestamp()) // 30):06}"


def sign_in(client, person, **extra):
    data = {"login": person.username, "password": PASSWORD}
    return client.post(reverse("account_login"), data, **extra)


def show(client, code, way="app"):
    return client.post(f"{SHOW}?way={way}", {"code": code})


@pytest.fixture
def enrolled(district, now):
    """The board's head, whose app was set up some minutes ago, and the recovery codes."""
    codes = services.add_app(district.head, SECRET, code_at(now - 5 * MINUTE), at=now - 5 * MINUTE)
    return district.head, codes


@pytest.mark.parametrize(
    ("role", "asked"),
    [
        *((role, True) for role in ("head", "appraiser", "leader", "administrator")),
        *((role, False) for role in ("secretary", "clerk", "committee")),
    ],
)
def test_who_decides_sets_it_up_before_any_page_and_others_need_not(client, district, role, asked):
    client.force_login(getattr(district, role))
    answer = client.get("/?a=1")
    assert (answer.status_code, getattr(answer, "url", "")) == ((302, f"{OWN}?next=/%3Fa%3D1") if asked else (200, ""))
    assert ("Bật bằng ứng dụng điện thoại" in client.get(OWN).text) is True


def test_it_is_set_up_from_what_the_page_shows_and_the_codes_are_seen_once(client, district):
    client.force_login(district.head)
    page = client.get(f"{APP}?next=/org/units/").text
    secret = re.search(r'set-up-secret" translate="no">([A-Z2-7 ]+)<', page)[1]
    assert all(len(group) == 4 for group in secret.split())
    assert "data:image/svg+xml;base64," in page and "otpauth://totp/" in page
    shown = re.search(r'name="shown" value="([^"]+)"', page)[1]
    sent = {"shown": shown, "next": "/org/units/", "code": "000000"}
    wrong = client.post(APP, sent)
    assert (wrong.status_code, secret in wrong.text) == (422, True)
    right = client.post(APP, sent | {"code": code_at(timezone.now(), secret.replace(" ", ""))})
    codes = re.findall(r"<li>([A-Z2-9]{4}-[A-Z2-9]{4})</li>", right.text)
    assert (right.status_code, len(set(codes))) == (200, 10)
    assert 'href="/org/units/"' in right.text and codes[0] not in client.get(OWN).text
    assert client.get(HOME).status_code == 200
    assert [event.verb for event in Event.objects.about("person", district.head.pk)] == ["second_factor.added"]
    assert Notice.objects.get(recipient=district.head).text.startswith("Đã bật xác thực hai lớp")


def test_a_page_of_somebody_else_or_of_an_hour_ago_sets_nothing_up(client, district):
    client.force_login(district.head)
    shown = re.search(r'name="shown" value="([^"]+)"', client.get(APP).text)[1]
    secret = client.get(APP).context["form"].secret
    sent = {"shown": shown, "code": code_at(timezone.now(), secret)}
    with time_machine.travel(timezone.now() + 31 * MINUTE, tick=False):
        assert "đã có khóa mới" in client.post(APP, sent).text
    client.force_login(district.leader)
    assert "đã có khóa mới" in client.post(APP, sent).text
    assert not Authenticator.objects.exists()


def test_neither_secret_nor_recovery_code_is_kept_as_it_is(enrolled):
    _head, codes = enrolled
    kept = json.dumps(Authenticator.objects.get().data)
    hashes = list(RecoveryCode.objects.values_list("code_hash", flat=True))
    assert SECRET not in kept and len(hashes) == 10 == len(set(hashes))
    assert all(re.fullmatch("[0-9a-f]{64}", one) for one in hashes)
    assert not any(code.replace("-", "") in one.upper() for code in codes for one in hashes)


def test_the_password_alone_opens_nothing_and_the_code_opens_under_a_new_session_key(client, enrolled):
    head, _codes = enrolled
    answer = sign_in(client, head, headers={"User-Agent": "Mozilla/5.0 (Linux; Android 14) Chrome/126 Mobile"})
    assert (answer.status_code, answer.url, "_auth_user_id" in client.session) == (302, SHOW, False)
    assert client.get(HOME).url.startswith(reverse("account_login"))
    half = client.session.session_key
    assert show(client, "123456").status_code == 422
    assert show(client, code_at(timezone.now())).url == HOME
    assert (client.get(HOME).status_code, client.session.session_key != half) == (200, True)


def test_a_code_opens_once_whoever_saw_it(client, enrolled):
    head, _codes = enrolled
    at = timezone.now()
    services.use_app(head, code_at(at), at=at)
    for again in (at, at + MINUTE / 2):
        with pytest.raises(CodeRefused):
            services.use_app(head, code_at(at), at=again)
    services.use_app(head, code_at(at + MINUTE), at=at + MINUTE)


def test_a_recovery_code_opens_once_and_says_how_many_are_left(client, enrolled):
    head, codes = enrolled
    sign_in(client, head)
    assert "mã khôi phục" in client.get(f"{SHOW}?way=recovery").text
    assert show(client, codes[3].lower().replace("-", " "), way="recovery").url == HOME
    assert "còn 9 mã" in client.get(HOME).text
    client.logout()
    sign_in(client, head)
    assert show(client, codes[3], way="recovery").status_code == 422
    assert Event.objects.about("person", head.pk).last().verb == "recovery_code.used"


def test_new_recovery_codes_end_the_old_ones(client, enrolled):
    head, codes = enrolled
    client.force_login(head)
    assert client.get(reverse("account_recovery_codes")).url.startswith(SHOW)
    show(client, code_at(timezone.now()))
    fresh = client.post(reverse("account_recovery_codes")).context["codes"]
    with pytest.raises(CodeRefused):
        services.use_recovery_code(head, codes[0], at=AT)
    assert services.use_recovery_code(head, fresh[0], at=AT) == 9


def test_guessing_the_code_is_slowed_here_and_from_many_addresses(client, enrolled, now):
    head, _codes = enrolled
    sign_in(client, head)
    for _ in range(FREE):
        show(client, "123456")
    assert "Thử quá nhiều lần" in show(client, code_at(timezone.now())).text
    waits = [begin_code(head, f"10.0.{n}.1", at=now) for n in range(FREE_EVERYWHERE)]
    assert [wait for wait in waits if wait]
    assert begin_code(head, "10.9.9.9", at=now + dt.timedelta(hours=2)) is None


def test_a_role_given_meanwhile_asks_at_the_next_page(client, district, now):
    client.force_login(district.secretary)
    assert client.get(HOME).status_code == 200
    services.give_post(district.secretary, unit=district.board, role="appraiser", starts_at=now, by=None, at=now)
    assert client.get(HOME).url.startswith(OWN)


def test_where_it_may_wait_it_is_offered_once_at_sign_in_and_one_goes_on(client, district, settings):
    settings.SECOND_FACTOR = "later"
    assert sign_in(client, district.head).url == f"{OWN}?next=/"
    assert "Để sau" in client.get(f"{OWN}?next=%2F").text
    assert client.get(HOME).status_code == 200
    client.logout()
    assert sign_in(client, district.secretary).url == HOME


def test_who_needs_it_cannot_turn_it_off_and_who_does_not_can_by_the_password(client, district, enrolled, now):
    services.add_app(district.secretary, SECRET, code_at(now - 5 * MINUTE), at=now - 5 * MINUTE)
    off = reverse("account_second_factor_off")
    for person, status in ((district.head, 403), (district.secretary, 422)):
        client.force_login(person)
        show(client, code_at(timezone.now()))
        assert client.post(off, {"password": "sai mat khau 12"}).status_code == status
    assert client.post(off, {"password": PASSWORD}).url == OWN
    assert list(Authenticator.objects.values_list("user", flat=True)) == [district.head.pk]


def test_a_lost_one_is_taken_off_by_an_administrator_who_is_somebody_else(client, district, enrolled, now):
    head, _codes = enrolled
    client.force_login(head)
    services.remove_second_factor(head, by=district.administrator, at=now)
    assert not Session.objects.filter(person=head).exists()
    assert not Authenticator.objects.exists() and not RecoveryCode.objects.exists()
    notice = Notice.objects.filter(recipient=head).latest("pk")
    assert (notice.text[:38], notice.event.actor) == ("Quản trị viên đã gỡ xác thực hai lớp c", district.administrator)
    for by, whom in ((district.administrator, district.administrator), (district.leader, head)):
        with pytest.raises(PermissionDenied):
            services.remove_second_factor(whom, by=by, at=now)


def test_the_operator_takes_it_off_where_no_administrator_is_left(enrolled, capsys):
    call_command("remove_second_factor", enrolled[0].username)
    assert not Authenticator.objects.exists()
    assert Person.objects.get(pk=enrolled[0].pk).full_name in capsys.readouterr().out


def test_whoever_has_not_shown_it_yet_may_leave_for_another_account(client, enrolled):
    head, _codes = enrolled
    sign_in(client, head)
    assert client.get(reverse("account_login")).status_code in (200, 302)
    assert client.post(SHOW, {"leave": "1"}).url == reverse("account_login")
    assert client.get(SHOW).url == HOME and client.get(reverse("account_login")).status_code == 200


def test_of_several_keys_one_is_removed_but_not_the_last_of_who_needs_one(client, district):
    for name in ("điện thoại", "khóa USB"):
        services.add_key(district.head, name, {"id": name}, at=AT)
    client.force_login(district.head)
    first, second = Authenticator.objects.order_by("pk")
    session = client.session
    session["second_factor"] = district.head.pk
    session.save()
    remove = reverse("account_remove_key")
    assert [client.post(remove, {"key": pk}).status_code for pk in (first.pk, first.pk, "x", second.pk)] == [
        302,
        404,
        404,
        403,
    ]
    assert "khóa USB" in client.get(OWN).text


def test_to_remove_the_only_key_is_to_turn_it_off_which_asks_for_the_password(client, district):
    services.add_key(district.secretary, "điện thoại", {"id": "x"}, at=AT)
    client.force_login(district.secretary)
    session = client.session
    session["second_factor"] = district.secretary.pk
    session.save()
    answer = client.post(reverse("account_remove_key"), {"key": Authenticator.objects.get().pk})
    assert (answer.status_code, answer.url) == (302, reverse("account_second_factor_off"))
    assert client.post(answer.url, {"password": "sai mat khau 12"}).status_code == 422
    assert Authenticator.objects.exists()


def test_a_factor_set_up_ends_the_sessions_that_showed_none_but_the_one_it_is_set_up_in(client, district):
    other = Client()
    for browser in (client, other):
        browser.force_login(district.secretary)
    form = client.get(APP).context["form"]
    client.post(APP, {"shown": form.shown, "code": code_at(timezone.now(), form.secret)})
    assert (client.get(HOME).status_code, other.get(HOME).status_code) == (200, 302)


@pytest.mark.parametrize("must", [False, True])
def test_a_password_is_changed_only_after_the_factor_of_who_has_one_was_shown(client, enrolled, must):
    head, _codes = enrolled
    Person.objects.filter(pk=head.pk).update(must_change_password=must)
    client.force_login(head)
    change, new = reverse("account_change_password"), "mot cau hoan toan khac 77"
    sent = {"password": PASSWORD, "new_password": new, "again": new}
    answer = client.post(change, sent)
    assert (answer.status_code, answer.url) == (302, f"{SHOW}?next={change}")
    assert client.get(answer.url).status_code == 200
    assert client.post(answer.url, {"code": code_at(timezone.now())}).url == change
    assert client.post(change, sent).url == HOME


@pytest.mark.parametrize(
    "credential", ["", "{", "[]", '{"id": 5}', json.dumps({"id": "", "rawId": "", "response": {}})]
)
def test_what_no_key_said_opens_nothing(client, district, credential):
    services.add_key(district.head, "điện thoại", {"id": "x"}, at=AT)
    sign_in(client, district.head)
    assert client.post(f"{SHOW}?way=key", {"credential": credential}).status_code == 422
    assert client.get(HOME).status_code == 302


def test_a_new_key_of_the_portal_reads_what_the_one_before_encrypted_while_it_is_told(enrolled, settings):
    head, codes = enrolled
    at, before = timezone.now(), settings.SECRET_KEY
    settings.SECRET_KEY = "another"
    with pytest.raises(CodeRefused):
        services.use_app(head, code_at(at), at=at)
    with pytest.raises(CodeRefused):
        services.use_recovery_code(head, codes[0], at=at)
    settings.SECRET_KEY_FALLBACKS = [before]
    services.use_app(head, code_at(at), at=at)
    assert services.use_recovery_code(head, codes[0], at=at) == len(codes) - 1


@pytest.mark.parametrize(("level", "warned"), [("required", 0), ("later", 1), ("off", 1)])
def test_a_deployment_that_does_not_require_it_is_warned(settings, level, warned):
    settings.SECOND_FACTOR = level
    assert len(second_factor_is_required(None)) == warned


def test_a_sign_in_that_waits_for_the_second_factor_ends_with_the_password_that_began_it(client, enrolled):
    head, _codes = enrolled
    sign_in(client, head)
    services.change_password(head, "một câu hoàn toàn khác 77", at=timezone.now())
    answer = show(client, code_at(timezone.now()))
    assert (answer.status_code, answer.url) == (302, reverse("account_login"))
    assert "Mật khẩu vừa được đổi" in client.get(answer.url).content.decode()
    assert client.get(HOME).status_code == 302


def test_no_page_costs_a_query_more_for_it(client, enrolled, django_assert_num_queries):
    head, _codes = enrolled
    sign_in(client, head)
    show(client, code_at(timezone.now()))
    url = reverse("account_mail")
    client.get(url)
    with django_assert_num_queries(3):
        client.get(url)
