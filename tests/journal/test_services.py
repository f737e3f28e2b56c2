import pytest

from journal.models import Notice
from journal.services import record, tell_about_new_events

pytestmark = pytest.mark.django_db


def decide(district, now):
    return record(
        "dossier.approve",
        subject="dossier",
        subject_id=1,
        by=district.head,
        at=now,
        tell=[district.secretary, district.secretary, district.head],
        text="Đã duyệt",
        link="/there/",
    )


def test_each_recipient_gets_one_notice_and_the_actor_none(district, now):
    event = decide(district, now)
    assert [notice.recipient for notice in event.notices.all()] == [district.secretary]


def test_a_notice_is_seen_once_it_was_told(district, now):
    decide(district, now)
    mine = Notice.objects.visible_to(district.secretary)
    assert mine.unread().count() == 0
    tell_about_new_events(at=now)
    assert mine.unread().count() == 1


def test_telling_twice_tells_nobody_twice(district, now):
    decide(district, now)
    assert [tell_about_new_events(at=now), tell_about_new_events(at=now)] == [1, 0]
