import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event
from models_registry.editions import StalePage
from models_registry.models import Shortcoming, Theme
from models_registry.services import keeping
from tests.factories import AT
from tests.models_registry.plans import theme_of


def a_theme(owner, **values):
    return Theme(**{"title": "Chuyên đề mẫu", "year_from": 2026, "year_to": 2026, "owner": owner} | values)


def test_a_head_adds_a_theme_and_the_journal_says_who(district):
    theme = keeping.keep(a_theme(district.board), edition=0, by=district.head, at=AT)
    event = Event.objects.get(verb="theme.added")
    assert (event.subject_id, event.actor, event.detail["text"]) == (theme.pk, district.head, "Chuyên đề mẫu")


def test_a_head_adds_a_target_of_the_unit_the_body_serves(district):
    assert keeping.keep(a_theme(district.top), edition=0, by=district.head, at=AT).owner == district.top


@pytest.mark.parametrize("who", ["secretary", "appraiser", "leader", "administrator", "committee"])
def test_nobody_but_a_head_keeps_a_theme(district, who):
    with pytest.raises(PermissionDenied):
        keeping.keep(a_theme(district.board), edition=0, by=getattr(district, who), at=AT)
    assert not Theme.objects.exists()


def test_a_head_does_not_keep_what_another_body_serves(district, other_district):
    with pytest.raises(PermissionDenied):
        keeping.keep(a_theme(other_district.top), edition=0, by=district.head, at=AT)


def test_a_change_raises_the_edition(district):
    theme = theme_of(district.board)
    theme.title = "Tên mới"
    keeping.keep(theme, edition=0, by=district.head, at=AT)
    theme.refresh_from_db()
    assert (theme.title, theme.edition) == ("Tên mới", 1)


def test_a_change_from_a_stale_page_is_refused_and_says_who_was_faster(district):
    theme = keeping.keep(a_theme(district.board), edition=0, by=district.head, at=AT)
    theme.title = "Tên thứ hai"
    keeping.keep(theme, edition=0, by=district.head, at=AT)
    theme.title = "Tên thứ ba"
    with pytest.raises(StalePage) as stale:
        keeping.keep(theme, edition=0, by=district.head, at=AT)
    assert stale.value.row.title == "Tên thứ hai"
    assert district.head.full_name in stale.value.sentence()


def test_an_ended_row_is_offered_no_more_and_cannot_be_changed(district):
    theme = theme_of(district.board)
    ended = keeping.end(theme, edition=0, by=district.head, at=AT)
    assert not Theme.objects.standing().exists()
    with pytest.raises(ValidationError):
        keeping.keep(ended, edition=1, by=district.head, at=AT)


def test_an_ended_row_can_be_used_again(district):
    ended = keeping.end(theme_of(district.board), edition=0, by=district.head, at=AT)
    assert not keeping.resume(ended, edition=1, by=district.head, at=AT).ended


def test_a_stranger_ends_nothing(district):
    with pytest.raises(PermissionDenied):
        keeping.end(theme_of(district.board), edition=0, by=district.leader, at=AT)


def test_copying_twice_copies_once(district):
    old = Shortcoming.objects.create(owner=district.board, text="Sinh hoạt chưa đều", year=2025)
    first = keeping.copy_to_year([old], 2026, by=district.head, at=AT)
    second = keeping.copy_to_year([old], 2026, by=district.head, at=AT)
    assert [(row.text, row.year, row.owner) for row in first] == [("Sinh hoạt chưa đều", 2026, district.board)]
    assert second == []


def test_a_copied_theme_stands_in_the_new_year_only(district):
    copy = keeping.copy_to_year([theme_of(district.board)], 2027, by=district.head, at=AT)[0]
    assert (copy.year_from, copy.year_to, copy.edition, copy.ended) == (2027, 2027, 0, False)


def test_a_secretary_copies_nothing(district):
    with pytest.raises(PermissionDenied):
        keeping.copy_to_year([theme_of(district.board)], 2027, by=district.secretary, at=AT)
