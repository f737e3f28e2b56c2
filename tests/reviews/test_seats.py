"""Where a round asks for several scorers, giving dossiers out fills every seat, and a free one is seen."""

import datetime as dt
from collections import Counter

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse

from journal.awaiting import Awaited
from journal.models import Event, Notice
from models_registry.models import ConflictDeclaration, Dossier
from organizations.models import Post
from reviews import services
from reviews.models import Assignment
from reviews.queries import awaiting, criteria_of
from reviews.queries.assigning import seats_of, short
from reviews.queries.planning import EVENLY, HAND, plan
from reviews.sharing import share_seats
from tests.factories import AT, person
from tests.reviews import factories
from tests.reviews.pages import NOW, REASON

pytestmark = pytest.mark.usefixtures("the_day_after")
PAGE = "/reviews/assigning/"
DAY = dt.timedelta(days=1)


@pytest.fixture
def pair_round(round_):
    """A round that asks for two scorers of each dossier."""
    type(round_).objects.update(appraisers=2)
    round_.refresh_from_db()
    return round_


def seated():
    """{(dossier, person): whether that person leads}."""
    held = Assignment.objects.held().values_list("dossier", "appraiser", "is_lead")
    return {(dossier, who): leads for dossier, who, leads in held}


@pytest.mark.parametrize(
    ("wanted", "loads", "cap", "counts"),
    [
        ({"a": 2, "b": 2, "c": 2}, {"x": 0, "y": 0, "z": 0}, None, [2, 2, 2]),
        ({"a": 2}, {"x": 0, "y": 5, "z": 0}, None, [1, 0, 1]),
        ({"a": 2, "b": 2}, {"x": 0, "y": 0, "z": 0}, 1, [1, 1, 1]),
        ({"a": 5}, {"x": 0, "y": 0, "z": 0}, None, [1, 1, 1]),
        ({"a": 0, "b": -1}, {"x": 0}, None, [0]),
    ],
)
def test_seats_are_shared_evenly_nobody_twice(wanted, loads, cap, counts):
    found = share_seats(wanted, {one: list(loads) for one in wanted}, loads, cap=cap)
    assert all(len(people) == len(set(people)) for people in found.values())
    given = Counter(who for people in found.values() for who in people)
    assert [given[who] for who in loads] == counts


def test_what_is_given_out_evenly_fills_every_seat_and_loads_count_each(client, district, pair_round, run_jobs):
    four = [district.appraiser, *(person(district.board, "appraiser") for _ in range(3))]
    six = [factories.sent(district, pair_round, f"Mô hình {n}", at=AT + dt.timedelta(minutes=n)) for n in range(6)]
    barred = {"dossier": six[0], "reason": REASON, "declared_at": AT, "body": district.board}
    for one in four[:3]:
        ConflictDeclaration.objects.create(person=one, declared_by=one, **barred)
    client.force_login(district.head)
    address = f"{PAGE}?source=waiting&method=evenly"
    shown = client.get(address)
    made = shown.context["plan"]
    assert made.short == [(six[0], 1)]
    assert "Vẫn còn thiếu người chấm" in shown.content.decode()
    assert sorted(after for _who, _before, after in made.loads) == [2, 3, 3, 3]
    pairs = [":".join(str(one.pk) for one in (d, lead, *beside)) for d, lead, beside in made.rows]
    assert all(f'value="{pair}"' in shown.content.decode() for pair in pairs)
    client.post(address, {"pair": pairs})
    [job] = run_jobs()
    assert job.message == "Đã giao 6 hồ sơ; không giao được 0."
    expected = {(d.pk, lead.pk): True for d, lead, _beside in made.rows}
    assert seated() == expected | {(d.pk, one.pk): False for d, _lead, beside in made.rows for one in beside}
    told = Notice.objects.filter(event__verb__in=["appraisal.assigned", "appraisal.seated"])
    assert told.count() == 11


