"""The page of closings: what it says of each quarter, and who starts what from it."""

import datetime as dt

import pytest
import time_machine
from django.urls import reverse
from django.utils import timezone

from completion import services, tasks
from completion.closing import AlreadyRunning, start_sealing
from completion.models import Figure, Period, Revision
from completion.quarters import Quarter
from journal.models import Event, Job
from organizations.models import Post, Unit
from tests import factories
from tests.completion.archives import close, done, item, load
from tests.threads import at_once

pytestmark = pytest.mark.django_db
ITEMS = [item("I1", "31/3"), item("I2", "31/3", unit="B")]


@pytest.fixture
def may(tmp_path):
    """4 May 2026: the first quarter is past its closing instant, the second has begun."""
    with time_machine.travel("2026-05-04T09:00:00+07:00", tick=True):
        load(tmp_path, items=ITEMS, events=done("I1", "10/3"))
        yield Unit.objects.get(code="D")


@pytest.fixture
def administrator(client, may):
    person = factories.person(may, "administrator", "Quản trị")
    client.force_login(person)
    return client


def start(client, what, root, quarter):
    return client.post(reverse(f"completion:{what}", args=[root.pk, quarter]))


def states(client, year=""):
    (tree,) = client.get(reverse("completion:closings"), {"year": year}).context["trees"]
    return {str(closing.quarter): (closing.state, closing.may_seal, closing.may_recompute) for closing in tree}


def test_each_quarter_of_this_year_and_the_last_says_where_it_stands(administrator):
    close("2025-Q4")
    close("2026-Q2", provisional=True)
    assert states(administrator) == {
        "2026-Q4": ("to_come", False, False),
        "2026-Q3": ("to_come", False, False),
        "2026-Q2": ("provisional", False, True),
        "2026-Q1": ("missed", True, True),
        "2025-Q4": ("sealed", False, False),
        "2025-Q3": ("missed", True, True),
        "2025-Q2": ("missed", True, True),
        "2025-Q1": ("missed", True, True),
    }


def test_a_sealed_quarter_shows_its_instants_rows_and_hash(administrator):
    close("2026-Q1")
    revision = Revision.objects.get()
    page = administrator.get(reverse("completion:closings")).text
    for said in ("11/04/2026 00:00", "04/05/2026 09:00", revision.input_hash, "Đã chốt"):
        assert said in page


def test_what_was_sealed_before_the_newest_seal_is_folded_away_and_a_missed_quarter_never_is(administrator):
    for quarter in ("2025-Q1", "2025-Q2", "2025-Q4"):
        close(quarter)
    page = administrator.get(reverse("completion:closings"))
    (tree,) = page.context["trees"]
    assert [str(one.quarter) for one in tree.settled] == ["2025-Q2", "2025-Q1"]
    assert {"2025-Q4", "2025-Q3"} <= {str(one.quarter) for one in tree.standing}
    assert "2 quý đã chốt trước đó" in page.text


def test_a_missed_quarter_is_sealed_by_a_job_that_shows_how_far_it_is(administrator, may, run_jobs):
    answer = start(administrator, "seal", may, "2026-Q1")
    (job,) = run_jobs()
    assert answer.url == reverse("journal:job", args=[job.pk])
    revision = Revision.objects.get()
    assert (job.state, job.done, job.total) == (Job.State.DONE, 4, 4)
    assert job.message == f"Đã chốt: {revision.row_count} dòng, mã băm {revision.input_hash}."
    assert job.result["url"] == reverse("completion:closings") + "?year=2026"
    assert states(administrator)["2026-Q1"] == ("sealed", False, False)


def test_the_seal_is_the_one_the_scheduler_would_have_made(administrator, may, run_jobs):
    start(administrator, "seal", may, "2026-Q1")
    run_jobs()
    made = Revision.objects.get()
    assert made.as_of == Quarter(2026, 1).closes_at()
    again = services.compute_provisional(may, Quarter(2026, 1), at=made.computed_at)
    assert again.input_hash == made.input_hash


def test_who_started_and_who_sealed_stands_in_the_journal(administrator, may, run_jobs):
    start(administrator, "seal", may, "2026-Q1")
    (job,) = run_jobs()
    rows = Event.objects.filter(subject="period").order_by("id")
    assert [(row.verb, row.actor, row.role, row.unit) for row in rows] == [
        ("quarter.closing_started", job.owner, "administrator", may),
        ("quarter.sealed", job.owner, "administrator", may),
    ]


