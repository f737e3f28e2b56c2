"""Many dossiers at once: rehearsed without writing, then done once each by the same services."""

import datetime as dt
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.urls import reverse
from openpyxl import load_workbook

from journal.models import Event, Job, Notice
from models_registry.models import Dossier, ItemChange, WorkItem
from models_registry.services import take_step
from reviews import services, tasks
from reviews.models import Assignment, Bulk, BulkLine, Decision
from reviews.services import bulk as bulks
from tests.factories import AT
from tests.reviews import factories
from tests.reviews.pages import NOW, REASON

pytestmark = pytest.mark.usefixtures("the_day_after")
LATER = NOW + dt.timedelta(minutes=5)


def rehearsed(dossiers, by, act="approve", **given):
    given = {"announce": True} | given if act == "approve" else given
    return bulks.rehearse([one.pk for one in dossiers], act, given, by=by, at=NOW)


def outcomes(bulk):
    return dict(bulk.lines.values_list("dossier", "outcome"))


def run(bulk, by):
    bulks.run(bulks.confirm(bulk.pk, by=by, at=LATER), by=by, clock=lambda: LATER)


def test_of_300_with_20_illegal_280_are_done_and_20_explained(district, round_):
    legal = factories.proposed_in_bulk(district, round_, 280)
    refused = factories.proposed_in_bulk(district, round_, 5, "reject")
    waiting = [factories.sent(district, round_, f"Chờ {n}") for n in range(15)]
    events = Event.objects.count()
    bulk = rehearsed([*legal, *refused, *waiting], district.head)
    promised = outcomes(bulk)
    assert (Event.objects.count(), Decision.objects.count()) == (events, 0)
    run(bulk, district.head)
    assert outcomes(bulk) == {pk: {"ready": "done"}.get(said, said) for pk, said in promised.items()}
    assert list(promised.values()).count("ready") == Dossier.objects.filter(state="approved").count() == 280
    reasons = bulk.lines.filter(outcome="refused").values_list("why", flat=True)
    assert {why for why in reasons if "Đã gửi" not in why} == {
        "Chuyên viên đề xuất không duyệt; hãy đọc và quyết định riêng hồ sơ này."
    }
    assert len(reasons) == 20
    marked = Event.objects.filter(detail__bulk=bulk.pk, verb="dossier.approve").count()
    assert marked == Event.objects.filter(verb="dossier.approve").count() == 280


def standing(dossier):
    """What came of one dossier, in every table a decision writes."""
    events = Event.objects.about("dossier", dossier.pk)
    notices = Notice.objects.filter(event__in=events).order_by("id")
    return {
        "dossier": Dossier.objects.values("state", "version", "edition", "changed_at", "decided_at", "due_on").get(
            pk=dossier.pk
        ),
        "decision": list(
            Decision.objects.filter(version__dossier=dossier).values(
                "outcome", "reason", "by", "prepared_at", "announced_at"
            )
        ),
        "seats": list(dossier.assignments.values("finished_at", "released_at")),
        "turns": list(dossier.turns.values("side", "ended_at")),
        "works": list(dossier.items.order_by("id").values("state", "approved_at", "due_in_force")),
        "changes": list(ItemChange.objects.filter(item__dossier=dossier).values("unit", "at")),
        "events": [(one.verb, one.at, one.actor_id, one.unit_id, {**one.detail, "bulk": 0}) for one in events],
        "notices": [(one.recipient_id, one.post_id, one.kind, one.text, one.translated) for one in notices],
    }


@pytest.mark.parametrize("announce", [True, False])
def test_what_is_done_together_is_what_is_done_alone(district, round_, announce):
    alone, *together = dossiers = factories.proposed_in_bulk(district, round_, 3)
    for dossier in dossiers:
        factories.start_clock(dossier, at=AT)
        for due in (None, dt.date(2030, 6, 30)):
            kind = {"kind": "COL", "title": "Làm", "year": dossier.year}
            WorkItem.objects.create(dossier=dossier, unit=dossier.unit, ongoing=due is None, due_on=due, **kind)
    # The year's end is the dossier's own; nobody handed a sheet in of the first.
    Dossier.objects.filter(pk=together[1].pk).update(year=2031)
    Assignment.objects.filter(dossier__in=[alone, together[0]]).update(finished_at=None)
    Dossier.objects.update(title="Mô hình")
    services.approve(alone.pk, by=district.head, at=LATER, announce=announce)
    run(rehearsed(together, district.head, announce=announce), district.head)
    expected = standing(alone)
    assert [len(rows) for rows in expected.values()] == [6, 1, 1, 1, 2, 2 * announce, 1, 2 * announce]
    assert standing(together[0]) == expected
    if announce:
        expected["works"][0]["due_in_force"] = dt.date(2031, 12, 31)
    expected["seats"][0]["finished_at"] = AT
    assert standing(together[1]) == expected


