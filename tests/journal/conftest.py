import pytest


@pytest.fixture
def reader(district):
    """The secretary of a cell, who has an address."""
    type(district.secretary).objects.filter(pk=district.secretary.pk).update(email="bi.thu@example.vn")
    district.secretary.refresh_from_db()
    return district.secretary


@pytest.fixture
def mail_on(settings):
    settings.MAIL_ON, settings.SITE_URL = True, "https://portal.example.vn"
    settings.DEFAULT_FROM_EMAIL = "portal@example.vn"
