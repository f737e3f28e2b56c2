"""The showcase as people see it, and how it vanishes."""

import pytest
import time_machine
from django.urls import reverse

from models_registry import services
from models_registry.models import Dossier, Exemplar
from models_registry.queries.showcase import first_words, votes_text
from tests import factories
from tests.models_registry import registry_factories as make
from tests.models_registry.showcase.making import LATER, adopted, approve, publish

pytestmark = pytest.mark.django_db
SHOWCASE = reverse("models_registry:showcase")


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def page(client):
    """Return a function that gives the text of a page as a person sees it, or the status of what is no page."""

    def read(person, name, *args, status=200, **query):
        client.force_login(person)
        answer = client.get(reverse(f"models_registry:{name}", args=args), query)
        assert answer.status_code == status
        return answer.content.decode()

    return read


def put_out(client, dossier, district):
    client.force_login(district.head)
    address = reverse("models_registry:unpublish", args=[dossier.pk])
    return client.post(address, {"reason": "Đơn vị đề nghị gỡ để bổ sung"})


@pytest.mark.parametrize(
    ("votes", "stars", "told"),
    [
        (0, 0, "Chưa có lượt đánh giá"),
        (4, 20, "Chưa đủ 5 lượt (có 4)"),
        (5, 25, "5,0 (5 lượt)"),
        (12, 51, "4,3 (12 lượt)"),
        (1000, 3333, "3,3 (1.000 lượt)"),
    ],
)
def test_votes_are_told_as_average_and_number_from_five_on(votes, stars, told):
    assert votes_text(votes, stars) == told


def test_a_summary_begins_with_whole_sentences_or_words():
    assert first_words("Ngắn. Gọn.") == "Ngắn. Gọn."
    assert first_words("Câu một dài. Câu hai dài hơn", 20) == "Câu một dài."
    assert first_words("một hai ba bốn năm", 12) == "một hai ba"


def test_the_head_publishes_from_the_dossier_and_everyone_reads_it(client, page, district, approved):
    assert "Đưa vào kho" in page(district.head, "dossier", approved.pk)
    assert "Đưa vào kho" not in page(district.secretary, "dossier", approved.pk)
    assert "Nội dung goal" in page(district.head, "publish", approved.pk)
    address = reverse("models_registry:publish", args=[approved.pk])
    assert client.post(address, {"summary": "Rác ra khỏi ngõ"}).status_code == 422
    client.post(address, {"summary": "Rác ra khỏi ngõ", "agreed": "on"})
    gallery = page(district.other_secretary, "showcase")
    assert all(text in gallery for text in ("Rác ra khỏi ngõ", approved.title, "Chi bộ ấp 1"))
    assert "Ở trong kho từ ngày 05/01/2026" in page(district.secretary, "dossier", approved.pk)


def test_of_a_model_everybody_reads_what_helps_and_nobodys_own(page, district, model):
    model.practice.resources = "Liên hệ 0912 345 678 hoặc 0272.3 812 345, hop.thu@mau.vn; 1.200.000 đồng"
    model.practice.save()
    Exemplar.objects.create(practice=model.practice, position="Hội viên", evidence="Hiến đất")
    item = model.items.get()
    item.assignee, item.accountable = "Bà Nguyễn Thị Mận", "Ông Lê Văn Mận"
    item.save()
    publish(approve(model, district), district)
    told = page(district.other_secretary, "shown_model", model.pk)
    for text in (
        "Nội dung solutions",
        "Trần Thị Mẫu",
        "Hội viên",
        "Hiến đất",
        "Thu gom rác tại nguồn",
        "1.200.000 đồng",
    ):
        assert text in told
    for text in ("Mận", "0912", "812 345", "hop.thu", "Đã đồng ý", "Tệp đính kèm"):
        assert text not in told