def test_a_line_the_database_refuses_is_explained_and_harms_no_other(district, round_):
    first, odd, last = dossiers = factories.proposed_in_bulk(district, round_, 3)
    bulk = rehearsed(dossiers, district.head)
    told = {"outcome": "approved", "by": district.head, "prepared_at": NOW, "announced_at": NOW}
    Decision.objects.create(version=odd.versions.get(), **told)
    run(bulk, district.head)
    assert outcomes(bulk) == {first.pk: "done", odd.pk: "refused", last.pk: "done"}
    assert "không khớp" in bulk.lines.get(dossier=odd).why
    assert list(Dossier.objects.order_by("pk").values_list("state", flat=True)) == [
        "approved",
        "under_appraisal",
        "approved",
    ]
    assert set(Event.objects.filter(verb="dossier.approve").values_list("subject_id", flat=True)) == {first.pk, last.pk}


@pytest.mark.parametrize("rows", [1, 30])
def test_a_run_costs_the_same_however_many_are_done_together(district, round_, rows, django_assert_max_num_queries):
    bulk = rehearsed(factories.proposed_in_bulk(district, round_, rows), district.head)
    with django_assert_max_num_queries(28):
        bulks.run(bulk, by=district.head, clock=lambda: LATER)
    assert set(outcomes(bulk).values()) == {"done"}


@pytest.mark.parametrize("rows", [1, 30])
def test_a_rehearsal_costs_the_same_however_long(district, round_, rows, django_assert_max_num_queries):
    dossiers = factories.proposed_in_bulk(district, round_, rows) + [
        factories.sent(district, round_) for _ in range(rows)
    ]
    with django_assert_max_num_queries(12):
        rehearsed(dossiers, district.head)


def test_what_moved_after_the_rehearsal_is_explained_and_not_forced(district, round_, other_head):
    withdrawn, again, decided, fine = dossiers = factories.proposed_in_bulk(district, round_, 4)
    bulk = rehearsed(dossiers, district.head)
    take_step(withdrawn.pk, "withdraw", by=district.secretary, at=NOW)
    Assignment.objects.filter(dossier=again).update(proposed_at=NOW)
    services.approve(decided.pk, by=other_head, at=NOW, announce=False)
    run(bulk, district.head)
    told = dict(bulk.lines.values_list("dossier", "why"))
    assert outcomes(bulk) == {withdrawn.pk: "refused", again.pk: "refused", decided.pk: "refused", fine.pk: "done"}
    assert f"{district.secretary.full_name} đã rút hồ sơ này" in told[withdrawn.pk]
    assert "đề xuất mới" in told[again.pk]
    assert f"{other_head.full_name} đã ký quyết định này" in told[decided.pk]


def test_a_colleague_reads_no_line_about_what_they_may_not_judge(client, district, round_, other_head):
    hidden, open_ = dossiers = factories.proposed_in_bulk(district, round_, 2)
    bulk = rehearsed(dossiers, district.head)
    services.declare(other_head.pk, dossier_id=hidden.pk, reason=REASON, by=other_head, at=NOW)
    told = {}
    for who in (district.head, other_head):
        client.force_login(who)
        page = client.get(reverse("reviews:bulk", args=[bulk.pk]))
        file = BytesIO(client.get(reverse("reviews:bulk_outcome", args=[bulk.pk])).getvalue())
        cells = {cell.value for row in load_workbook(file).active.iter_rows() for cell in row}
        seen = [one.dossier_id for one in page.context["page_obj"]]
        told[who] = (seen, page.context["ready"], {hidden.title, open_.title} & cells)
    assert told == {
        district.head: ([hidden.pk, open_.pk], 2, {hidden.title, open_.title}),
        other_head: ([open_.pk], 1, {open_.title}),
    }


