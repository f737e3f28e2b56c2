import pytest

from tests.models_registry.showcase import making


@pytest.fixture
def approved(model, district):
    return making.approve(model, district)


@pytest.fixture
def shown(approved, district):
    """A model of the cell that stands in the showcase."""
    making.publish(approved, district)
    return approved
