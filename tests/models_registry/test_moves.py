import datetime as dt
import random

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from journal.models import Event
from models_registry import gate, services
from models_registry.lifecycle import EDITS, MOVES, Edit, State, Step
from models_registry.models import Dossier, Remark
from tests.factories import AT
from tests.models_registry import registry_factories as make
from tests.models_registry.test_uploads import PDF, named

pytestmark = pytest.mark.django_db
REASON = "Lý do đủ mười ký tự"


@pytest.fixture
def model(district):
    return make.full_model(district.cell, district.secretary, make.opened_round(district))


def put(dossier, state, district):
    """Set a state by hand, with what the database asks of it."""
    sent = {} if state == State.DRAFT else {"version": 1, "body": district.board, "submitted_at": AT}
    Dossier.objects.filter(pk=dossier.pk).update(state=state, **{"version": 0, "body": None} | sent)
    if sent:
        dossier.versions.get_or_create(
            number=1, defaults={"content": {}, "submitted_at": AT, "submitted_by": district.secretary}
        )


def right_person(step, district):
    if step in (Step.SUBMIT, Step.WITHDRAW):
        return district.secretary
    return district.head if step in (Step.APPROVE, Step.REJECT, Step.REOPEN) else district.appraiser


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("step", Step.values)
def test_every_step_outside_the_table_is_refused_and_changes_nothing(model, district, state, step):
    put(model, state, district)
    by = right_person(step, district)
    if state in MOVES[step].sources:
        services.take_step(model.pk, step, by=by, at=AT, reason=REASON)
        model.refresh_from_db()
        assert model.state == MOVES[step].target
        return
    # A draft is out of the board's sight; everything else is in sight and not open.
    with pytest.raises((gate.StepNotOpen, Dossier.DoesNotExist)):
        services.take_step(model.pk, step, by=by, at=AT, reason=REASON)
    model.refresh_from_db()
    assert (model.state, model.edition) == (state, 0)
    assert not Event.objects.exclude(verb__startswith="unit.").filter(subject="dossier").exists()


@pytest.mark.parametrize("state", State.values)
@pytest.mark.parametrize("edit", Edit.values)
def test_every_edit_outside_the_table_is_refused(model, district, state, edit, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    put(model, state, district)

    def act():
        if edit == Edit.SAVE:
            services.save_draft(model.pk, by=district.clerk, at=AT, fields={"goal": "Mới"})
        elif edit == Edit.SIGN:
            scan = named("a.pdf", PDF)
            services.attach_signed(model.pk, scan, signed_by=district.secretary, by=district.clerk, at=AT)
        elif edit == Edit.ANSWER:
            services.answer_remarks(model.pk, {}, by=district.clerk, at=AT)
        else:
            services.delete_draft(model.pk, by=district.clerk, at=AT)

    if state in EDITS[edit].sources:
        act()
    else:
        with pytest.raises(gate.StepNotOpen):
            act()


@pytest.mark.once
@pytest.mark.parametrize("seed", range(5))
def test_a_random_walk_of_all_people_and_steps_never_leaves_the_table(model, district, seed):
    dice = random.Random(seed)
    people = [
        *(district.secretary, district.other_secretary, district.clerk, district.committee),
        *(district.appraiser, district.head, district.leader, district.administrator),
    ]
    now = AT
    for _turn in range(60):
        before = Dossier.objects.values_list("state", "edition").get(pk=model.pk)
        step, by = dice.choice(Step.values), dice.choice(people)
        Remark.objects.unanswered().update(answer=REASON, answered_by=district.clerk, answered_at=now)
        now += dt.timedelta(minutes=1)
        try:
            services.take_step(model.pk, step, by=by, at=now, reason=dice.choice(["", "ngắn", REASON]))
        except (PermissionDenied, gate.StepNotOpen, ValidationError, Dossier.DoesNotExist):
            assert Dossier.objects.values_list("state", "edition").get(pk=model.pk) == before
            continue
        after = Dossier.objects.get(pk=model.pk).state
        assert before[0] in MOVES[step].sources
        assert after == MOVES[step].target
    steps = [event.verb.removeprefix("dossier.") for event in Event.objects.about("dossier", model.pk)]
    replayed = State.DRAFT
    for step in steps:
        assert replayed in MOVES[step].sources
        replayed = MOVES[step].target
    assert replayed == Dossier.objects.get(pk=model.pk).state
