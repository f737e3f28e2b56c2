import pytest

from organizations.models import Post
from tests import factories
from tests.models_registry import registry_factories as make


@pytest.fixture
def opened(district):
    return make.opened_round(district)


@pytest.fixture
def administrators(db):
    """Two administrators above every tree."""
    return [factories.person(None, Post.Role.ADMINISTRATOR, f"Quản trị {n}") for n in ("một", "hai")]