def test_a_run_cut_short_goes_on_and_run_again_does_nothing_more(district, round_, monkeypatch):
    monkeypatch.setitem(bulks.ACTS, "approve", replace(bulks.ACTS["approve"], at_once=2))
    bulk = rehearsed(factories.proposed_in_bulk(district, round_, 3), district.head)
    bulk = bulks.confirm(bulk.pk, by=district.head, at=LATER)

    def killed(done, _total):
        if done == 2:
            raise SystemExit

    with pytest.raises(SystemExit):
        bulks.run(bulk, by=district.head, clock=lambda: LATER, on_line=killed)
    assert sorted(outcomes(bulk).values()) == ["done", "done", "ready"]
    seen = []
    for _again in range(2):
        bulks.run(bulk, by=district.head, clock=lambda: LATER, on_line=lambda done, total: seen.append((done, total)))
    assert (seen, Event.objects.filter(verb="dossier.approve").count()) == ([(3, 3)], 3)
    assert bulks.confirm(bulk.pk, by=district.head, at=LATER).job == bulk.job
    assert Job.objects.count() == 1


def test_a_return_takes_the_criteria_of_each_dossiers_own_set(district, round_):
    dossiers = factories.proposed_in_bulk(district, round_, 2)
    bulk = rehearsed(dossiers, district.appraiser, "return", codes=["vague"], reason=REASON, due_on=None)
    run(bulk, district.appraiser)
    assert set(outcomes(bulk).values()) == {"done"}
    found = Decision.objects.filter(outcome="returned", reason=REASON, criteria__code="vague")
    assert found.count() == 2
    unknown = rehearsed(dossiers, district.appraiser, "return", codes=["none"], reason=REASON, due_on=None)
    assert set(outcomes(unknown).values()) == {"refused"}


def test_giving_back_is_refused_of_what_another_holds(district, round_, colleague):
    dossiers = factories.proposed_in_bulk(district, round_, 2)
    Assignment.objects.filter(dossier=dossiers[0]).update(appraiser=colleague)
    bulk = rehearsed(dossiers, district.appraiser, "give_back")
    assert outcomes(bulk) == {dossiers[0].pk: "refused", dossiers[1].pk: "ready"}
    assert colleague.full_name in bulk.lines.get(dossier=dossiers[0]).why
    run(bulk, district.appraiser)
    assert list(Dossier.objects.order_by("pk").values_list("state", flat=True)) == ["under_appraisal", "submitted"]


def test_who_may_rehearse_and_confirm_and_how_long(district, round_, other_head):
    dossiers = factories.proposed_in_bulk(district, round_, 1)
    with pytest.raises(PermissionDenied):
        rehearsed(dossiers, district.appraiser)
    bulk = rehearsed(dossiers, district.head)
    with pytest.raises(PermissionDenied):
        bulks.confirm(bulk.pk, by=other_head, at=LATER)
    with pytest.raises(ValidationError):
        bulks.confirm(bulk.pk, by=district.head, at=NOW + dt.timedelta(days=1))
    with pytest.raises(ValidationError):
        rehearsed([], district.head)
    assert bulk.confirmed_at is None


@pytest.mark.parametrize("by_filter", [True, False])
def test_the_board_chooses_rehearses_runs_and_reads_what_came_of_it(client, district, round_, by_filter):
    dossiers = factories.proposed_in_bulk(district, round_, 3)
    client.force_login(district.head)
    queue = client.get(reverse("reviews:queue") + "?state=under_appraisal").content.decode()
    assert all(f'name="chosen" value="{one.pk}"' in queue for one in dossiers)
    asked = {"state": "under_appraisal", "every": "1"} if by_filter else {"chosen": [one.pk for one in dossiers[:2]]}
    page = client.get(reverse("reviews:bulk_choose"), asked)
    count = 3 if by_filter else 2
    assert page.context["count"] == count
    assert client.post(reverse("reviews:bulk_choose"), asked).status_code == 422
    answer = client.post(reverse("reviews:bulk_choose"), asked | {"act": "approve", "later": "1"})
    bulk = Bulk.objects.get()
    assert answer.url == reverse("reviews:bulk", args=[bulk.pk])
    assert f"Làm cho {count} hồ sơ" in client.get(answer.url).content.decode()
    answer = client.post(reverse("reviews:bulk_confirm", args=[bulk.pk]))
    job = Job.objects.get()
    assert answer.url == reverse("journal:job", args=[job.pk])
    tasks.run_bulk(job.pk)
    job.refresh_from_db()
    assert job.message == f"Đã làm {count} hồ sơ, không làm 0 hồ sơ (có lý do từng hồ sơ)."
    assert (Decision.objects.prepared().count(), Dossier.objects.filter(state="approved").count()) == (count, 0)
    file = client.get(reverse("reviews:bulk_outcome", args=[bulk.pk])).getvalue()
    rows = list(load_workbook(BytesIO(file)).active.values)
    assert [row[3] for row in rows] == ["Kết quả", *["Đã làm"] * count]


