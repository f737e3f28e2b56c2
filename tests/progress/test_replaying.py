"""The journal replays to where every dossier and item stands, and what was changed past the gate is found."""

import random
from types import SimpleNamespace

import pytest
from django.core.management import CommandError, call_command

from journal.chain import verify
from journal.services import chain_events
from models_registry.lifecycle import MOVES, State, Step
from models_registry.models import Dossier, DossierVersion, WorkItem
from models_registry.replay import NoLegalMove, Replayed, replay
from models_registry.services import delete_draft, start_dossier, submit, take_step
from models_registry.services.consent import withdraw_consent
from progress.queries.replaying import Difference, first_difference
from progress.services import take_item_step
from tests.factories import AT
from tests.models_registry import registry_factories as make
from tests.progress.walking import Walk, untaken, untaught
from tests.threads import at_once


def told(*steps, version=1):
    return [SimpleNamespace(pk=n, verb=f"dossier.{step}", detail={"version": version}) for n, step in enumerate(steps)]


@pytest.mark.parametrize("step", MOVES)
def test_a_step_leads_where_the_table_says_and_only_from_where_it_starts(step):
    ways = {State.SUBMITTED: ["submit"], State.UNDER_APPRAISAL: ["submit", "take"]}
    ways |= {State.REVISION_REQUESTED: ["submit", "take", "request_revision"], State.WITHDRAWN: ["submit", "withdraw"]}
    ways |= {
        state: ["submit", "take", step] for state, step in ((State.APPROVED, "approve"), (State.REJECTED, "reject"))
    }
    for state, way in {State.DRAFT: [], **ways}.items():
        events = told(*way, step)
        if state in MOVES[step].sources:
            assert replay(events) == Replayed(MOVES[step].target, 1, None)
        else:
            with pytest.raises(NoLegalMove) as refused:
                replay(events)
            assert (refused.value.event, refused.value.state) == (events[-1], state)


def test_what_is_no_step_moves_nothing_and_a_version_is_never_skipped():
    events = [SimpleNamespace(pk=9, verb="dossier.comment", detail={}), *told("submit")]
    assert (replay([]), replay(events)) == (Replayed("draft", 0, None), Replayed("submitted", 1, None))
    with pytest.raises(NoLegalMove, match="from version 0"):
        replay(told("submit", version=2))


@pytest.fixture
def approved(district):
    """A model that went through every hand, with its work reported."""
    model = make.full_model(district.cell, district.secretary, make.opened_round(district))
    submit(model.pk, edition=0, by=district.secretary, at=AT)
    take_step(model.pk, Step.TAKE, by=district.appraiser, at=AT)
    take_step(model.pk, Step.APPROVE, by=district.head, at=AT)
    take_item_step(model.items.get().pk, "report", by=district.secretary, at=AT, on=AT.date())
    return Dossier.objects.get(pk=model.pk)


@pytest.mark.parametrize(
    ("model", "values", "said"),
    [
        (
            Dossier,
            {"state": "rejected"},
            "nhật ký dẫn tới “Đã duyệt (v1.3)”, trong cơ sở dữ liệu là “Không duyệt (v1.3)”",
        ),
        (Dossier, {"version": 2}, "nhật ký dẫn tới “Đã duyệt (v1.3)”, trong cơ sở dữ liệu là “Đã duyệt (v2.3)”"),
        (Dossier, {"edition": 4}, "nhật ký dẫn tới “Đã duyệt (v1.3)”, trong cơ sở dữ liệu là “Đã duyệt (v1.4)”"),
        (
            WorkItem,
            {"state": "completed"},
            "nhật ký dẫn tới “Đã báo cáo hoàn thành”, trong cơ sở dữ liệu là “Hoàn thành”",
        ),
        (WorkItem, {"approved_at": "2026-01-01T00:00:00Z"}, r"workitem.report from planned”"),
    ],
)
def test_a_row_changed_past_the_gate_is_named(approved, capsys, model, values, said):
    call_command("replay_journal")
    assert "đúng nơi nhật ký dẫn tới" in capsys.readouterr().out
    model.objects.update(**values)
    with pytest.raises(CommandError) as refused:
        call_command("replay_journal")
    assert said in str(refused.value)


def test_words_changed_in_a_version_that_was_sent_are_found_and_a_name_erased_by_law_is_not(district, approved):
    withdraw_consent(approved.practice.exemplars.get().pk, by=district.secretary, at=AT)
    assert first_difference() is None
    told = DossierVersion.objects.get(dossier=approved)
    DossierVersion.objects.filter(pk=told.pk).update(content={"title": "Viết lại"})
    assert first_difference().pk == approved.pk
    DossierVersion.objects.filter(pk=told.pk).update(content=told.content)
    other = make.full_model(district.cell, district.secretary, approved.round)
    submit(other.pk, edition=0, by=district.secretary, at=AT)
    assert first_difference() is None
    DossierVersion.objects.filter(dossier=other).update(content={"title": "Viết lại"})
    found = first_difference()
    assert (found.subject, found.pk, found.told[:3], found.told == found.stands) == ("dossier", other.pk, "v1 ", False)


def test_a_dossier_deleted_past_the_gate_is_named_and_a_draft_its_unit_deleted_is_not(district):
    begin = {"kind": "registration_sheet", "unit": district.cell, "round": make.opened_round(district), "at": AT}
    delete_draft(start_dossier(**begin, by=district.secretary).pk, by=district.secretary, at=AT)
    assert first_difference() is None
    lost = start_dossier(**begin, by=district.secretary).pk
    Dossier.objects.all().delete()
    assert first_difference() == Difference("dossier", lost, "dossier.started", "—")


def test_the_walk_knows_every_act_of_the_tables():
    assert untaught() == set()


@pytest.mark.once
def test_whoever_tries_whatever_nothing_leaves_the_tables_and_the_journal_replays(district):
    walk = Walk(district, random.Random(19))
    walk.go(150)
    assert first_difference() is None


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_four_who_walk_the_same_dossiers_at_once_leave_a_journal_that_replays(district):
    walk = Walk(district, random.Random(5), dossiers=3)
    raised = at_once(*(lambda: walk.go_among_others(40) for _ in range(4)), lambda: chain_events(at=AT))
    assert [one for one in raised if isinstance(one, Exception)] == []
    chain_events(at=AT)
    assert (first_difference(), verify(at=AT, heads={})[1]) == (None, None)


@pytest.mark.walk
def test_ten_thousand_actions_leave_nothing_outside_the_tables(district):
    walk = Walk(district, random.Random(1890), dossiers=6)
    for _ in range(20):
        walk.go(500)
        assert first_difference() is None
    assert (sum(walk.outcomes.values()), untaken(walk)) == (10_000, set())
