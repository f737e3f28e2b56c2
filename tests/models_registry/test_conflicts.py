"""Who may not judge which dossier: each rule beside what it leaves alone."""

import datetime as dt

import pytest
from django.db import IntegrityError, transaction
from django.urls import reverse

from journal.models import Notice
from models_registry.models import ConflictDeclaration, ConflictOverride, Dossier, Exemplar, PracticeModel, name_key
from models_registry.querysets.conflicts import barred_from, conflicts, is_barred
from models_registry.services.comments import add_comment
from organizations import services as organizations
from organizations.models import Post
from tests.factories import AT, person, unit
from tests.reviews import factories

DAY = dt.timedelta(days=1)
REASON = "Vợ là bí thư của chi bộ này."


@pytest.fixture
def round_(district):
    return factories.judged_round(district)


@pytest.fixture
def make(district, round_):
    """Return a function that makes a sent dossier of the district's cell."""
    return lambda title="Mô hình", **values: factories.sent(district, round_, title, **values)


def rules(who, *dossiers):
    """The rules that bar somebody from each of these dossiers."""
    found = conflicts([who.pk], body=dossiers[0].body_id)[who.pk]
    return [found.get(dossier.pk, set()) for dossier in dossiers]


def post_at(who, where, role="secretary", **days):
    return Post.objects.create(person=who, unit=where, role=role, **{"starts_at": AT - 90 * DAY} | days)


def test_nobody_of_the_board_is_tied_to_what_others_send(district, make):
    assert rules(district.appraiser, make(), make(unit=district.top)) == [set(), set()]


def test_who_wrote_or_sent_it(district, make):
    wrote = make(by=district.secretary)
    Dossier.objects.filter(pk=wrote.pk).update(author=district.appraiser.pk)
    sent = make(submitted_by=district.appraiser)
    assert rules(district.appraiser, wrote, sent, make()) == [{"author"}, {"author"}, set()]


def test_the_own_board_and_a_unit_one_holds_a_post_at(district, make):
    post_at(district.appraiser, district.cell, "clerk")
    own, boards, other = make(), make(unit=district.board), make(unit=district.other_cell)
    assert rules(district.appraiser, own, boards, other) == [{"unit"}, {"unit"}, set()]


def test_a_post_that_ended_counts_for_what_was_begun_before(district, make):
    """Whoever entered something held a post there at that time: leaving it opens none of it."""
    post_at(district.appraiser, district.cell, "clerk", ends_at=AT + DAY)
    assert rules(district.appraiser, make(), make(at=AT + 2 * DAY)) == [{"unit"}, set()]


def test_a_unit_that_takes_part(district, make):
    shared, other = make(unit=district.other_cell), make(unit=district.other_cell)
    shared.co_units.add(district.cell)
    post_at(district.appraiser, district.cell)
    assert rules(district.appraiser, shared, other) == [{"co_unit"}, set()]


def test_the_family_above_and_below_a_post(district, make):
    subcell = unit("Tổ đảng", parent=district.cell)
    post_at(district.appraiser, district.cell, "deputy")
    below, above, top = make(unit=subcell), make(unit=district.commune), make(unit=district.top)
    beside = make(unit=district.other_cell)
    assert rules(district.appraiser, below, above, top, beside) == [{"family"}, {"family"}, {"family"}, set()]


def test_a_seat_in_the_committee_the_board_serves_is_no_family_of_all_below(district, make):
    post_at(district.head, district.top, "leader")
    assert rules(district.head, make(), make(unit=district.top)) == [set(), {"unit"}]


@pytest.mark.parametrize("of_the_board", ["delegate", "delegator"])
def test_who_stands_in_for_the_author_or_lets_the_author_stand_in(district, make, of_the_board):
    own, other = district.appraiser, district.other_secretary
    pair = [other, own] if of_the_board == "delegate" else [own, other]
    source = post_at(pair[0], district.other_cell, "clerk", ends_at=AT - 10 * DAY)
    Post.objects.create(
        person=pair[1], unit=district.other_cell, role="deputy", starts_at=AT - 90 * DAY, ends_at=AT + DAY,
        delegated_from=source,
    )  # fmt: skip
    theirs, later, others = make(by=other), make(by=other, at=AT + 2 * DAY), make()
    assert rules(own, theirs, later, others) == [{"stand_in"}, set(), set()]


def test_an_exemplar_of_the_same_name_however_it_is_written(district, make):
    named, nameless, other = make(), make(), make()
    name = district.appraiser.full_name
    for dossier, values in (
        (named, {"name": f"Đồng chí {name.upper()}", "consent": True}),
        (nameless, {"name": ""}),
        (other, {"name": f"{name} Khác", "consent": True}),
    ):
        practice = PracticeModel.objects.create(dossier=dossier)
        Exemplar.objects.create(practice=practice, position="", folded_name=name_key(values["name"]), **values)
    assert rules(district.appraiser, named, nameless, other) == [{"exemplar"}, set(), set()]