def test_taken_out_it_is_nowhere_at_once(client, page, district, shown, opened):
    theirs = adopted(shown, district.other_secretary, district, opened)
    publish(theirs, district)
    reader = district.other_secretary
    assert shown.title in page(reader, "showcase")
    assert shown.title in page(reader, "adoptions", theirs.pk)
    assert put_out(client, shown, district).status_code == 302
    Dossier.objects.filter(pk=theirs.pk).update(title="Tên riêng")
    assert shown.title not in page(reader, "showcase", q="bao ve")
    for name in ("shown_model", "adopt", "adoptions"):
        page(reader, name, shown.pk, status=404)
    assert "Áp dụng từ" not in page(reader, "shown_model", theirs.pk)
    assert "Áp dụng từ" not in page(reader, "adoptions", theirs.pk)
    assert "Áp dụng từ" not in page(reader, "dossier", theirs.pk)
    with pytest.raises(Dossier.DoesNotExist):
        services.adopt(shown.pk, round=opened, by=reader, at=LATER)
    assert "1 đơn vị, 1 cấp" in page(district.secretary, "dossier", shown.pk)


def test_an_adopter_taken_out_stays_in_the_tree_by_its_unit_alone(client, page, district, shown, opened):
    theirs = adopted(shown, district.other_secretary, district, opened)
    Dossier.objects.filter(pk=theirs.pk).update(title="Tên riêng của ấp 2")
    publish(theirs, district)
    assert "Tên riêng của ấp 2" in page(district.secretary, "adoptions", shown.pk)
    put_out(client, theirs, district)
    told = page(district.secretary, "adoptions", shown.pk)
    assert "Tên riêng của ấp 2" not in told
    assert "Chi bộ ấp 2" in told
    assert "cấp 1, năm 2026" in told


def test_a_name_is_shown_while_its_consent_stands(client, page, district, shown):
    assert "Trần Thị Mẫu" in page(district.leader, "shown_model", shown.pk)
    client.force_login(district.secretary)
    address = reverse("models_registry:consent", args=[shown.pk])
    assert "Trần Thị Mẫu" in client.get(address).content.decode()
    client.post(address, {"exemplar": Exemplar.objects.get().pk})
    for name in ("shown_model", "dossier", "print"):
        assert "Trần Thị Mẫu" not in page(district.secretary, name, shown.pk)
    assert "Tổ trưởng" in page(district.leader, "shown_model", shown.pk)


def test_consent_that_ends_on_any_way_hides_the_name_of_the_frozen_version(page, district, shown):
    Exemplar.objects.update(name="", consent=False)
    assert "Trần Thị Mẫu" not in page(district.leader, "shown_model", shown.pk)


def test_a_reader_votes_and_reads_the_average(client, page, district, shown):
    people = [district.leader, district.committee, district.other_secretary, district.head, district.appraiser]
    address = reverse("models_registry:vote", args=[shown.pk])
    for stars, person in zip((5, 4, 4, 4, 4), people, strict=True):
        client.force_login(person)
        assert client.post(address, {"stars": stars}).status_code == 302
    assert client.post(address, {"stars": "6"}).status_code == 422
    assert client.post(address).status_code == 422
    told = page(district.secretary, "shown_model", shown.pk)
    assert "4,2 (5 lượt)" in told
    assert 'name="stars"' not in told
    assert "4,2 (5 lượt)" in page(district.secretary, "showcase")
    assert "Bạn đã đánh giá" in page(district.leader, "shown_model", shown.pk)


def test_applying_starts_a_linked_draft_and_says_when_no_round_receives(client, page, district, shown, opened):
    client.force_login(district.other_secretary)
    assert "Áp dụng" in page(district.other_secretary, "shown_model", shown.pk)
    answer = client.post(reverse("models_registry:adopt", args=[shown.pk]), {"round": opened.pk})
    made = Dossier.objects.get(copied_from=shown)
    assert (answer.url, made.unit) == (reverse("models_registry:check", args=[made.pk]), district.other_cell)
    with time_machine.travel(LATER.replace(month=8), tick=False):
        assert "Hiện chưa có đợt nào nhận đăng ký" in page(district.other_secretary, "adopt", shown.pk)


