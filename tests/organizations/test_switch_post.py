import pytest
from django.urls import reverse

from organizations import services
from tests.factories import AT


@pytest.fixture
def clerk_post(district):
    """A second post of the secretary, at the commune above."""
    return services.give_post(district.secretary, unit=district.commune, role="committee", starts_at=AT, by=None, at=AT)


def test_a_person_switches_to_another_own_post(client, district, clerk_post):
    client.force_login(district.secretary)
    response = client.post(reverse("organizations:switch_post"), {"post": clerk_post.pk}, follow=True)
    assert response.context["user"].post == clerk_post


@pytest.mark.parametrize("typed", ["", "abc", "999999999999999999999999", "-1", "²"])
def test_what_is_no_own_post_is_not_found(client, district, typed):
    client.force_login(district.secretary)
    assert client.post(reverse("organizations:switch_post"), {"post": typed}).status_code == 404


def test_the_post_of_somebody_else_is_not_found(client, district):
    client.force_login(district.secretary)
    assert client.post(reverse("organizations:switch_post"), {"post": district.head.post.pk}).status_code == 404
