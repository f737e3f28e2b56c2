import pytest

from tests import factories


@pytest.fixture
def other_district(district):
    """A second district, alike, of which the first sees nothing."""
    return factories.district()
