import pytest

from tests import factories
from tests.models_registry import registry_factories as make


@pytest.fixture
def other_district(district):
    """A second district, alike, of which the first sees nothing."""
    return factories.district()


@pytest.fixture
def opened(district):
    return make.opened_round(district)


@pytest.fixture
def model(district, opened):
    return make.full_model(district.cell, district.secretary, opened)


@pytest.fixture
def sheet(district, opened):
    return make.full_sheet(district.cell, district.secretary, opened)