def test_a_name_is_compared_without_marks_and_address():
    assert [name_key(one) for one in ("Ông Nguyễn Văn Ân", "nguyen van an", "đ/c NGUYỄN VĂN ẤN", "Bà", "Ông Ích")] == [
        "nguyen van an",
        "nguyen van an",
        "nguyen van an",
        "ba",
        "ong ich",
    ]


def declared(district, who, **about):
    return ConflictDeclaration.objects.create(
        body=district.board, person=who, reason=REASON, declared_by=who, declared_at=AT, **about
    )


def test_what_is_declared_of_a_dossier_or_of_a_unit_with_all_below_it(district, make):
    one, cell, other = make(unit=district.other_cell), make(), make(unit=district.other_commune)
    declared(district, district.appraiser, dossier=one)
    of_commune = declared(district, district.appraiser, unit=district.commune)
    assert rules(district.appraiser, one, cell, other) == [{"declared"}, {"declared"}, set()]
    assert rules(district.head, one, cell) == [set(), set()]
    of_commune.lifted_at, of_commune.lifted_by = AT, district.head
    of_commune.save()
    assert rules(district.appraiser, one, cell) == [{"declared"}, set()]


def test_an_override_clears_one_person_of_one_version(district, make):
    dossier, other = make(by=district.appraiser), make(by=district.appraiser)
    granted = ConflictOverride.objects.create(
        dossier=dossier, version=1, person=district.appraiser, reason=REASON, requested_by=district.head,
        requested_at=AT, granted=True, answered_by=district.leader, answered_at=AT,
    )  # fmt: skip
    assert rules(district.appraiser, dossier, other) == [set(), {"author"}]
    for change in ({"granted": False}, {"granted": True, "version": 2}):
        ConflictOverride.objects.filter(pk=granted.pk).update(**change)
        assert rules(district.appraiser, dossier) == [{"author"}]
    ConflictOverride.objects.update(version=1)
    Dossier.objects.filter(pk=dossier.pk).update(state="revision_requested")
    assert rules(district.appraiser, dossier) == [{"author"}]


@pytest.mark.parametrize("answered_by", ["head", "appraiser"])
def test_one_alone_overrides_nothing_and_nobody_for_oneself(district, make, answered_by):
    asked = {"dossier": make(), "version": 1, "person": district.appraiser, "reason": REASON, "requested_at": AT}
    answered = {"granted": True, "answered_by": getattr(district, answered_by), "answered_at": AT}
    with pytest.raises(IntegrityError), transaction.atomic():
        ConflictOverride.objects.create(**asked, requested_by=district.head, **answered)


def test_what_may_not_be_judged_is_out_of_sight_on_every_page_of_the_board(client, district, make):
    dossier, other = make("Của mình", by=district.appraiser), make("Của người khác")
    seen = Dossier.objects.visible_to(district.appraiser)
    assert list(seen) == [other]
    assert is_barred(district.appraiser, dossier)
    client.force_login(district.appraiser)
    names = ("reviews:appraise", "reviews:history", "models_registry:dossier", "models_registry:print")
    assert [client.get(reverse(name, args=[dossier.pk])).status_code for name in names] == [404] * 4
    queue = client.get("/reviews/?state=all")
    assert [row.title for row in queue.context["page_obj"].object_list] == ["Của người khác"]
    assert queue.context["tabs"][-1]["count"] == 1
    assert "Của mình" not in client.get("/registry/search/?q=cua").content.decode()


def test_the_author_still_reads_it_in_the_post_it_was_written_in(district, make):
    post = post_at(district.appraiser, district.cell)
    dossier = make(by=district.appraiser)
    assert dossier.pk in barred_from(district.appraiser)
    assert dossier in Dossier.objects.visible_to(district.appraiser.acting_as(post))


def test_nobody_is_told_of_what_they_may_not_judge(district, make):
    colleague = person(district.board, "appraiser", "Đồng nghiệp")
    dossier = make(by=district.appraiser)
    add_comment(dossier.pk, text="Cần xem lại số liệu", audience="board", by=district.head, at=AT)
    told = set(Notice.objects.filter(event__verb="dossier.note").values_list("recipient", flat=True))
    assert told == {colleague.pk}


def test_conflicts_of_forty_people_are_one_query(district, make, django_assert_num_queries):
    people = [person(district.board, "appraiser").pk for _ in range(5)]
    make(by=district.appraiser)
    with django_assert_num_queries(1):
        conflicts([*people, district.appraiser.pk], body=district.board.pk)


def test_a_second_board_of_the_person_is_no_family(district, make):
    """A board serves: its people are of no family but by other posts."""
    ban = unit("Ban của xã", parent=district.commune)
    organizations.let_appraise(ban, district.commune, valid_from=dt.date(2020, 1, 1), by=None, at=AT)
    post_at(district.appraiser, ban, "appraiser")
    assert rules(district.appraiser, make(), make(unit=ban)) == [set(), {"unit"}]
