"""Returned and sent again: nothing said is lost, and everybody is told what changed since the own last look."""

import datetime as dt

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from models_registry import services as registry
from models_registry.describing import Section
from models_registry.models import Remark
from reviews import services
from reviews.comparison import CALLED, Change, compare
from reviews.models import Judgement, Look
from reviews.queries import criteria_of
from reviews.services import Judged
from tests.factories import AT
from tests.models_registry import registry_factories as make
from tests.models_registry.test_uploads import PDF
from tests.reviews.pages import NOW, REASON, url

pytestmark = pytest.mark.usefixtures("the_day_after")


@pytest.fixture
def model(district, round_):
    """A complete practice model of two works, sent and in the appraiser's hands."""
    made = make.full_model(district.cell, district.secretary, round_)
    make.item(made, title="Họp tổ")
    registry.take_step(made.pk, "submit", by=district.secretary, at=AT)
    services.take(made.pk, by=district.appraiser, at=AT)
    return fresh(made)


def fresh(dossier):
    return type(dossier).objects.select_related("unit", "round", "practice").get(pk=dossier.pk)


def send_back(dossier, by, *, at=AT, days=5, **remarks):
    first = criteria_of(dossier)[0].pk
    due_on = (at + dt.timedelta(days=days)).date()
    remarks = {place.replace("_", "."): text for place, text in remarks.items()}
    services.request_revision(dossier.pk, criteria=[first], reason=REASON, remarks=remarks, due_on=due_on, by=by, at=at)


def answer_and_send(dossier, by, answer, *, at=AT, **fields):
    registry.save_draft(dossier.pk, fields=fields, by=by, at=at)
    answers = {one.pk: answer for one in Remark.objects.on(fresh(dossier))}
    registry.answer_remarks(dossier.pk, answers, by=by, at=at)
    registry.take_step(dossier.pk, "submit", by=by, at=at)


def test_four_returns_lose_no_remark_and_no_answer(client, district, model):
    for n in range(1, 5):
        at = AT + dt.timedelta(hours=n)
        send_back(model, district.appraiser, at=at, days=n, goal=f"Ý kiến lần {n}", learning=f"Nêu rõ hơn, lần {n}")
        answer_and_send(model, district.secretary, f"Đơn vị trả lời lần {n}.", at=at, goal=f"Mục tiêu, sửa lần {n}")
        services.take(model.pk, by=district.appraiser, at=at)
    for person in (district.secretary, district.head):
        client.force_login(person)
        answer = client.get(url("history", model))
        page = answer.content.decode()
        for n in range(1, 5):
            assert (page.count(f"Ý kiến lần {n}"), page.count(f"Nêu rõ hơn, lần {n}")) == (1, 1)
            assert page.count(f"Đơn vị trả lời lần {n}.") == 2
        due = [one.due.due_on for one in reversed(answer.context["rounds"]) if one.due]
        assert due == [(AT + dt.timedelta(hours=n, days=n)).date() for n in range(1, 5)]
        assert page.count(REASON) >= 4


def test_the_page_opens_on_what_changed_since_the_own_last_look(client, district, colleague, model):
    def opened_by(person):
        client.force_login(person)
        shown = client.get(url("appraise", model)).context["shown"]
        asked = [(one.number, [remark.place for remark in one.remarks]) for one in shown.asked_since]
        return shown.before and shown.before.number, shown.has_looked, [one.key for one in shown.changes], asked

    assert opened_by(district.appraiser) == (None, False, [], [])
    for n, name in ((2, "goal"), (3, "learning")):
        send_back(model, district.appraiser, **{name: "Nêu rõ hơn"})
        answer_and_send(model, district.secretary, "Đơn vị đã viết lại.", **{name: "Viết lại"})
        services.take(model.pk, by=district.appraiser, at=AT)
        if n == 2:
            assert opened_by(colleague) == (1, False, ["reasons"], [(1, ["goal"])])
    both = (1, True, ["reasons", "contents"], [(2, ["learning"]), (1, ["goal"])])
    assert opened_by(district.appraiser) == opened_by(district.appraiser) == both
    assert opened_by(colleague) == (2, True, ["contents"], [(2, ["learning"])])
    assert Look.objects.filter(person=district.appraiser).count() == 2
    page = client.get(url("compare", model) + "?from=1&to=3").content.decode()
    assert "Thay đổi từ bản 1 đến bản 3" in page


def test_a_page_fetched_ahead_is_no_look_until_it_is_opened(client, district, model):
    client.force_login(district.appraiser)
    ahead = client.get(url("appraise", model), headers={"Sec-Purpose": "prefetch"}).content.decode()
    assert not Look.objects.exists()
    address = reverse("reviews:look", args=[model.pk, 1])
    assert f'data-look="{address}"' in ahead
    # Its script, when it is opened.
    assert client.post(address).status_code == client.post(address).status_code == 204
    assert Look.objects.get().person == district.appraiser
    assert client.post(reverse("reviews:look", args=[model.pk, 2])).status_code == 404
    assert "data-look" not in client.get(url("appraise", model)).content.decode()


