import pytest
import time_machine

from tests.models_registry.dossiers.pages import LATER


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(LATER, tick=False):
        yield


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client
