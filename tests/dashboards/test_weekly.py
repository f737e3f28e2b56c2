"""A unit's week: told on Monday to who wished for it, once, in words that add up, and never promised in vain."""

import pytest
import time_machine
from django.core import mail
from django.core.exceptions import PermissionDenied
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import override

from completion.models import WeeklyWish
from completion.weekly import wish_weekly
from completion.wishing import wish_packs
from dashboards import tasks
from journal.models import Notice
from journal.services import make_digests, send_mails, tell_about_new_events
from organizations.models import Person, Post
from tests import factories
from tests.completion.archives import close


@pytest.fixture
def leader(figures):
    found = factories.person(figures["D"], "leader", "Lãnh đạo")
    found.email, found.mail_language = "lanhdao@mau.vn", "en"
    found.save()
    return found


def test_a_week_is_told_once_with_its_movement_in_the_readers_language(client, figures, leader, settings):
    settings.MAIL_ON, settings.SITE_URL = True, "https://mau.vn"
    client.force_login(leader)
    page = reverse("packs:unit", args=[figures["G"].pk])
    for _twice in range(2):
        client.post(reverse("packs:weekly", args=[figures["G"].pk]))
    assert client.get(page).context["is_weekly"] is True
    assert tasks.tell_weeks() == 0  # not before next Monday
    with time_machine.travel("2026-05-11T05:10:00+07:00", tick=True):
        close("2026-Q2", provisional=True)
        assert [tasks.tell_weeks(), tasks.tell_weeks()] == [1, 0]
        (first,) = Notice.objects.filter(kind="weekly")
        assert (first.recipient, first.link) == (leader, reverse("dashboards:unit", args=[figures["G"].pk]))
        assert first.text == (
            "Tuần từ 11/05/2026, Đảng ủy xã An. Lũy kế đến hạn (R2) Quý II/2026, tạm tính: 60,0% (6/10). "
            "Quá hạn 4 việc; đến hạn trong 14 ngày, chưa có tiến độ 0 việc."
        )
        tell_about_new_events(at=timezone.now())
        morning = timezone.now() + timezone.timedelta(hours=2)
        assert (make_digests(at=morning), send_mails(at=morning)) == (1, 1)
    with override("en"):
        assert first.words != first.text
    assert first.translated["en"] in mail.outbox[0].body
    WeeklyWish.objects.update(said={"quarter": "2026-Q2", "n": 5, "base": 10})
    with time_machine.travel("2026-05-19T09:10:00+07:00", tick=True):  # on Tuesday, for Monday's portal was down
        assert tasks.tell_weeks() == 1
        newest = Notice.objects.filter(kind="weekly").order_by("pk").last()
        assert "60,0% (6/10); so với bản tin 11/05/2026: +10,0 điểm %." in newest.text
    client.post(reverse("packs:weekly", args=[figures["G"].pk]), {"end": "1"})
    assert not WeeklyWish.objects.exists()


def test_nobody_is_told_who_lost_the_post_and_readers_on_are_promised_nothing(figures, leader):
    now = timezone.now()
    wish_weekly(figures["D"], by=leader, at=now)
    WeeklyWish.objects.update(week="2026-04-27")
    Post.objects.filter(person=leader).update(ends_at=now)
    assert tasks.tell_weeks() == 0
    reader = Person.objects.get(pk=leader.pk).acting_as(Post.objects.get(person=leader).as_reader())
    for wish in (wish_packs, wish_weekly):
        with pytest.raises(PermissionDenied):
            wish(figures["D"], by=reader, at=now)
