"""A dossier's page costs at most twelve queries to everybody, whatever stands on it and whoever wrote it."""

import datetime as dt

import pytest
from django.utils.timezone import localdate

from models_registry import services
from models_registry.lifecycle import Step
from models_registry.models import Attachment, Dossier, Extension, Recognition
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, answered, returned, sent, url
from tests.models_registry.showcase import making

pytestmark = pytest.mark.django_db
MOST = 12


def with_papers_and_photos(dossier, district, count):
    """The clerk entered it for the secretary; scans, photos and comments stand beside it."""
    services.save_draft(dossier.pk, by=district.clerk, at=LATER, fields={"title": "Mô hình nhập thay"})
    for n in range(count):
        of_all = {"dossier": dossier, "file": make.stored_sample(), "size": 9, "added_by": district.clerk}
        Attachment.objects.create(**of_all, name=f"ảnh {n}.jpg", thumbnail=make.stored_sample(), added_at=LATER)
        scan = {"name": f"ký {n}.pdf", "signed_by": district.secretary, "added_at": LATER}
        Attachment.objects.create(**of_all, **scan, signed_version=1)
        dossier.comments.create(author=district.head, unit=district.board, audience="both", text=f"Ý {n}", at=LATER)
    dossier.refresh_from_db()
    return dossier


@pytest.mark.parametrize("count", [1, 30])
@pytest.mark.parametrize("kind", ["model", "sheet"])
def test_a_page_with_everything_on_it(
    client, district, opened, kind, count, django_assert_max_num_queries, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    made = (make.full_model if kind == "model" else make.full_sheet)(district.cell, district.secretary, opened)
    with_papers_and_photos(made, district, count)
    costs = {}

    def costs_little(when, *readers):
        for reader in readers:
            client.force_login(reader)
            with django_assert_max_num_queries(99) as asked:
                assert client.get(url("dossier", made.pk)).status_code == 200, (when, reader.post.role)
            costs[when, reader.post.role] = len(asked)

    everybody = (
        district.secretary,
        district.clerk,
        district.committee,
        district.appraiser,
        district.head,
        district.leader,
    )
    costs_little("draft", district.secretary, district.clerk)
    returned(made, district, {"goal": "x", "collective": "x"})
    costs_little("returned", *everybody)
    answered(made, district.secretary)
    sent(made, district.secretary)
    services.take_step(made.pk, Step.TAKE, by=district.appraiser, at=LATER)
    services.take_step(made.pk, Step.APPROVE, by=district.head, at=LATER)
    if kind == "model":
        services.publish(made.pk, summary="Gương tốt", agreed=True, by=district.head, at=LATER)
    costs_little("approved", *everybody)
    assert {key: cost for key, cost in costs.items() if cost > MOST} == {}


@pytest.mark.parametrize("count", [1, 30])
def test_a_returned_adoption_that_others_carry_on_was_recognised_and_given_more_time(
    client, district, opened, count, django_assert_max_num_queries, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    source = making.another(district, district.other_cell, district.other_secretary, opened)
    made = make.full_model(district.cell, district.secretary, opened, copied_from=source)
    with_papers_and_photos(made, district, count)
    returned(made, district, {"goal": "x", "collective": "x"})
    fact = {"unit": made.unit, "recipient": "model", "recorded_by": district.head, "recorded_at": LATER}
    why = {"reason": "Chờ số liệu của quý.", "by": district.head, "at": LATER}
    for turn in made.turns.all():
        Extension.objects.create(turn=turn, due_before=turn.due_on, due_on=turn.due_on + dt.timedelta(days=9), **why)
    for _ in range(count):
        make.dossier(district.other_cell, district.other_secretary, opened, copied_from=made)
        Recognition.objects.create(**fact, dossier=made, stage="selected", on=localdate(LATER))
    assert Dossier.objects.get(pk=made.pk).state == "revision_requested"
    for reader in (district.secretary, district.committee, district.appraiser, district.head, district.leader):
        client.force_login(reader)
        with django_assert_max_num_queries(MOST):
            assert client.get(url("dossier", made.pk)).status_code == 200
