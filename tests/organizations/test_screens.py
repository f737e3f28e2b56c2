"""An administrator's pages, as a browser without script meets them."""

import datetime as dt

import pytest
from django.urls import reverse

from organizations import services
from organizations.models import AppraisalLink, Person, Post, Unit
from tests import factories
from tests.factories import AT, FOUNDED


@pytest.fixture
def admin(client, district):
    client.force_login(district.administrator)
    return client


def page(name, *args, **query):
    return reverse(f"organizations:{name}", args=args, query=query or None)


def test_units_are_found_without_accents_by_code_and_by_kind(admin, district):
    found = [
        {unit for unit, _parent in admin.get(page("units", **query)).context["rows"]}
        for query in (
            {"q": "chi bo ap"},
            {"q": district.board.code.lower()},
            {"kind": "grassroots_committee"},
            {"q": "Đảng ủy xã Bình"},
        )
    ]
    assert found == [
        {district.cell, district.other_cell},
        {district.board},
        {district.commune, district.other_commune},
        {district.other_commune},
    ]


def test_the_list_shows_the_tree_of_any_day(admin, district):
    services.move_unit(district.cell, district.other_commune, on=dt.date(2026, 1, 5), by=None, at=AT)
    services.end_unit(district.other_cell, on=dt.date(2026, 1, 5), by=None, at=AT)
    now = dict(admin.get(page("units")).context["rows"])
    before = dict(admin.get(page("units", day="04/01/2026")).context["rows"])
    ended = dict(admin.get(page("units", standing="ended")).context["rows"])
    assert (now[district.cell], before[district.cell]) == (district.other_commune, district.commune)
    assert district.other_cell not in now and district.other_cell in before
    assert list(ended) == [district.other_cell]


@pytest.mark.parametrize("query", [{"day": "31/02/2026"}, {"kind": "x"}, {"page": "zz"}, {"q": "a\x00b"}])
def test_an_unreadable_filter_is_left_out_and_told(admin, query):
    assert admin.get(page("units", **query)).status_code == 200


@pytest.mark.parametrize("rows", [1, 30])
def test_the_lists_cost_the_same_whatever_their_length(admin, district, rows, django_assert_max_num_queries):
    for number in range(rows):
        cell = factories.unit(f"Chi bộ {number}", parent=district.commune)
        factories.person(cell, "secretary", password=None)
    for address in (page("units"), page("people"), page("unit", district.commune.pk), page("people", q="nguoi")):
        with django_assert_max_num_queries(12):
            assert admin.get(address).status_code == 200


def test_suggestions_are_units_in_sight(admin, district):
    factories.unit("Chi bộ ấp xa lạ")
    text = admin.get(page("suggest_units", parent="chi bo")).text
    assert "Chi bộ ấp 1" in text and "Chi bộ ấp 2" in text and "xa lạ" not in text
    assert admin.get(page("suggest_units")).text.strip() == ""


def test_units_are_found_by_how_their_code_begins(admin, district):
    found = admin.get(page("units", q=district.commune.code[:-1].lower())).context["page_obj"]
    assert district.commune in found.object_list


def unit_data(district, **changes):
    return {
        "name": "Chi bộ ấp 3", "kind": "cell", "code": "CB-AP3", "parent": district.commune.code,
        "valid_from": "05/01/2026",
    } | changes  # fmt: skip


@pytest.mark.parametrize("typed", ["code", "name", "folded", "suggestion"])
def test_a_unit_is_added_under_a_parent_named_in_any_way(admin, district, typed):
    parent = district.commune
    ways = {"code": parent.code.lower(), "name": "Đảng ủy xã An", "folded": "xa an", "suggestion": f"{parent.code} · x"}
    response = admin.post(page("add_unit"), unit_data(district, parent=ways[typed]))
    made = Unit.objects.get(code="CB-AP3")
    assert (response.status_code, response.url) == (302, page("unit", made.pk))
    assert made.ancestor_ids[-1] == parent.pk


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"name": ""}, "name"),
        ({"name": "x" * 301}, "name"),
        ({"kind": "nonsense"}, "kind"),
        ({"code": "CB AP3"}, "code"),
        ({"parent": "chi bo"}, "parent"),
        ({"parent": "khong co"}, "parent"),
        ({"parent": ""}, "parent"),
        ({"valid_from": "31/02/2026"}, "valid_from"),
        ({"valid_from": "01/01/1999"}, "parent"),
        ({"name": "a\x00b"}, "name"),
    ],
)
def test_a_unit_that_cannot_be_is_asked_for_again_with_what_was_typed(admin, district, changes, field):
    response = admin.post(page("add_unit"), unit_data(district, **changes))
    assert response.status_code == 422
    assert field in response.context["form"].errors
    assert not Unit.objects.filter(code="CB-AP3").exists()