def test_before_its_closing_instant_a_quarter_is_refused_in_plain_words(administrator, may):
    answer = start(administrator, "seal", may, "2026-Q2")
    assert answer.status_code == 409
    assert "Chưa đến thời điểm chốt quý này (11/07/2026 00:00)" in answer.text
    assert (Job.objects.count(), Period.objects.count()) == (0, 0)


def test_one_second_decides_whether_it_may_be_sealed(client, may):
    person = factories.person(may, "administrator")
    closes_at = Quarter(2026, 2).closes_at()
    for clock, status in ((closes_at - dt.timedelta(seconds=1), 409), (closes_at, 302)):
        with time_machine.travel(clock, tick=False):
            client.force_login(person)
            assert start(client, "seal", may, "2026-Q2").status_code == status


def test_the_head_of_the_board_that_serves_the_root_may_seal_too(client, may, run_jobs):
    board = factories.unit("Ban Tuyên giáo", Unit.Kind.ADVISORY_BODY, may)
    factories.services.let_appraise(board, may, valid_from=factories.FOUNDED, by=None, at=factories.AT)
    client.force_login(factories.person(board, "head"))
    assert reverse("completion:closings") in client.get(reverse("home")).text
    start(client, "seal", may, "2026-Q1")
    run_jobs()
    assert states(client)["2026-Q1"] == ("sealed", False, False)


def test_starting_twice_starts_one_job_and_says_so(administrator, may, run_jobs):
    first = start(administrator, "seal", may, "2026-Q1")
    again = start(administrator, "seal", may, "2026-Q1")
    assert (again.url, Job.objects.count()) == (first.url, 1)
    assert "đang chạy rồi" in administrator.get(again.url).text
    run_jobs()
    sealed = administrator.post(reverse("completion:seal", args=[may.pk, "2026-Q1"]), follow=True)
    assert f"mỗi quý chỉ chốt một lần. Mã băm: {Revision.objects.get().input_hash}" in sealed.text
    assert (Job.objects.count(), Revision.objects.count()) == (1, 1)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_two_who_start_at_once_one_starts_it_and_the_other_is_shown_that_work(may):
    people = [factories.person(may, "administrator") for _ in range(2)]

    def starting(person):
        return lambda: start_sealing(may, Quarter(2026, 1), by=person, at=timezone.now())

    outcomes = sorted(at_once(*map(starting, people)), key=lambda outcome: isinstance(outcome, AlreadyRunning))
    assert [outcomes[0], outcomes[1].job] == [Job.objects.get()] * 2


def test_another_who_starts_the_same_is_told_who_did(administrator, client, may):
    start(administrator, "seal", may, "2026-Q1")
    first = Job.objects.get().owner
    client.force_login(factories.person(may, "administrator", "Quản trị khác"))
    answer = client.post(reverse("completion:seal", args=[may.pk, "2026-Q1"]), follow=True)
    assert f"{first} đã bắt đầu việc này lúc" in answer.text
    assert Job.objects.count() == 1


def test_a_quarter_the_scheduler_sealed_meanwhile_is_not_sealed_again(administrator, may, run_jobs):
    start(administrator, "seal", may, "2026-Q1")
    close("2026-Q1")
    (job,) = run_jobs()
    assert (job.state, Revision.objects.count()) == (Job.State.DONE, 1)
    assert job.message.startswith("Quý này đã chốt từ lúc 04/05/2026 09:00")


def test_a_post_that_ended_meanwhile_seals_nothing(administrator, may, run_jobs, now):
    start(administrator, "seal", may, "2026-Q1")
    Post.objects.filter(role="administrator").update(ends_at="2026-05-04T09:00:01+07:00")
    with time_machine.travel("2026-05-04T10:00:00+07:00"):
        (job,) = run_jobs()
    assert (job.state, Revision.objects.count()) == (Job.State.FAILED, 0)


def test_recomputing_makes_the_figures_and_mends_those_that_were_wrong(administrator, may, run_jobs):
    start(administrator, "recompute", may, "2026-Q1")
    run_jobs()
    right = list(Figure.objects.order_by("pk").values_list("place__unit", "kind", "r1_n", "r1_base"))
    Figure.objects.filter(place__unit=may).update(r1_n=0, r4_n=0)
    start(administrator, "recompute", may, "2026-Q1")
    (job,) = run_jobs()
    assert job.message == "Đã tính lại; 2 ô số liệu trước đó bị sai và đã được thay."
    assert list(Figure.objects.order_by("pk").values_list("place__unit", "kind", "r1_n", "r1_base")) == right
    start(administrator, "recompute", may, "2026-Q1")
    assert run_jobs()[0].message == "Đã tính lại; số liệu cũ không sai dòng nào."
    assert Revision.objects.get().number == 0


