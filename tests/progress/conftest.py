import pytest

from tests.factories import person
from tests.progress import making


@pytest.fixture
def sheet(district):
    return making.sheet(district.cell, district.board)


@pytest.fixture
def item(sheet):
    """A collective work of the cell, approved 10/01/2026, due 20/03/2026."""
    return making.item(sheet)


@pytest.fixture
def deputy(district):
    return person(district.cell, "deputy", "Phó bí thư")
