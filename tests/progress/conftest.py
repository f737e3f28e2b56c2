import pytest

from models_registry.models import Obligation
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


@pytest.fixture
def owing(district, sheet):
    """Both cells and the commune owe the round; the other commune is exempt."""
    for found in (district.cell, district.other_cell, district.commune):
        Obligation.objects.create(round=sheet.round, unit=found, owes="registration_sheet")
    Obligation.objects.create(
        round=sheet.round,
        unit=district.other_commune,
        owes="registration_sheet",
        exempt_reason="Đang sáp nhập",
        exempted_at=making.instant("2026-04-05"),
        exempted_by=district.head,
    )
    return sheet.round
