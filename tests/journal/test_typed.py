"""What is being typed is kept for the person alone, given back once asked, and dropped when it was saved."""

import datetime as dt
import json

import pytest
from django.urls import reverse
from django.utils import timezone

from journal import typed
from journal.models import TypedText

pytestmark = pytest.mark.django_db
KEY = "/progress/units/3/2026/1/#report"


def copy(**values):
    return json.dumps({"at": 1767600000000, "values": values, "base": {}})


@pytest.fixture
def secretary(client, district):
    client.force_login(district.secretary)
    return client


@pytest.fixture
def address():
    return reverse("journal:typed")


def test_the_newest_copy_of_a_form_is_given_back_to_who_typed_it(secretary, client, district, address):
    for words in ("Đã trồng", "Đã trồng 40 cây"):
        assert secretary.post(address, {"key": KEY, "copy": copy(results=words)}).status_code == 200
    assert secretary.get(address, {"key": KEY}).json()["values"] == {"results": "Đã trồng 40 cây"}
    client.force_login(district.clerk)
    assert client.get(address, {"key": KEY}).status_code == 204


def test_a_saved_form_drops_its_copy(secretary, address):
    secretary.post(address, {"key": KEY, "copy": copy(results="Đã trồng")})
    assert secretary.post(address, {"key": KEY, "copy": ""}).status_code == 204
    assert TypedText.objects.count() == 0


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (KEY, copy(results="TỐI MẬT")),
        (KEY, copy(results=["x"])),
        (KEY, '{"at": 1}'),
        (KEY, "x"),
        (KEY, "[]"),
        (KEY, copy(results="a" * 200_001)),
        (KEY, copy(results="a\0b")),
        (KEY, copy(results="\ud83c")),
        ("k" * 201, copy(results="a")),
    ],
)
def test_what_may_not_be_kept_is_refused_and_stays_with_the_person(secretary, address, key, words):
    assert secretary.post(address, {"key": key, "copy": words}).status_code == 422
    assert TypedText.objects.count() == 0


def test_a_key_with_a_mark_no_database_takes_is_read_without_it(secretary, address):
    secretary.post(address, {"key": KEY, "copy": copy(results="Đã trồng")})
    assert secretary.get(address, {"key": f"{KEY}\0"}).json()["values"] == {"results": "Đã trồng"}


def test_fifty_forms_a_person_are_kept_and_none_longer_than_a_week(district, now):
    for n in range(52):
        typed.keep(f"/{n}/", copy(results="a"), by=district.secretary, at=now + dt.timedelta(seconds=n))
    assert set(TypedText.objects.values_list("key", flat=True)) == {f"/{n}/" for n in range(2, 52)}
    assert typed.forget(at=timezone.now() + dt.timedelta(days=8)) == 50