def test_free_seats_of_what_is_being_appraised_are_filled_around_who_holds_it(client, district, pair_round, run_jobs):
    colleague, third = (person(district.board, "appraiser") for _ in range(2))
    dossiers = [factories.sent(district, pair_round, f"Mô hình {n}") for n in range(3)]
    for one in dossiers:
        services.take(one.pk, by=district.appraiser, at=AT)
    services.join(dossiers[0].pk, by=colleague, at=AT)
    seats = seats_of(district.board.pk, AT)
    found = list(short(district.head))
    by_hand = plan(found, seats, method=HAND, to=third.pk, cap=1, lead=False)
    assert (len(by_hand.rows), [why for _one, why in by_hand.left]) == (
        1, ["Không còn ai chấm được: có xung đột lợi ích, vắng mặt hoặc đã đủ số hồ sơ."],
    )  # fmt: skip
    evenly = plan(found, seats, method=EVENLY, lead=False)
    assert evenly.given == [] and set(evenly.beside) == set(dossiers[1:])
    client.force_login(district.head)
    address = f"{PAGE}?source=short&method=evenly"
    pairs = [f"{one.pk}:0:{people[0].pk}" for one, people in evenly.beside.items()]
    assert all(f'value="{pair}"' in client.get(address).content.decode() for pair in pairs)
    services.join(dossiers[1].pk, by=district.head, at=NOW)
    client.post(address, {"pair": pairs})
    [job] = run_jobs()
    first, why = job.message.splitlines()
    assert (first, why) == ("Đã giao 1 hồ sơ; không giao được 1.", f"{dossiers[1].pk}: Hồ sơ này đã đủ người chấm.")
    assert seated()[dossiers[2].pk, evenly.beside[dossiers[2]][0].pk] is False


def test_a_seat_is_given_by_hand_where_one_is_free_to_who_may_judge(client, district, pair_round, colleague, third):
    dossier, own = factories.sent(district, pair_round), factories.sent(district, pair_round, "Tự lập", by=third)
    address = reverse("reviews:assign", args=[dossier.pk])
    client.force_login(district.head)
    assert client.post(address, {"to": colleague.pk, "beside": "1"}).status_code == 409
    for one in (dossier, own):
        services.take(one.pk, by=district.appraiser, at=AT)
    assert "Giao cùng chấm" in client.get(reverse("reviews:who", args=[dossier.pk])).content.decode()
    client.post(address, {"to": colleague.pk, "beside": "1"})
    assert seated() == {
        (dossier.pk, district.appraiser.pk): True,
        (dossier.pk, colleague.pk): False,
        (own.pk, district.appraiser.pk): True,
    }
    assert "Đang cùng chấm" in client.get(reverse("reviews:who", args=[dossier.pk])).content.decode()
    for pk, who in ((dossier.pk, third), (dossier.pk, colleague), (own.pk, third), (own.pk, district.secretary)):
        with pytest.raises(ValidationError):
            services.add_scorer(pk, who.pk, by=district.head, at=NOW)
    with pytest.raises(PermissionDenied):
        services.add_scorer(own.pk, colleague.pk, by=colleague, at=NOW)


def test_a_free_seat_is_on_the_home_page_and_in_the_queue_until_it_is_taken(client, district, pair_round, colleague):
    dossier = factories.sent(district, pair_round, "Còn chỗ")
    factories.sent(district, pair_round, "Đang chờ")
    services.take(dossier.pk, by=district.appraiser, at=AT)
    line = Awaited("Hồ sơ còn thiếu người chấm", 1, "/reviews/?state=under_appraisal&short=1")
    assert line in awaiting(colleague, NOW)
    client.force_login(colleague)
    page = client.get(line.url)
    assert [row.title for row in page.context["page_obj"].object_list] == ["Còn chỗ"]
    assert "Còn thiếu người chấm" in page.content.decode()
    services.join(dossier.pk, by=colleague, at=NOW)
    assert line not in awaiting(colleague, NOW)
    assert len(client.get(line.url).context["page_obj"].object_list) == 0


