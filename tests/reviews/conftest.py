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


@pytest.fixture
def third(district):
    """A third appraiser of the same board."""
    return person(district.board, "appraiser", "Người thứ ba")


@pytest.fixture
def scored(district, round_, held, colleague, third):
    """In a round that asks for three: every criterion met, all but one met, half not met; none handed in."""
    type(round_).objects.update(appraisers=3)
    held.round.refresh_from_db()
    criteria = criteria_of(held)
    for n, who in enumerate((district.appraiser, colleague, third)):
        if n:
            services.join(held.pk, by=who, at=AT)
        short = {one.pk for one in criteria[: (0, 1, 3)[n]]}
        entries = {one.pk: Judged("not_met" if one.pk in short else "met", f"Ý kiến {n}") for one in criteria}
        services.save_judgements(held.pk, entries, by=who, at=AT)
    return held
