"""What is sent twice is done once, whatever is sent: the token, what it stands with, and what a refusal leaves."""

import datetime as dt

import pytest
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.utils import timezone

from journal.models import Notice, SentForm
from journal.sending import AlreadySent, forget, key_of, led_to, once
from journal.services import record
from tests.threads import at_once

TOKEN = {"once": "abc"}


def form(person, data, path="/somewhere/", **headers):
    request = RequestFactory().post(path, data, **headers)
    request.user = person
    return request


def write(person, request, leads_to="/there/"):
    with once(request, leads_to):
        record("it.happened", subject="it", subject_id=1, by=None, at=timezone.now(), tell=[person])


def told(person) -> int:
    return Notice.objects.filter(recipient=person).count()


def test_the_same_form_writes_once_and_leads_to_the_same_page(district):
    person = district.secretary
    write(person, form(person, TOKEN | {"text": "Rõ"}))
    again = form(person, TOKEN | {"text": "Rõ", "csrfmiddlewaretoken": "another"})
    assert led_to(again) == "/there/"
    with pytest.raises(AlreadySent):
        write(person, again)
    assert told(person) == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("data", "path"),
    [
        (TOKEN | {"text": "Rõ hơn"}, "/somewhere/"),
        ({"once": "def", "text": "Rõ"}, "/somewhere/"),
        (TOKEN | {"text": "Rõ"}, "/elsewhere/"),
        (TOKEN | {"text": "Rõ", "file": SimpleUploadedFile("a.pdf", b"1")}, "/somewhere/"),
        ({"text": "Rõ"}, "/somewhere/"),
    ],
)
def test_other_words_another_page_and_a_form_without_a_token_are_no_retry(district, data, path):
    person = district.secretary
    write(person, form(person, TOKEN | {"text": "Rõ"}))
    write(person, form(person, data, path))
    assert told(person) == 2


def test_somebody_elses_form_is_another(district):
    write(district.secretary, form(district.secretary, TOKEN))
    write(district.clerk, form(district.clerk, TOKEN))
    assert (told(district.secretary), told(district.clerk)) == (1, 1)


def test_what_was_refused_may_be_sent_again(district):
    person = district.secretary
    with pytest.raises(ValidationError), once(form(person, TOKEN)):
        raise ValidationError("Chưa được")
    write(person, form(person, TOKEN))
    assert told(person) == 1


def test_where_it_leads_may_be_known_only_then(district):
    with once(form(district.secretary, TOKEN)) as sending:
        sending.leads_to = "/made/7/"
    assert led_to(form(district.secretary, TOKEN)) == "/made/7/"


def test_a_page_that_saves_by_itself_is_never_a_retry(district):
    assert key_of(form(district.secretary, TOKEN, headers={"X-Autosave": "1"})) is None


def test_forms_of_days_ago_are_forgotten(district):
    write(district.secretary, form(district.secretary, TOKEN))
    now = timezone.now()
    assert (forget(at=now), forget(at=now + dt.timedelta(days=3)), SentForm.objects.count()) == (0, 1, 0)


@pytest.mark.postgres
@pytest.mark.django_db(transaction=True)
def test_of_four_taps_at_once_one_writes(district):
    person = district.secretary
    results = at_once(*[lambda: write(person, form(person, TOKEN))] * 4)
    assert sorted(type(result).__name__ for result in results) == ["AlreadySent"] * 3 + ["NoneType"]
    assert told(person) == 1
