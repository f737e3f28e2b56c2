import pytest
from django.contrib.staticfiles.storage import storages
from django.urls import reverse

from portal.storage import ForgivingStaticFilesStorage


@pytest.fixture
def nothing_gathered(settings, tmp_path):
    """The portal of a machine on which nobody gathered the static files."""
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {"BACKEND": "portal.storage.ForgivingStaticFilesStorage"},
    }
    return storages["staticfiles"]


def test_a_file_that_was_not_gathered_keeps_its_plain_name(nothing_gathered):
    assert isinstance(nothing_gathered, ForgivingStaticFilesStorage)
    assert nothing_gathered.url("css/portal.css").endswith("/static/css/portal.css")


def test_a_page_opens_before_the_static_files_are_gathered(client, db, nothing_gathered):
    assert client.get(reverse("account_login")).status_code == 200
