import datetime as dt

import pytest
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management import CommandError, call_command
from django.urls import reverse

from journal.models import Event, Notice
from organizations import services
from organizations.models import Person, Post, ResetCode
from organizations.services.attempts import FREE
from organizations.services.passwords import LIFETIME, CodeRefused
from tests import factories
from tests.factories import AT

OLD = "mat khau du dai 2026"
NEW = "ba cây chụm lại nên hòn núi cao"


@pytest.mark.parametrize("good", [NEW, "xe dap mau xanh cua toi", "Tr0ngCayGayRung!", "mưa rơi trên mái lá dừa"])
def test_a_phrase_of_ones_own_is_a_good_password(good):
    validate_password(good)


@pytest.mark.parametrize(
    "weak",
    [
        "ngan qua",
        "dangbo123456",
        "Tuyên Giáo 2026!",
        "tuyengiao tuyengiao",
        "Đảng bộ huyện ủy 1",
        "matkhau123456",
        "password1234",
        "191919191919",
        "123456789012",
        "aaaaaaaaaaaaaa",
        "qwertyuiop123",
        "lamtheobac2026",
    ],
)
def test_short_common_and_local_words_are_refused(weak):
    with pytest.raises(ValidationError):
        validate_password(weak)


@pytest.mark.parametrize("weak", ["nguyenvanmau1", "Nguyễn Văn Mẫu!", "0912345678 00", "mau.bithu mau.bithu"])
def test_ones_own_name_and_number_are_refused(weak):
    person = Person(username="mau.bithu", full_name="Nguyễn Văn Mẫu", phone="0912345678")
    with pytest.raises(ValidationError):
        validate_password(weak, person)


@pytest.mark.parametrize(
    ("typed", "good"),
    [
        ("Tân Phú 20261118", False),
        ("xatanphu xatanphu", False),
        ("danguyxatanphu2026", False),
        ("bithutanphu123456", False),
        ("tanphu mua cam sai", True),
        ("Hòa Khánh Tây 2026", True),
    ],
)
def test_the_communes_around_are_too_easy_and_those_of_another_tree_are_not_known(district, typed, good):
    factories.unit("Đảng ủy xã Tân Phú", "grassroots_committee", district.top)
    factories.unit("Đảng ủy xã Hòa Khánh Tây", "grassroots_committee")
    if good:
        validate_password(typed, district.secretary)
    else:
        with pytest.raises(ValidationError):
            validate_password(typed, district.secretary)


def test_a_person_changes_the_own_password_and_stays_signed_in_here_only(client, district):
    person, elsewhere = district.secretary, type(client)()
    client.force_login(person)
    elsewhere.force_login(person)
    response = client.post(
        reverse("account_change_password"), {"password": OLD, "new_password": NEW, "again": NEW}, follow=True
    )
    assert response.status_code == 200
    assert Person.objects.get(pk=person.pk).check_password(NEW)
    assert elsewhere.get(reverse("home")).status_code == 302
    assert Event.objects.about("person", person.pk).last().verb == "password.changed"


@pytest.mark.parametrize(
    ("current", "new", "again", "field"),
    [
        ("sai mat khau 12", NEW, NEW, "password"),
        (OLD, "ngan", "ngan", "new_password"),
        (OLD, NEW, NEW + "!", "again"),
        (OLD, "", "", "new_password"),
    ],
)
def test_a_password_is_not_changed_by_a_wrong_form(client, district, current, new, again, field):
    client.force_login(district.secretary)
    data = {"password": current, "new_password": new, "again": again}
    response = client.post(reverse("account_change_password"), data)
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert Person.objects.get(pk=district.secretary.pk).check_password(OLD)


def test_guessing_the_current_password_is_slowed(client, district):
    client.force_login(district.secretary)
    data = {"password": "sai mat khau 12", "new_password": NEW, "again": NEW}
    for _ in range(FREE):
        client.post(reverse("account_change_password"), data)
    response = client.post(reverse("account_change_password"), data | {"password": OLD})
    assert "Thử quá nhiều lần" in response.text


def use(client, login, code, new=NEW):
    data = {"login": login, "code": code, "new_password": new, "again": new}
    return client.post(reverse("account_reset_code"), data)


@pytest.fixture
def code(district, now):
    return services.make_reset_code(district.secretary, by=district.administrator, at=now)


def test_a_code_opens_the_door_once(client, district, code):
    response = use(client, district.secretary.username, code.lower().replace("-", " "))
    assert (response.status_code, response.url) == (302, reverse("home"))
    assert client.session["_auth_user_id"] == str(district.secretary.pk)
    person = Person.objects.get(pk=district.secretary.pk)
    assert (person.check_password(NEW), person.must_change_password) == (True, False)
    client.logout()
    again = use(client, district.secretary.username, code)
    assert again.status_code == 422
    assert "Mã không đúng" in again.text


