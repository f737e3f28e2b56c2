import pytest
import time_machine

from tests.models_registry import registry_factories as make
from tests.models_registry.dossiers.pages import LATER


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def opened(district):
    return make.opened_round(district)


@pytest.fixture
def model(district, opened):
    return make.full_model(district.cell, district.secretary, opened)


@pytest.fixture
def sheet(district, opened):
    return make.full_sheet(district.cell, district.secretary, opened)


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client
