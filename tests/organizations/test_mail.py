import pytest
from django.urls import reverse

from journal.models import Event, Told
from organizations.models import Person

pytestmark = pytest.mark.django_db
EVERYWHERE = {f"{channel}_{kind}": "on" for channel in ("portal", "mail") for kind in Told.values}
CHOSEN = {"email": "bi.thu@example.vn", "mail_language": "en", **EVERYWHERE}


def mail_of(person):
    return Person.objects.values_list("email", "wants_mail", "mail_language").get(pk=person.pk)


def test_a_person_chooses_whether_where_and_in_which_language_the_mail_comes(client, district):
    client.force_login(district.secretary)
    assert client.post(reverse("account_mail"), CHOSEN).status_code == 302
    assert mail_of(district.secretary) == ("bi.thu@example.vn", False, "en")
    event = Event.objects.get(verb="person.mail_chosen")
    assert (event.actor, event.detail) == (district.secretary, {"changed": ["email", "wants_mail", "mail_language"]})


def test_an_address_that_is_none_is_refused_and_stays_on_the_page(client, district):
    client.force_login(district.secretary)
    answer = client.post(reverse("account_mail"), CHOSEN | {"email": "bi thu"})
    assert (answer.status_code, "bi thu" in answer.content.decode()) == (422, True)
    assert mail_of(district.secretary) == ("", True, "vi")


def test_saving_what_stands_writes_nothing(client, district):
    client.force_login(district.secretary)
    client.post(reverse("account_mail"), {"email": "", "wants_mail": "on", "mail_language": "vi", **EVERYWHERE})
    assert not Event.objects.filter(subject="person", verb__endswith="chosen").exists()