def test_works_and_files_are_named_as_added_removed_or_changed(client, district, model):
    client.force_login(district.appraiser)
    client.get(url("appraise", model))
    file = SimpleUploadedFile("Kế hoạch.pdf", PDF)
    changed = model.items.first()
    send_back(model, district.appraiser, works="Thêm việc, bớt việc", files="Kèm kế hoạch")
    registry.attach(model.pk, file, by=district.secretary, at=AT)
    rows = [{"id": changed.pk, "title": "Thu gom rác tại nguồn, 60 hộ"}, {"title": "Trồng cây", "ongoing": True}]
    rows[1] |= {"assignee": "Chi đoàn", "accountable": "Chi ủy", "expected_result": "60 cây"}
    registry.save_draft(model.pk, rows={"COL": rows}, by=district.secretary, at=AT)
    answer_and_send(model, district.secretary, "Đơn vị đã thêm và bớt.")
    shown = client.get(url("appraise", model))
    told = [(str(row.called), row.name) for section in shown.context["shown"].changes for row in section.rows]
    assert told == [
        ("Sửa việc", "Thu gom rác tại nguồn, 60 hộ"),
        ("Thêm việc", "Trồng cây"),
        ("Bỏ việc", "Họp tổ"),
        ("Thêm tệp", "Kế hoạch.pdf"),
    ]
    [work, *_others], _files = (section.rows for section in shown.context["shown"].changes)
    assert [label for label, _pieces in work.parts] == ["Rõ việc"]
    [asked] = shown.context["shown"].asked_since
    assert [(one.place, one.moved) for one in asked.remarks] == [("works", True), ("files", True)]


def test_of_two_files_with_one_name_one_replaced_the_other():
    files = compare([], [Section("files", "Tệp đính kèm", ())], ({1: "a.pdf"}, {2: "a.pdf"}))[0].rows
    assert [(row.called, row.name) for row in files] == [
        (CALLED["file", Change.ADDED], "a.pdf"),
        (CALLED["file", Change.REMOVED], "a.pdf"),
    ]


def test_earlier_marks_are_stale_once_the_dossier_moved_on_and_are_taken_over_one_by_one(client, district, model):
    first, second, *_rest = criteria_of(model)
    entries = {first.pk: Judged("met", "Nêu rõ"), second.pk: Judged("partly")}
    services.save_judgements(model.pk, entries, by=district.appraiser, at=AT)
    send_back(model, district.appraiser, goal="Nêu rõ hơn")
    answer_and_send(model, district.secretary, "Đơn vị đã viết lại.", goal="Viết lại")
    services.take(model.pk, by=district.appraiser, at=AT)
    client.force_login(district.appraiser)
    earlier = client.get(url("appraise", model)).context["shown"].earlier
    assert (earlier.version.number, earlier.moved_on, len(earlier.judgements)) == (1, ["Thực trạng và mục tiêu"], 2)
    assert "Đã cũ" in client.get(url("history", model)).content.decode()
    given = {"judgement": [earlier.judgements[0].pk], "edition": fresh(model).edition}
    assert client.post(url("take_over", model), given).status_code == 302
    now = Judgement.objects.filter(version__number=2).values_list("criterion", "mark", "remark", "appraiser")
    assert list(now) == [(first.pk, "met", "Nêu rõ", district.appraiser.pk)]
    left = client.get(url("appraise", model)).context["shown"].earlier.judgements
    assert [one.criterion_id for one in left] == [second.pk]
    foreign = Judgement.objects.get(version__number=1, criterion=second)
    Judgement.objects.filter(pk=foreign.pk).update(appraiser=district.head)
    assert services.take_over(model.pk, [foreign.pk], by=district.appraiser, at=NOW) == 0


def test_marks_of_a_version_sent_again_as_it_was_are_not_stale(client, district, model):
    services.save_judgements(model.pk, {criteria_of(model)[0].pk: Judged("met")}, by=district.appraiser, at=AT)
    send_back(model, district.appraiser, goal="Nêu rõ hơn")
    answer_and_send(model, district.secretary, "Mục tiêu đã có số hộ.")
    services.take(model.pk, by=district.appraiser, at=AT)
    client.force_login(district.appraiser)
    shown = client.get(url("appraise", model)).context["shown"]
    [asked] = shown.asked_since
    assert (shown.earlier.moved_on, [(one.place, one.moved) for one in asked.remarks]) == ([], [("goal", False)])


def test_a_return_may_open_the_whole_dossier_by_its_reason(client, district, model):
    client.force_login(district.appraiser)
    given = {"criteria": [criteria_of(model)[0].pk], "reason": REASON, "due_on": "30/01/2026", "whole": "on"}
    answer = client.post(url("return", model), given | {"edition": model.edition, "remark-goal": "Đo được"})
    assert answer.status_code == 302
    assert list(Remark.objects.values_list("place", "text")) == [("", REASON), ("goal", "Đo được")]