@pytest.mark.parametrize("rows", [1, 30])
def test_the_rehearsal_page_costs_the_same_however_long(client, district, round_, rows, django_assert_max_num_queries):
    bulk = rehearsed(factories.proposed_in_bulk(district, round_, rows), district.head)
    BulkLine.objects.filter(bulk=bulk, pk__in=bulk.lines.values("pk")[:1]).update(outcome="refused", why="Vì thế")
    client.force_login(district.head)
    with django_assert_max_num_queries(12):
        assert client.get(reverse("reviews:bulk", args=[bulk.pk])).status_code == 200


def test_giving_to_one_person_refuses_conflicts_and_what_is_beyond_the_cap(district, round_, colleague):
    held, own, *rest = dossiers = [
        *factories.proposed_in_bulk(district, round_, 1),
        factories.sent(district, round_, "Hồ sơ tự lập", by=colleague),
        *(factories.sent(district, round_, f"Chờ {n}", at=AT + dt.timedelta(hours=n)) for n in range(3)),
    ]
    decided = factories.sent(district, round_, "Đã rút", state="withdrawn")
    bulk = rehearsed([*dossiers, decided], district.head, "assign", to=colleague.pk, cap=3)
    promised = {held.pk: "ready", own.pk: "refused", decided.pk: "refused"}
    assert outcomes(bulk) == promised | dict(zip([one.pk for one in rest], ["ready", "ready", "refused"], strict=True))
    told = dict(bulk.lines.values_list("dossier", "why"))
    assert "đã soạn hoặc gửi hồ sơ" in told[own.pk]
    assert told[rest[2].pk] == "Những người thẩm định được hồ sơ này đều đã đủ số hồ sơ tối đa."
    assert told[decided.pk] == "Hồ sơ đang ở trạng thái “Đã rút”."
    services.take(rest[2].pk, by=colleague, at=NOW)
    run(bulk, district.head)
    given = Assignment.objects.held().filter(appraiser=colleague).values_list("dossier", flat=True)
    assert set(given) == {held.pk, rest[0].pk, rest[2].pk}
    assert bulk.lines.get(dossier=rest[1]).why == "Người này đã giữ đủ 3 hồ sơ."


@pytest.mark.parametrize("rows", [1, 30])
def test_rehearsing_who_gets_them_costs_the_same_too(district, round_, colleague, rows, django_assert_max_num_queries):
    dossiers = [factories.sent(district, round_, f"Chờ {n}") for n in range(rows)]
    with django_assert_max_num_queries(14):
        rehearsed(dossiers, district.head, "assign", to=colleague.pk, cap=None)


def test_a_head_names_the_person_and_an_appraiser_is_not_asked(client, district, dossier, colleague):
    asked, address = {"chosen": [dossier.pk]}, reverse("reviews:bulk_choose")
    client.force_login(district.appraiser)
    assert 'name="to"' not in client.get(address, asked).content.decode()
    assert client.post(address, asked | {"act": "assign", "to": colleague.pk}).status_code == 422
    client.force_login(district.head)
    refused = client.post(address, asked | {"act": "assign"})
    assert (refused.status_code, "Hãy chọn một người." in refused.content.decode()) == (422, True)
    client.post(address, asked | {"act": "assign", "to": colleague.pk, "cap": "5"})
    assert Bulk.objects.get().given == {"to": colleague.pk, "cap": 5}
