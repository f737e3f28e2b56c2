"""A name whose consent was withdrawn stands in nothing the board wrote of the dossier."""

import pytest

from models_registry.models import Criterion, Recognition
from models_registry.services import save_draft, submit, take_step, withdraw_consent
from reviews.models import Assignment, Decision, Judgement, Reopening, Session, SessionPoint
from reviews.queries.said import said_of
from tests.factories import AT
from tests.models_registry import registry_factories as make

pytestmark = pytest.mark.django_db
NAME = "Trần Thị Mẫu"


def test_a_withdrawal_takes_the_name_out_of_all_that_the_board_wrote(district):
    model = make.full_model(district.cell, district.secretary, make.opened_round(district))
    one = model.practice.exemplars.get()
    row = {"id": one.pk, "name": NAME, "position": "Tổ trưởng", "evidence": "Vận động 30 hộ", "consent": True}
    save_draft(model.pk, rows={"exemplars": [row]}, by=district.secretary, at=AT)
    submit(model.pk, edition=1, by=district.secretary, at=AT)
    take_step(model.pk, "take", by=district.appraiser, at=AT)
    version, said = model.versions.get(), f"Bà {NAME} làm tốt"
    criterion = Criterion.objects.first()
    Judgement.objects.create(
        version=version, criterion=criterion, appraiser=district.appraiser, mark="met", remark=said, at=AT
    )
    Assignment.objects.create(
        dossier=model, appraiser=district.appraiser, taken_at=AT, proposed_reason=said, sent_back_reason=said,
        sent_back_at=AT, sent_back_by=district.head,
    )  # fmt: skip
    decision = Decision.objects.create(
        version=version, outcome="rejected", reason=said, by=district.head, prepared_at=AT, announced_at=AT
    )
    Reopening.objects.create(decision=decision, by=district.head, at=AT, reason=said)
    session = Session.objects.create(
        body=district.board, title="Phiên họp", held_on=AT.date(), begins_at="08:00", place="Hội trường",
        chair="Trưởng Ban", secretary="Thư ký", attendees="Ban", conclusion=said, changed_at=AT,
    )  # fmt: skip
    SessionPoint.objects.create(session=session, version=version, discussion=said, conclusion=said)
    Recognition.objects.create(
        recipient="model", dossier=model, unit=district.cell, stage="selected", on=AT.date(), note=said,
        recorded_by=district.head, recorded_at=AT,
    )  # fmt: skip
    withdraw_consent(one.pk, by=district.secretary, at=AT)
    texts = [getattr(row, name) for rows, names in said_of(model) for row in rows for name in names]
    assert (set(texts), len(texts)) == ({"Bà Tổ trưởng làm tốt"}, 8)
    assert Recognition.objects.get().note == "Bà Tổ trưởng làm tốt"
