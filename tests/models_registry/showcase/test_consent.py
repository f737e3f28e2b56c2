"""Who no longer agrees to be named is named nowhere."""

import pytest
from django.core.exceptions import PermissionDenied

from models_registry import services
from models_registry.models import Dossier, Exemplar, KnownSentence
from models_registry.services.known_sentences import remember
from tests.models_registry.showcase.making import LATER, approve, publish

pytestmark = pytest.mark.django_db
NAME = "Trần Thị Mẫu"


@pytest.fixture
def named(model, district):
    """A model whose exemplar is also spoken of in its texts, its title and its summary."""
    model.practice.learning = f"Học bà {NAME.upper()} cách nói với dân"
    model.practice.save()
    model.title = f"Tổ của bà {NAME}"
    model.save()
    model.items.filter(order=model.items.first().order).update(title=f"Bà {NAME} hướng dẫn các hộ", assignee=NAME)
    approve(model, district)
    remember(model, model.versions.get().content)
    publish(model, district, summary=f"Bà {NAME} đi từng nhà")
    return model


def everything(dossier):
    """Return all that is kept of a model, as one text."""
    dossier = Dossier.objects.get(pk=dossier.pk)
    practice = [str(value) for value in vars(dossier.practice).values()]
    people = [f"{one.name} {one.evidence}" for one in dossier.practice.exemplars.all()]
    sent = [str(version.content) for version in dossier.versions.all()]
    shown = [one.summary for one in dossier.publications.all()]
    works = [f"{one.title} {one.assignee} {one.folded}" for one in dossier.items.all()]
    known = [*KnownSentence.objects.values_list("text", flat=True)]
    known += dossier.sentences.values_list("passage", flat=True)
    return "\n".join([dossier.title, dossier.folded, *practice, *people, *sent, *shown, *works, *known]).lower()


@pytest.mark.parametrize("role", ["secretary", "clerk", "head"])
def test_the_name_is_erased_everywhere_also_from_what_was_sent(district, named, role):
    assert NAME.lower() in everything(named)
    one = Exemplar.objects.get()
    for _twice in range(2):
        services.withdraw_consent(one.pk, by=getattr(district, role), at=LATER)
    one.refresh_from_db()
    assert (one.name, one.consent, one.consented_at) == ("", False, None)
    assert NAME.lower() not in everything(named)
    assert "tran thi mau" not in everything(named)
    named.refresh_from_db()
    assert named.sentences.exists()
    assert named.title == "Tổ của bà Tổ trưởng"


@pytest.mark.parametrize("role", ["appraiser", "leader", "committee"])
def test_others_who_see_it_erase_nothing(district, named, role):
    with pytest.raises(PermissionDenied):
        services.withdraw_consent(Exemplar.objects.get().pk, by=getattr(district, role), at=LATER)
    assert Exemplar.objects.get().name == NAME


def test_out_of_sight_there_is_nobody_to_erase(district, other_district, named):
    for stranger in (district.other_secretary, other_district.head, district.administrator):
        with pytest.raises(Exemplar.DoesNotExist):
            services.withdraw_consent(Exemplar.objects.get().pk, by=stranger, at=LATER)
