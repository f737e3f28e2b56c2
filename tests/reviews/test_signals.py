"""Signals as the board meets them: kept, asked on their pages, answered once, asked anew only with something new."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.models import Event
from models_registry.models import Attachment, PracticeModel
from models_registry.services.known_sentences import remember
from organizations import services as organizations
from organizations.services import give_post
from progress.services.formalism import look_at_dossiers, look_at_year
from reviews.models import Signal, SignalThresholds
from reviews.services.signals import answer_signal, keep_signals, set_thresholds, thresholds_of
from reviews.signals import Found, Part
from tests import factories as people
from tests.factories import AT, person, unit
from tests.progress import making
from tests.reviews import factories

LATER = AT + dt.timedelta(days=9)
NOTE = "Đã xem, không vướng gì: cùng một buổi."
LIKE = (
    "Họp tổ ba lần, đi từng hộ giải thích cho rõ. Đảng viên đo đất và ghi biên bản công khai. "
    "Mỗi tối thứ bảy thắp đèn đường từ đầu ấp tới cầu."
)


def last_day(of, *items, **fields):
    facts = {"count": len(items), "all": len(items), "quarter": 1, "year": 2026}
    parts = tuple(Part(str(one.pk), item=one.pk) for one in items)
    return Found("last_day", f"{of.pk}:2026:1", unit=of.pk, year=2026, facts=facts, parts=parts, **fields)


def keep(district, *found, at=AT):
    return keep_signals(district.board.pk, "last_day", found, about={"year": 2026}, at=at)


@pytest.fixture
def items(district):
    sheet = making.sheet(district.cell, district.board)
    return [making.item(sheet, title=f"Việc {n}") for n in range(4)]


@pytest.fixture
def other_district(district):
    """Another tree, of which the first is told nothing."""
    return people.district()


@pytest.fixture
def signal(district, items):
    keep(district, last_day(district.cell, *items[:3]))
    return Signal.objects.get()


def test_it_is_asked_once_and_again_only_with_something_new(district, items, signal):
    answer_signal(signal.pk, note=NOTE, by=district.appraiser, at=AT)
    assert keep(district, last_day(district.cell, *items[:3]), at=LATER) == 0
    assert not Signal.objects.open().exists()
    assert keep(district, last_day(district.cell, *items[:2]), at=LATER) == 0
    assert not Signal.objects.open().exists()
    assert keep(district, last_day(district.cell, *items), at=LATER) == 1
    (again,) = Signal.objects.open()
    assert (again.pk, again.found_at, again.answers.get().note) == (signal.pk, LATER, NOTE)
    assert {part.item_id for part in again.parts.all()} == {one.pk for one in items}


def test_what_no_longer_holds_has_ended_and_may_come_back(district, items, signal):
    keep(district, at=LATER)
    signal.refresh_from_db()
    assert (signal.ended_at, signal.is_open) == (LATER, False)
    keep(district, last_day(district.cell, *items[:3]), at=LATER)
    assert Signal.objects.get().is_open


def test_an_answer_is_kept_and_journaled(district, signal):
    answer_signal(signal.pk, note=f"  {NOTE} ", by=district.head, at=AT)
    event = Event.objects.get(verb="signal.answered")
    assert (event.actor, event.unit_id, event.detail["reason"]) == (district.head, district.cell.pk, NOTE)


@pytest.mark.parametrize("who", ["secretary", "leader", "administrator", "elsewhere", "confirmer", "member"])
def test_who_may_not_answer(district, signal, who):
    by, refused = district.appraiser, PermissionDenied
    match who:
        case "elsewhere":
            by, refused = person(district.top, "appraiser"), Signal.DoesNotExist
        case "confirmer":
            Signal.objects.update(person=by)
        case "member":
            give_post(by, unit=district.cell, role="deputy", starts_at=AT, by=None, at=AT)
            refused = Signal.DoesNotExist
        case _:
            by, refused = getattr(district, who), Signal.DoesNotExist
    with pytest.raises(refused):
        answer_signal(signal.pk, note=NOTE, by=by, at=AT)
    assert Signal.objects.get().is_open


def test_an_answer_says_something(district, signal):
    with pytest.raises(ValidationError):
        answer_signal(signal.pk, note=" xem ", by=district.appraiser, at=AT)
    assert Signal.objects.get().is_open


@pytest.mark.parametrize("rows", [1, 30])
def test_the_list_costs_the_same_however_long(client, district, items, rows, django_assert_max_num_queries):
    keep(district, last_day(district.cell, *items))
    one = Signal.objects.get()
    for n in range(1, rows):
        one.pk, one.key, one._state.adding = None, f"x{n}", True
        one.save()
    client.force_login(district.appraiser)
    with django_assert_max_num_queries(12):
        page = client.get(reverse("reviews:signals"), {"year": 2026})
    assert page.context["page_obj"].paginator.count == rows
    assert "3 việc" not in page.content.decode() and "4 trong 4 việc" in page.content.decode()


@pytest.mark.parametrize(
    ("asked", "count"),
    [
        ({}, 1),
        ({"kind": "burst"}, 0),
        ({"kind": "nothing"}, 1),
        ({"q": "ap 1"}, 1),
        ({"q": "ấp 9"}, 0),
        ({"status": "answered"}, 0),
        ({"status": "all"}, 1),
        ({"unit": "1"}, 0),
        ({"unit": "x", "page": "z"}, 1),
        ({"year": "2025"}, 0),
    ],
)
def test_the_list_is_filtered_by_its_address(client, district, signal, asked, count):
    client.force_login(district.head)
    page = client.get(reverse("reviews:signals"), {"year": 2026} | asked)
    assert page.context["page_obj"].paginator.count == count


def test_a_signal_opens_exactly_the_works_that_make_it(client, district, items, signal):
    client.force_login(district.appraiser)
    address = reverse("reviews:signal", args=[signal.pk])
    page = client.get(address)
    shown = {place.url for place in page.context["places"]}
    assert shown == {reverse("progress:item", args=[one.pk]) for one in items[:3]}
    refused = client.post(address, {"note": "xem"})
    assert (refused.status_code, refused.context["form"]["note"].value()) == (422, "xem")
    assert client.post(address, {"note": NOTE}).status_code == 302
    assert NOTE in client.get(address).content.decode()


def test_like_passages_stand_beside_the_dossier(client, district, round_, django_assert_max_num_queries):
    theirs = written(district, round_, unit=district.other_cell, by=district.other_secretary, at=AT)
    mine = written(district, round_, at=LATER)
    look_at_dossiers(district.board.pk, at=LATER)
    assert [one.dossier for one in Signal.objects.all()] == [mine]
    client.force_login(district.appraiser)
    with django_assert_max_num_queries(35):
        page = client.get(reverse("reviews:appraise", args=[mine.pk]))
    (beside,) = page.context["signals"]
    assert {(one.mine, one.unit) for one in beside["passages"]} == {
        (text.strip(), district.other_cell.name) for text in LIKE.split(".") if text.strip()
    }
    assert reverse("reviews:appraise", args=[theirs.pk]) in page.content.decode()
    assert not client.get(reverse("reviews:appraise", args=[theirs.pk])).context["signals"]
    # Whom a conflict of interest keeps from the other dossier reads nothing of it.
    theirs.co_units.add(seat := unit("Chi bộ cơ quan", parent=district.top))
    give_post(district.appraiser, unit=seat, role="deputy", starts_at=AT, by=None, at=AT)
    (beside,) = client.get(reverse("reviews:appraise", args=[mine.pk])).context["signals"]
    seat_of_theirs = theirs.unit.get_kind_display()
    assert {(one.mine in LIKE, one.theirs, one.unit, one.url) for one in beside["passages"]} == {
        (True, "", seat_of_theirs, "")
    }


def written(district, round_, **sent):
    dossier = factories.sent(district, round_, **sent)
    PracticeModel.objects.create(dossier=dossier)
    content = factories.content("Mô hình mẫu", solutions=LIKE) | {"items": [], "outputs": []}
    dossier.versions.update(content=content)
    remember(dossier, content)
    return dossier


def test_a_board_is_told_of_its_whole_tree_but_never_who(client, district, round_, other_district):
    ban = unit("Ban của xã", parent=district.other_commune)
    organizations.let_appraise(ban, district.other_commune, valid_from=AT.date(), by=None, at=AT)
    places = ((district.other_cell, ban), (other_district.cell, other_district.board), (district.cell, district.board))
    for n, (where, board) in enumerate(places):
        made = written(district, round_, title=f"Nơi khác {n}", unit=where, at=LATER if n == 2 else AT)
        made.body = board
        made.save()
        remember(made, made.versions.get().content)
        held = {"file": "x", "size": 9, "digest": "d" * 64, "added_at": made.submitted_at}
        Attachment.objects.create(dossier=made, name=f"Ông Mẫu {n}.pdf", added_by=district.secretary, **held)
    look_at_dossiers(district.board.pk, at=LATER)
    look_at_year(district.board.pk, 2026, at=LATER)
    text, file = (Signal.objects.get(body=district.board, kind=kind) for kind in ("text", "file"))
    assert {part.dossier.title for part in text.parts.all()} == {"Nơi khác 0"}
    assert {part.dossier.title for part in file.parts.all()} == {"Nơi khác 0", "Nơi khác 2"}
    client.force_login(district.appraiser)
    for signal in (text, file):
        page = client.get(reverse("reviews:signal", args=[signal.pk])).text
        assert not any(told in page for told in ("Nơi khác 0", "Ông Mẫu 0", f">{district.other_cell.name}<"))
        assert "Chi bộ trực thuộc" in page
    assert "Giống 100% với một hồ sơ ngoài phạm vi xem của bạn" in client.get(f"/reviews/signals/{text.pk}/").text


def test_the_head_sets_from_when_on_the_board_is_asked(client, district):
    client.force_login(district.head)
    address = reverse("reviews:signal_thresholds")
    standing = client.get(address).context["form"].initial
    assert standing["burst_count"] == 20
    typed = {name: value for name, value in standing.items() if value is not None} | {"burst_count": 30}
    assert client.post(address, typed | {"burst_minutes": 0}).status_code == 422
    assert not SignalThresholds.objects.exists()
    assert client.post(address, typed).status_code == 302
    assert thresholds_of(district.board.pk).burst_count == 30
    assert Event.objects.get(verb="signal.thresholds").detail == {"burst_count": [20, 30]}
    with pytest.raises(PermissionDenied):
        set_thresholds({"burst_count": 5}, by=district.appraiser, at=AT)
