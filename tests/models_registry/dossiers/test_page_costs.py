"""A dossier's page costs at most twelve queries to everybody, whatever stands on it and whoever wrote it."""

import pytest

from models_registry import services
from models_registry.lifecycle import Step
from models_registry.models import Attachment
from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER, answered, returned, sent, url

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