def test_every_open_seat_of_who_is_away_goes_to_others_who_are_told(client, district, pair_round, colleague, run_jobs):
    others = [person(district.board, "appraiser") for _ in range(3)]
    leads, scores, done = (factories.sent(district, pair_round, f"Mô hình {n}") for n in range(3))
    services.take(leads.pk, by=colleague, at=AT)
    for one in (scores, done):
        services.take(one.pk, by=district.appraiser, at=AT)
        services.join(one.pk, by=colleague, at=AT)
    entries = {one.pk: services.Judged("met") for one in criteria_of(done)}
    services.save_judgements(done.pk, entries, by=colleague, at=AT)
    services.hand_in(done.pk, by=colleague, at=AT)
    services.set_absence(colleague.pk, first_day=NOW.date(), last_day=NOW.date(), by=district.head, at=AT)
    client.force_login(district.head)
    assert "/reviews/assigning/?source=unfit&method=evenly" in [line.url for line in awaiting(district.head, NOW)]
    for source in ("unfit", colleague.pk):
        address = f"{PAGE}?source={source}&method=evenly"
        made = client.get(address).context["plan"]
        assert [dossier for dossier, _lead, _beside in made.rows] == [leads, scores]
        assert made.freed == {leads: [], scores: [colleague]}
        assert sorted(after - before for _who, before, after in made.loads) == [0, 1, 1, 1]
    client.post(address, {"pair": made.pairs})
    [job] = run_jobs()
    assert job.message == "Đã giao 2 hồ sơ; không giao được 0."
    assert [dossier for dossier, who in seated() if who == colleague.pk] == [done.pk]
    [replacing] = Event.objects.filter(verb="appraisal.seated", subject_id=scores.pk)
    assert (replacing.detail["from"], replacing.detail["to"] in [one.pk for one in others]) == (colleague.pk, True)
    told = Notice.objects.filter(event__verb__in=["appraisal.assigned", "appraisal.seated"])
    assert {one.recipient_id for one in told} == {one.pk for one in others}
    lost = Notice.objects.filter(event__verb="appraisal.taken_away")
    assert {one.recipient_id for one in lost} == {colleague.pk}
    assert not any("source=unfit" in line.url for line in awaiting(district.head, NOW))


def test_a_sheet_that_was_handed_in_keeps_its_seat(district, scored, colleague, third):
    fourth = person(district.board, "appraiser")
    services.hand_in(scored.pk, by=colleague, at=AT)
    for instead_of in (colleague.pk, fourth.pk, district.appraiser.pk):
        with pytest.raises(ValidationError):
            services.add_scorer(scored.pk, fourth.pk, instead_of, by=district.head, at=NOW)
    services.add_scorer(scored.pk, fourth.pk, third.pk, by=district.head, at=NOW)
    assert {who for _dossier, who in seated()} == {district.appraiser.pk, colleague.pk, fourth.pk}


@pytest.mark.parametrize("source", ["waiting", "short", "unfit", "own"])
@pytest.mark.parametrize("count", [1, 30])
def test_every_rehearsal_costs_the_same_however_long(
    client, district, pair_round, colleague, source, count, django_assert_max_num_queries
):
    person(district.board, "appraiser")
    dossiers = [factories.sent(district, pair_round, f"Mô hình {n}") for n in range(count)]
    if source != "waiting":
        Dossier.objects.update(state="under_appraisal")
        seats = [
            (one, who) for one in dossiers for who in (colleague, district.appraiser)[: 1 if source == "short" else 2]
        ]
        Assignment.objects.bulk_create(
            Assignment(dossier=one, appraiser=who, taken_at=AT, is_lead=who == colleague) for one, who in seats
        )
    if source == "unfit":
        Post.objects.filter(person=district.appraiser).update(starts_at=AT - 2 * DAY, ends_at=AT - DAY)
    client.force_login(district.head)
    with django_assert_max_num_queries(12):
        shown = client.get(f"{PAGE}?source={colleague.pk if source == 'own' else source}&method=evenly")
    assert len(shown.context["plan"].rows) == count