def test_a_code_is_used_once(admin, district):
    response = admin.post(page("add_unit"), unit_data(district, code=district.cell.code.lower()))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["code"])


def correct(admin, unit, name, seen):
    data = {"name": name, "kind": unit.kind, "code": unit.code, "on": "05/01/2026", "decision": "1-QĐ", "seen": seen}
    return admin.post(page("correct_unit", unit.pk), data)


def test_a_stale_page_is_told_who_was_faster_and_may_then_insist(admin, district):
    unit = district.cell
    seen = admin.get(page("correct_unit", unit.pk)).context["form"].initial["seen"]
    services.correct_unit(
        unit, name="Tên khác", code=unit.code, kind=unit.kind, on=FOUNDED, by=district.administrator, at=AT
    )
    stale = correct(admin, unit, "Tên của tôi", seen)
    assert stale.status_code == 409
    assert "Tên khác" in stale.text and "Tên của tôi" in stale.text and "đã sửa đơn vị này lúc" in stale.text
    assert correct(admin, unit, "Tên của tôi", stale.context["form"]["seen"].value()).status_code == 302
    assert Unit.objects.get(pk=unit.pk).name == "Tên của tôi"


def test_a_unit_is_moved_ended_and_given_a_body_by_forms(admin, district):
    unit, today = district.cell, dt.date.today().strftime("%d/%m/%Y")
    assert admin.post(page("move_unit", unit.pk), {"parent": "xã Bình", "on": today}).status_code == 302
    assert admin.post(page("give_body", unit.pk), {"body": district.board.code, "valid_from": today}).status_code == 302
    assert admin.get(page("unit", unit.pk)).context["body"] == district.board
    assert admin.post(page("end_body", unit.pk), {"on": "01/01/2030"}).status_code == 302
    assert AppraisalLink.objects.get(serves=unit).valid_to == dt.date(2030, 1, 1)
    assert admin.post(page("end_unit", unit.pk), {"on": "01/01/2030"}).status_code == 302
    unit.refresh_from_db()
    assert (unit.ancestor_ids[-1], unit.valid_to) == (district.other_commune.pk, dt.date(2030, 1, 1))
    assert admin.get(page("unit", unit.pk)).status_code == 200


def test_what_the_services_refuse_is_told_at_the_field(admin, district):
    response = admin.post(page("end_unit", district.commune.pk), {"on": "01/02/2026"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["on"])
    response = admin.post(page("move_unit", district.commune.pk), {"parent": district.cell.code, "on": "01/02/2026"})
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["parent"])


def person_data(district, **changes):
    return {
        "full_name": "Nguyễn Văn Mẫu", "username": "mau.nguyen", "phone": "+84 912 345 678", "email": "",
        "role": "secretary", "unit": district.cell.code, "title": "", "starts_on": "05/01/2026", "ends_on": "",
    } | changes  # fmt: skip


def test_a_person_is_added_with_a_first_post(admin, district):
    response = admin.post(page("add_person"), person_data(district, ends_on="31/12/2026"))
    person = Person.objects.get(username="mau.nguyen")
    assert (response.status_code, response.url, person.phone) == (302, page("person", person.pk), "0912345678")
    post = person.posts.get()
    assert (post.role, post.unit, post.ends_at) == (
        "secretary", district.cell, dt.datetime(2027, 1, 1, tzinfo=AT.tzinfo),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"full_name": ""}, "full_name"),
        ({"username": "có dấu"}, "username"),
        ({"phone": "123"}, "phone"),
        ({"email": "x@"}, "email"),
        ({"role": "king"}, "role"),
        ({"unit": ""}, "unit"),
        ({"unit": "khong co"}, "unit"),
        ({"starts_on": "32/01/2026"}, "starts_on"),
        ({"ends_on": "01/01/2020"}, "ends_on"),
    ],
)
def test_a_person_who_cannot_be_is_asked_for_again(admin, district, changes, field):
    before = Person.objects.count()
    response = admin.post(page("add_person"), person_data(district, **changes))
    assert (response.status_code, list(response.context["form"].errors)) == (422, [field])
    assert (Person.objects.count(), Post.objects.filter(person__username="mau.nguyen").count()) == (before, 0)