def test_a_refused_new_password_does_not_use_the_code_up(client, district, code):
    assert use(client, district.secretary.username, code, new="dangbo123456").status_code == 422
    assert use(client, district.secretary.username, code).status_code == 302


def test_a_password_like_the_own_name_is_refused_to_who_has_the_code_and_to_nobody_else_told(client, district, code):
    person = district.secretary
    Person.objects.filter(pk=person.pk).update(username="bithu.ap1", phone="0912345678")
    like = "bithu.ap1bithu.ap1"
    told = use(client, "bithu.ap1", code, new=like).context["form"].errors
    assert list(told) == ["new_password"]
    wrong = [use(client, login, "AAAA-BBBB-CCCC", new=like).context["form"].errors for login in ("bithu.ap1", "ai.do")]
    assert wrong[0] == wrong[1] and list(wrong[0]) == ["code"]
    assert use(client, "0912345678", code).status_code == 302


def test_whose_account_a_code_opens_is_told_of_it(district, code):
    notice = Notice.objects.get(recipient=district.secretary)
    assert (notice.event.verb, notice.text[:29]) == ("reset_code.made", "Quản trị viên vừa cấp mã dùng")


def test_a_code_is_kept_only_as_a_hash(code):
    row = ResetCode.objects.get()
    assert code not in row.code_hash and code.replace("-", "") not in row.code_hash


def test_a_code_ends_after_72_hours(district, code, now):
    with pytest.raises(CodeRefused):
        services.use_reset_code(district.secretary.username, code, NEW, at=now + LIFETIME)
    services.use_reset_code(district.secretary.username, code, NEW, at=now + LIFETIME - dt.timedelta(seconds=1))


def test_a_newer_code_closes_the_older(district, code, now):
    services.make_reset_code(district.secretary, by=district.administrator, at=now)
    with pytest.raises(CodeRefused):
        services.use_reset_code(district.secretary.username, code, NEW, at=now)


def test_a_code_opens_no_other_persons_door(client, district, code):
    assert use(client, district.clerk.username, code).status_code == 422
    assert use(client, "khong.co.ai", code).status_code == 422


def test_guessing_codes_is_slowed(client, district, code):
    for _ in range(FREE):
        use(client, district.secretary.username, "AAAA-BBBB-CCCC")
    assert "Thử quá nhiều lần" in use(client, district.secretary.username, code).text


def test_a_disabled_person_opens_nothing_by_a_code(client, district, code):
    Person.objects.update(is_active=False)
    assert use(client, district.secretary.username, code).status_code == 422


def test_until_a_new_password_is_chosen_no_other_page_opens(client, district, code):
    client.force_login(Person.objects.get(pk=district.secretary.pk))
    response = client.get(reverse("home"))
    assert (response.status_code, response.url) == (302, reverse("account_change_password"))
    assert client.get(response.url).status_code == 200
    client.post(reverse("account_change_password"), {"password": OLD, "new_password": NEW, "again": NEW})
    assert client.get(reverse("home")).status_code == 200


def test_an_administrator_makes_codes_only_for_people_wholly_within_reach(district, now):
    outside = factories.unit("Huyện ủy Khác", "district_committee")
    with pytest.raises(PermissionDenied):
        services.make_reset_code(factories.person(outside, "secretary"), by=district.administrator, at=now)
    services.give_post(district.clerk, unit=outside, role="leader", starts_at=AT, by=None, at=AT)
    with pytest.raises(PermissionDenied):
        services.make_reset_code(district.clerk, by=district.administrator, at=now)


def test_nobody_but_an_administrator_makes_codes(district, now):
    with pytest.raises(PermissionDenied):
        services.make_reset_code(district.secretary, by=district.head, at=now)


def test_the_first_administrator_gets_a_code_and_stands_above_all(client, db, capsys):
    call_command("first_administrator", username="Quan.Tri", full_name="Người Quản Trị")
    printed = capsys.readouterr().out.splitlines()[0].rsplit(" ", 1)[1]
    assert use(client, "quan.tri", printed).status_code == 302
    post = Post.objects.get()
    assert (post.unit, post.role, post.person.full_name) == (None, "administrator", "Người Quản Trị")


def test_the_same_first_administrator_may_ask_for_another_code_but_nobody_else(db):
    call_command("first_administrator", username="quantri", full_name="A")
    call_command("first_administrator", username="quantri", full_name="A")
    assert Person.objects.count() == 1
    with pytest.raises(CommandError):
        call_command("first_administrator", username="khac", full_name="B")


def test_the_first_administrator_takes_nobodys_name(district):
    with pytest.raises(CommandError):
        call_command("first_administrator", username=district.clerk.username, full_name="B")
