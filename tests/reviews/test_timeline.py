"""The timeline: everything that happened to a dossier, as far as each reader may know it."""

import datetime as dt

import pytest

from journal.models import Event
from journal.services import read_all_notices, record, tell_about_new_events
from models_registry.services.comments import add_comment
from reviews import services
from reviews.happenings import KINDS, Kind, titles
from reviews.queries import criteria_of
from reviews.words import INTERNAL
from tests.factories import AT
from tests.models_registry.registry_factories import stored_sample
from tests.reviews.pages import NOW, REASON, url

pytestmark = pytest.mark.usefixtures("the_day_after")
BOARD_ALONE = ["Lưu đánh giá theo tiêu chí (bản 1)", "Ý kiến nội bộ Ban"]


@pytest.fixture
def returned(district, judged):
    """A dossier talked about, returned with a remark, its secretary told, and a file attached that is not sent yet."""
    add_comment(judged.pk, text="Xin thêm số liệu", audience="both", by=district.appraiser, at=AT)
    add_comment(judged.pk, text="Còn nghi ngờ", audience="board", by=district.head, at=AT)
    vague = next(one for one in criteria_of(judged) if one.code == "vague")
    services.request_revision(
        judged.pk, criteria=[vague.pk], reason=REASON, remarks={"learning": "Nêu rõ việc"}, by=district.appraiser, at=AT
    )
    tell_about_new_events(at=AT)
    read_all_notices(by=district.secretary, at=AT + dt.timedelta(hours=1))
    return judged


def seen(client, user, dossier, query=""):
    client.force_login(user)
    return client.get(url("timeline", dossier) + query)


def titles_of(response):
    return [event["title"] for event in response.context["events"]]


def test_everything_named_has_a_kind_and_every_kind_something():
    assert set(titles()) - set(KINDS) == set()
    assert set(Kind) - set(KINDS.values()) == {Kind.NOTICE}


def test_the_board_reads_everything_newest_first_and_the_unit_what_concerns_it(client, district, returned):
    board = titles_of(seen(client, district.head, returned))
    assert board == [
        "Yêu cầu bổ sung (bản 1)",
        "Ý kiến nội bộ Ban",
        "Ý kiến trao đổi",
        "Lưu đánh giá theo tiêu chí (bản 1)",
        "Nhận thẩm định (bản 1)",
    ]
    assert titles_of(seen(client, district.secretary, returned)) == [one for one in board if one not in BOARD_ALONE]
    assert "Còn nghi ngờ" not in seen(client, district.secretary, returned).content.decode()


def test_a_return_tells_its_reason_its_remarks_and_who_was_told(client, district, returned):
    [event] = seen(client, district.head, returned, "?kind=notice").context["events"][:1]
    assert event["note"].splitlines() == [REASON, "• Ba nội dung: Học tập Bác: Nêu rõ việc"]
    assert event["told"] == f"{district.secretary} (đã xem 05/01/2026 10:00)"
    assert event["url"].endswith(f"/{returned.pk}/history/#version-1")


def test_no_mark_and_nobody_else_told_is_shown(client, district, returned):
    """What others scored is the sheets' to show, each after the own."""
    board = seen(client, district.appraiser, returned, "?kind=score").context["events"]
    assert [event["note"] for event in board] == ["6 tiêu chí"]
    committee = seen(client, district.committee, returned).context["events"]
    assert {event["told"] for event in committee} == {""}


def test_a_draft_is_its_units_own_until_it_is_sent(client, district, returned):
    kept = {"name": "bao-cao.pdf", "file": stored_sample(), "size": 9, "added_by": district.secretary, "added_at": NOW}
    file = returned.attachments.create(**kept)
    told = {"subject": "dossier", "subject_id": returned.pk, "detail": {"attachment": file.pk}}
    record("dossier.attach", by=district.secretary, at=NOW, **told)
    assert titles_of(seen(client, district.secretary, returned, "?kind=file")) == ["Đính kèm tệp"]
    assert titles_of(seen(client, district.head, returned, "?kind=file")) == []
    type(returned).objects.update(submitted_at=NOW)
    [event] = seen(client, district.head, returned, "?kind=file").context["events"]
    assert event["note"] == "bao-cao.pdf"
    file.delete()
    [event] = seen(client, district.head, returned, "?kind=file").context["events"]
    assert event["note"] == ""


@pytest.mark.parametrize(
    ("kind", "count"),
    [("version", 0), ("remark", 3), ("score", 1), ("decision", 1), ("assignment", 1), ("file", 0), ("nonsense", 5)],
)
def test_it_is_narrowed_by_kind(client, district, returned, kind, count):
    assert len(titles_of(seen(client, district.head, returned, f"?kind={kind}"))) == count


def test_the_unit_is_offered_no_kind_it_never_reads(client, district, returned):
    offered = {who: seen(client, who, returned).context["tabs"] for who in (district.head, district.secretary)}
    of_board, of_unit = ({str(tab["label"]) for tab in tabs} for tabs in offered.values())
    assert of_board - of_unit == {"Chấm điểm"}


def test_an_extension_tells_both_days_and_why(client, district, returned):
    detail = {"side": "unit", "from": "2026-01-19", "to": "2026-01-26", "reason": "Chờ đại hội chi bộ"}
    told = {"subject": "dossier", "subject_id": returned.pk, "detail": detail}
    record("dossier.extended", by=district.head, at=NOW, **told)
    [event] = seen(client, district.secretary, returned, "?kind=due").context["events"]
    assert event["note"].splitlines() == ["Hạn chuyển từ 19/01/2026 sang 26/01/2026", "Chờ đại hội chi bộ"]


@pytest.mark.parametrize("rows", [1, 30])
def test_it_costs_the_same_however_much_happened(client, district, returned, rows, django_assert_max_num_queries):
    for n in range(rows):
        at = NOW + dt.timedelta(minutes=n)
        about = {"subject": "dossier", "subject_id": returned.pk, "by": district.appraiser, "at": at}
        record("dossier.take", **about)
        Event.objects.create(
            verb="dossier.attach", subject="dossier", subject_id=returned.pk, at=at, detail={"attachment": n}
        )
    type(returned).objects.update(submitted_at=NOW + dt.timedelta(days=1))
    client.force_login(district.head)
    with django_assert_max_num_queries(13):
        response = client.get(url("timeline", returned))
    assert len(titles_of(response)) == min(2 * rows + 5, 50)


def test_a_long_story_is_paged_and_printed_whole(client, district, returned):
    Event.objects.bulk_create(
        Event(verb="dossier.take", subject="dossier", subject_id=returned.pk, at=NOW, actor=district.appraiser)
        for _ in range(60)
    )
    assert [len(titles_of(seen(client, district.head, returned, f"?page={n}"))) for n in (1, 2)] == [50, 15]
    assert len(titles_of(seen(client, district.head, returned, "?print=1"))) == 65


def test_internal_verbs_are_told_to_the_board_alone(client, district, returned):
    for verb in INTERNAL:
        record(verb, subject="dossier", subject_id=returned.pk, by=district.head, at=NOW, detail={"version": 1})
    named_to_unit = set(titles_of(seen(client, district.secretary, returned)))
    assert not named_to_unit & {f"{title} (bản 1)" for title in INTERNAL.values()}
