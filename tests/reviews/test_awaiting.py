import datetime as dt

from journal.awaiting import Awaited
from reviews import services
from reviews.queries import awaiting
from tests.factories import AT
from tests.reviews import factories

SOON = AT + dt.timedelta(days=1)
MUCH_LATER = AT + dt.timedelta(days=60)


def test_an_appraiser_is_shown_the_queue_the_own_and_the_overdue(district, round_, held):
    factories.sent(district, round_, "Đang chờ")
    assert awaiting(district.appraiser, SOON) == [
        Awaited("Hồ sơ chờ nhận thẩm định", 1, "/reviews/"),
        Awaited("Hồ sơ tôi đang thẩm định", 1, "/reviews/?state=under_appraisal&mine=1"),
    ]
    assert awaiting(district.appraiser, MUCH_LATER)[0] == Awaited(
        "Hồ sơ quá hạn thẩm định", 2, "/reviews/?state=all&overdue=1", "danger"
    )


def test_a_head_is_shown_what_to_sign_and_an_appraiser_is_not(district, proposed):
    line = Awaited("Đề xuất chờ quyết định", 1, "/reviews/?state=under_appraisal&proposed=1", "warning")
    assert line in awaiting(district.head, SOON)
    assert line not in awaiting(district.appraiser, SOON)
    services.approve(proposed.pk, by=district.head, at=SOON)
    assert awaiting(district.head, SOON) == []


def test_a_withdrawn_dossier_awaits_nobody(district, held):
    from models_registry.services import take_step

    take_step(held.pk, "withdraw", by=district.secretary, at=SOON)
    assert awaiting(district.appraiser, SOON) == []


def test_others_await_nothing_here(district, dossier):
    assert [awaiting(person, SOON) for person in (district.secretary, district.leader, district.administrator)] == [
        [],
        [],
        [],
    ]


def test_it_costs_five_queries_whatever_the_rows(district, round_, django_assert_max_num_queries):
    for n in range(20):
        factories.sent(district, round_, f"Mô hình {n}")
    with django_assert_max_num_queries(5):
        awaiting(district.head, SOON)
