"""The same draft open elsewhere is told with who and since when, until the other window is left or falls silent."""

import datetime as dt

import pytest
import time_machine

from models_registry.models import OpenDraft
from tests.models_registry.dossiers.pages import LATER, step, url

pytestmark = pytest.mark.django_db
HERE = dt.timezone(dt.timedelta(hours=7))
AT = f"{LATER.astimezone(HERE):%H:%M}"


@pytest.fixture
def tell(client, model):
    """Return a function by which a person's window tells that the model is open; returns what it is answered."""

    def open_in(person, window, seconds=0, **more):
        client.force_login(person)
        with time_machine.travel(LATER + dt.timedelta(seconds=seconds), tick=False):
            answer = client.post(url("presence", model.pk), {"window": window} | more)
            return answer.json()["elsewhere"] if answer.status_code == 200 else answer.status_code

    return open_in


def test_another_person_and_another_window_of_ones_own_are_told(tell, district):
    assert tell(district.clerk, "w1") == []
    assert tell(district.secretary, "w2", 20) == [f"{district.clerk} đang mở bản nháp này, từ {AT}."]
    assert tell(district.clerk, "w3", 30) == [
        f"Bạn đang mở bản nháp này ở một cửa sổ hoặc máy khác, từ {AT}.",
        f"{district.secretary} đang mở bản nháp này, từ {AT}.",
    ]


def test_a_window_told_of_again_is_open_since_it_was_opened(tell, district):
    for seconds in (0, 50, 100):
        tell(district.clerk, "w1", seconds)
    assert tell(district.secretary, "w2", 110) == [f"{district.clerk} đang mở bản nháp này, từ {AT}."]


def test_a_window_that_was_left_or_killed_is_forgotten(tell, district):
    tell(district.clerk, "left")
    tell(district.clerk, "killed")
    assert tell(district.clerk, "left", left=1) == 204
    assert len(tell(district.secretary, "w2", 59)) == 1
    assert tell(district.secretary, "w2", 61) == []
    assert list(OpenDraft.objects.values_list("window", flat=True)) == ["w2"]


def test_the_page_says_so_before_any_script_does(tell, client, district, model):
    tell(district.clerk, "w1")
    client.force_login(district.secretary)
    words = f"{district.clerk} đang mở bản nháp này"
    assert words in client.get(step(model, "reasons")).content.decode()
    client.force_login(district.clerk)
    assert words not in client.get(step(model, "reasons")).content.decode()


@pytest.mark.parametrize("window", ["", "a b", "<b>", "a" * 41])
def test_a_window_without_a_name_is_refused(tell, district, window):
    assert tell(district.secretary, window) == 400