@pytest.mark.parametrize("quarter", ["2026-Q3", "2026-Q4"])
def test_a_quarter_that_has_not_begun_has_nothing_to_compute(administrator, may, quarter):
    answer = start(administrator, "recompute", may, quarter)
    assert (answer.status_code, Job.objects.count()) == (409, 0)
    assert "Quý này chưa bắt đầu" in answer.text


def test_the_quarters_of_an_old_register_are_closed_two_years_further_back(administrator, may, run_jobs):
    assert list(states(administrator, "2024")) == [f"{year}-Q{n}" for year in (2024, 2023) for n in (4, 3, 2, 1)]
    page = administrator.get(reverse("completion:closings"), {"year": "2024"})
    assert page.context["years"] == [(2021, 2022), (2025, 2026)]
    start(administrator, "seal", may, "2023-Q4")
    (job,) = run_jobs()
    assert job.result["url"] == reverse("completion:closings") + "?year=2023"
    assert states(administrator, "2023")["2023-Q4"][0] == "sealed"


@pytest.mark.parametrize("year", ["", "2027", "2016", "nay", "２０２４", "-2024"])
def test_a_year_the_page_does_not_speak_of_shows_this_one(administrator, year):
    assert next(iter(states(administrator, year))) == "2026-Q4"


@pytest.mark.parametrize("quarter", ["2016-Q4", "2019-Q4", "2027-Q1", "2026-Q5", "x"])
def test_other_quarters_are_not_there(administrator, may, quarter):
    assert start(administrator, "seal", may, quarter).status_code == 404


def test_a_unit_within_a_tree_closes_nothing_of_its_own(administrator, may):
    assert start(administrator, "seal", Unit.objects.get(code="G"), "2026-Q1").status_code == 404


def test_below_the_root_the_page_is_empty_and_the_menu_does_not_lead_to_it(client, may):
    client.force_login(factories.person(Unit.objects.get(code="G"), "administrator"))
    page = client.get(reverse("completion:closings"))
    assert (page.status_code, page.context["trees"]) == (200, [])
    assert reverse("completion:closings") not in client.get(reverse("home")).text


def test_at_the_root_the_menu_leads_to_it(administrator):
    assert reverse("completion:closings") in administrator.get(reverse("home")).text


def test_a_quarter_before_the_tree_was_founded_is_not_offered(client, may):
    young = factories.unit("Tỉnh ủy mới", Unit.Kind.PROVINCE_COMMITTEE, valid_from=dt.date(2026, 2, 1))
    client.force_login(factories.person(young, "administrator"))
    assert list(states(client)) == ["2026-Q4", "2026-Q3", "2026-Q2", "2026-Q1"]


def test_a_unit_that_came_under_another_heads_a_tree_no_longer(client, may):
    other = factories.unit("Huyện ủy khác", Unit.Kind.DISTRICT_COMMITTEE)
    other.placements.create(parent=may, valid_from=dt.date(2025, 7, 15))
    client.force_login(factories.person(other, "administrator"))
    assert list(states(client)) == ["2025-Q2", "2025-Q1"]


@pytest.mark.parametrize("trees", [1, 40])
def test_the_page_costs_the_same_for_many_trees(client, may, trees, django_assert_max_num_queries):
    for number in range(trees):
        root = factories.unit(f"Tỉnh ủy {number}", Unit.Kind.PROVINCE_COMMITTEE)
        services.compute_provisional(root, Quarter(2026, 2), at=factories.AT)
    client.force_login(factories.person(None, "administrator"))
    with django_assert_max_num_queries(12):
        page = client.get(reverse("completion:closings"))
    assert len(page.context["trees"]) == min(trees + 1, 6)


def test_a_clock_that_is_not_the_databases_closes_nothing_and_the_page_says_so(administrator, may, settings, run_jobs):
    settings.CLOCK_TOLERANCE = 300  # it is May here, and not in the database
    start(administrator, "seal", may, "2026-Q1")
    (job,) = run_jobs()
    assert (job.state, "Đồng hồ máy chủ" in job.message) == (Job.State.FAILED, True)
    assert (tasks.close_due_quarters(), tasks.close_period(Period.objects.get().pk)) == (0, None)
    assert not Revision.objects.filter(sealed=True).exists()
    assert "Đồng hồ máy chủ" in administrator.get(reverse("completion:closings")).content.decode()
