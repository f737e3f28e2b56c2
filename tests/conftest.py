import os

import hypothesis
import pytest
from celery import current_app
from django.conf import settings
from django.db import connection
from django.test import TransactionTestCase
from django.utils import timezone

from journal.models import Job
from tests import factories
from tests.guards import empty_database
from tests.migrated import begin_from_copy
from tests.roles import ROLE, make_role

# Both are measured by the clock, which a busy machine stretches: the first draw of a fresh copy reads all its modules.
UNHURRIED = {"deadline": None, "suppress_health_check": [hypothesis.HealthCheck.too_slow]}
hypothesis.settings.register_profile("unhurried", **UNHURRIED)
hypothesis.settings.load_profile("unhurried")

COUNTS_QUERIES = {"django_assert_num_queries", "django_assert_max_num_queries"}


@pytest.fixture(autouse=True, scope="session")
def broker_in_memory():
    """Messages stay in the test's own process; real brokers have their own lane (marker `servers`)."""
    settings.CELERY_BROKER_URL, settings.CELERY_BROKER_TRANSPORT_OPTIONS = "memory://", {}


@pytest.fixture(scope="session")
def django_db_modify_db_settings(django_db_modify_db_settings_parallel_suffix):
    """Begin from a copy of the database this run has migrated, where it has."""
    yield from begin_from_copy()


@pytest.fixture(autouse=True, scope="session")
def role_of_application(request):
    """With AS_APPLICATION=1 on PostgreSQL every test acts as the role the portal has where it owns no table."""
    if connection.vendor != "postgresql" or os.environ.get("AS_APPLICATION") != "1":
        return
    request.getfixturevalue("django_db_setup")
    with request.getfixturevalue("django_db_blocker").unblock():
        make_role()
        connection.settings_dict["OPTIONS"]["options"] += f" -c role={ROLE}"
        connection.close()


@pytest.fixture(autouse=True)
def own_place(settings, tmp_path):
    """Each test keeps its uploads and cache to itself, and spends no time on hashing passwords."""
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.LOOKS_ROOT = tmp_path / "looks"
    memory = "django.core.cache.backends.locmem.LocMemCache"
    settings.CACHES = {"default": {"BACKEND": memory, "LOCATION": str(tmp_path)}}
    # Pages name their style sheets plainly: nothing needs to have been gathered before a test.
    plain = "django.contrib.staticfiles.storage.StaticFilesStorage"
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": plain}}
    # Only tests of signing in ask for it (tests/organizations/test_second_factor.py).
    settings.SECOND_FACTOR = "off"
    # Tests live at any time, the database now.
    settings.CLOCK_TOLERANCE = 0
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config, items):
    """Mark what the database cannot matter to, and leave out what is asked of the other database alone."""
    for item in items:
        if not needs_both(item):
            item.add_marker("once")
    other = "sqlite" if connection.vendor == "postgresql" else "postgres"
    elsewhere = [item for item in items if item.get_closest_marker(other)]
    if elsewhere:
        config.hook.pytest_deselected(items=elsewhere)
        items[:] = [item for item in items if not item.get_closest_marker(other)]


def needs_both(item) -> bool:
    """Whether a test asks the database at all, and more than how many queries a page costs, which Django says alike."""
    asks = {"db", "transactional_db"} & set(item.fixturenames) or item.get_closest_marker("django_db")
    return bool(asks) and not set(item.fixturenames) & COUNTS_QUERIES


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def district(db):
    """One district: committee, board, two grassroots committees with a cell each, and one person per role."""
    return factories.district()


@pytest.fixture
def run_jobs():
    """Return a function that does every waiting job, as a worker would, and returns the jobs it did."""

    def run() -> list[Job]:
        current_app.loader.import_default_modules()
        waiting = list(Job.objects.filter(state=Job.State.WAITING).order_by("id"))
        for job in waiting:
            current_app.tasks[job.task](job.pk)
            job.refresh_from_db()
        return waiting

    return run


TransactionTestCase._fixture_teardown = lambda test: empty_database()
