import pytest
import time_machine

from reviews import services
from reviews.queries import criteria_of
from reviews.services import Judged
from tests.factories import AT, person
from tests.reviews import factories
from tests.reviews.pages import NOW


@pytest.fixture
def the_day_after():
    """Today is the day after the factories' instant."""
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def round_(district):
    return factories.judged_round(district)


@pytest.fixture
def dossier(district, round_):
    """A practice model of the district's cell, waiting in the board's queue."""
    return factories.sent(district, round_)


@pytest.fixture
def colleague(district):
    """A second appraiser of the same board."""
    return person(district.board, "appraiser", "Chuyên viên")


@pytest.fixture
def other_head(district):
    return person(district.board, "head", "Phó ban")


@pytest.fixture
def held(district, dossier):
    """The same dossier in the appraiser's hands."""
    services.take(dossier.pk, by=district.appraiser, at=AT)
    dossier.refresh_from_db()
    return dossier


@pytest.fixture
def judged(district, held):
    """The same dossier with every criterion judged as met."""
    entries = {criterion.pk: Judged("met") for criterion in criteria_of(held)}
    services.save_judgements(held.pk, entries, by=district.appraiser, at=AT)
    return held


@pytest.fixture
def proposed(district, judged):
    """The same dossier, proposed to the head for approval."""
    services.propose(judged.pk, "approve", by=district.appraiser, at=AT)
    return judged