def test_a_name_in_use_is_told_at_the_field_and_nothing_is_written(admin, district):
    response = admin.post(page("add_person"), person_data(district, username=district.clerk.username))
    assert (response.status_code, list(response.context["form"].errors)) == (422, ["username"])


def test_people_are_listed_by_given_name_found_by_unit_and_by_standing(admin, district):
    for name in ("Nguyễn Văn Bình", "Trần Thị An", "Lê Văn Ánh"):
        factories.person(district.other_cell, "clerk", name, password=None)
    Person.objects.filter(full_name__startswith="Nguyễn Văn Bình").update(is_active=False)

    def names(**query):
        return [" ".join(p.full_name.split()[:-1]) for p in admin.get(page("people", **query)).context["page_obj"]]

    assert "Trần Thị An" in names(unit=district.other_commune.code)
    assert "Nguyễn Văn Bình" not in names() and names(standing="out") == ["Nguyễn Văn Bình"]
    assert "Nhập liệu" not in names(unit=district.other_commune.code)
    assert names(q="le van anh") == ["Lê Văn Ánh"]


def test_a_code_is_shown_once_on_a_page_nobody_keeps(admin, district):
    response = admin.post(page("make_code", district.clerk.pk))
    assert response.status_code == 200
    assert "no-store" in response["Cache-Control"]
    code = response.context["code"]
    assert code in response.text and code not in admin.get(page("person", district.clerk.pk)).text


def test_a_person_is_edited_shut_out_and_let_in(admin, district):
    clerk = district.clerk
    data = {"full_name": "Tên Mới", "username": clerk.username, "phone": "", "email": ""}
    assert admin.post(page("edit_person", clerk.pk), data).status_code == 302
    assert admin.post(page("shut_out", clerk.pk)).status_code == 302
    clerk.refresh_from_db()
    assert (clerk.full_name, clerk.is_active) == ("Tên Mới", False)
    assert admin.post(page("let_in", clerk.pk)).status_code == 302
    taken = admin.post(page("edit_person", clerk.pk), data | {"username": district.head.username})
    assert (taken.status_code, list(taken.context["form"].errors)) == (422, ["username"])


def test_a_post_is_given_to_somebody_known_and_ended_at_once(admin, district):
    data = {"person": district.clerk.username, "role": "deputy", "unit": district.cell.code, "starts_on": "05/01/2026"}
    assert admin.post(page("give_post"), data).status_code == 302
    again = admin.post(page("give_post"), data)
    assert (again.status_code, list(again.context["form"].errors)) == (422, ["role"])
    unknown = admin.post(page("give_post"), data | {"person": "khong.co"})
    assert (unknown.status_code, list(unknown.context["form"].errors)) == (422, ["person"])
    post = district.clerk.posts.get(role="deputy")
    assert admin.post(page("end_post", post.pk), {"ends_on": ""}).status_code == 302
    post.refresh_from_db()
    assert not post.is_current(post.ends_at)


def test_accounts_with_posts_out_of_reach_are_shown_without_them_and_not_changed(admin, district):
    foreign = factories.unit("Huyện ủy Khác", "district_committee")
    services.give_post(district.clerk, unit=foreign, role="leader", starts_at=AT, by=None, at=AT)
    response = admin.get(page("person", district.clerk.pk))
    assert "Huyện ủy Khác" not in response.text
    assert (response.context["elsewhere"], response.context["may_manage"]) == (1, False)
    for name in ("edit_person", "shut_out", "make_code"):
        assert admin.post(page(name, district.clerk.pk)).status_code == 403
