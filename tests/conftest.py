import pytest
from django.utils import timezone

from tests import factories


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def district(db):
    """One district: committee, board, two grassroots committees with a cell each, and one person per role."""
    return factories.district()