@pytest.mark.parametrize(
    ("query", "titles"),
    [
        ({}, ["Đường hoa", "Tổ bảo vệ môi trường"]),
        ({"q": "ve moi"}, ["Tổ bảo vệ môi trường"]),
        ({"programme": "dan_van_kheo"}, ["Đường hoa"]),
        ({"tag": "sạch ĐẸP"}, ["Đường hoa"]),
        ({"year": "2026", "kind": "cell"}, ["Đường hoa", "Tổ bảo vệ môi trường"]),
        ({"kind": "front"}, []),
        ({"sort": "votes"}, ["Đường hoa", "Tổ bảo vệ môi trường"]),
        ({"year": "x", "kind": "?", "sort": "; drop", "page": "99"}, ["Đường hoa", "Tổ bảo vệ môi trường"]),
    ],
)
def test_the_gallery_is_filtered_by_its_address(client, district, shown, opened, query, titles):
    made = make.full_model(district.other_cell, district.other_secretary, opened, title="Đường hoa")
    fields = {"tags": ["Sạch đẹp"], "programmes": ["dan_van_kheo"]}
    services.save_draft(made.pk, by=district.other_secretary, at=LATER, fields=fields)
    made.refresh_from_db()
    publish(approve(made, district), district)
    client.force_login(district.clerk)
    found = client.get(SHOWCASE, query).context["cards"]
    assert sorted(card.title for card in found) == sorted(titles)


@pytest.mark.parametrize("count", [1, 30])
def test_gallery_model_and_tree_cost_the_same_however_many(
    client, district, shown, opened, count, django_assert_max_num_queries
):
    for n in range(count):
        by = factories.person(factories.unit(f"Chi bộ {n}", parent=district.commune), "secretary")
        publish(adopted(shown, by, district, opened), district)
    client.force_login(district.other_secretary)
    for name, args in (("showcase", []), ("shown_model", [shown.pk]), ("adoptions", [shown.pk]), ("adopt", [shown.pk])):
        with django_assert_max_num_queries(12):
            assert client.get(reverse(f"models_registry:{name}", args=args)).status_code == 200


def test_a_dossier_in_the_showcase_costs_no_more_than_twelve_queries(
    client, district, shown, opened, django_assert_max_num_queries
):
    theirs = adopted(shown, district.other_secretary, district, opened)
    for person, found in ((district.other_secretary, theirs), (district.head, shown)):
        client.force_login(person)
        with django_assert_max_num_queries(12):
            client.get(reverse("models_registry:dossier", args=[found.pk]))


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("Môi trường, moi truong ; Sạch  đẹp", ["Môi trường", "Sạch đẹp"]),
        ("Đo\u0300 xanh, ,!!!", ["Đò xanh"]),
        (", ".join(f"thẻ {n}" for n in range(11)), None),
        ("đ" * 41, None),
    ],
)
def test_tags_are_kept_once_however_they_are_marked_and_not_without_end(client, district, model, typed, kept):
    client.force_login(district.secretary)
    data = {"edition": 0, "title": "Tên", "tags": typed, "rows-TOTAL_FORMS": "0", "rows-INITIAL_FORMS": "0"}
    answer = client.post(reverse("models_registry:step", args=[model.pk, "general"]), data)
    model.refresh_from_db()
    assert (answer.status_code, model.tags) == ((422, []) if kept is None else (302, kept))


def test_tags_the_board_approved_are_offered_and_a_tag_leads_to_a_search(client, page, district, shown, opened):
    Dossier.objects.filter(pk=shown.pk).update(tags=["Môi trường", "<b>"])
    versions = Dossier.objects.get(pk=shown.pk).versions
    version = versions.get()
    version.content["tags"] = ["Môi trường", "<b>"]
    version.save()
    draft = services.start_dossier(
        kind="practice_model", unit=district.other_cell, round=opened, by=district.other_secretary, at=LATER
    )
    told = page(district.other_secretary, "step", draft.pk, "general")
    assert "<span>Môi trường</span>, <span>&lt;b&gt;</span>" in told
    assert "/registry/search/?tag=M%C3%B4i%20tr%C6%B0%E1%BB%9Dng" in page(district.secretary, "dossier", shown.pk)
