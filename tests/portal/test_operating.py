"""What programs are told of the portal: alive, ready, counted."""

import json
import re
import threading
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client

from journal.jobs import start_job
from journal.models import Digest, Job, Lease
from journal.services import chain_events, record
from organizations.models import Session, SignInAttempts
from portal.operating import counting, gauges, health

TOKEN = "a-token-of-this-test"
SHOWN = {"Authorization": f"Bearer {TOKEN}"}
AN_HOUR = timedelta(hours=1)


@pytest.fixture
def asked(now):
    """Return a function that asks the checks of one server in this test's own thread, and tells their states."""

    def ask(server: str) -> dict[str, str]:
        checks = [check for check in health.CHECKS if check.server == server]
        answers = {check.name: health.Answer(check) for check in checks}
        health.ask(checks, answers, now)
        return {name: answer.state for name, answer in answers.items()}

    return ask


def test_it_says_that_it_lives_to_whoever_asks_by_any_name_without_the_database(client):
    answer = client.get("/healthz", headers={"host": "10.0.0.7"})
    assert (answer.status_code, answer.content, answer.headers["Cache-Control"]) == (200, b"ok\n", "no-store")
    assert answer.headers["X-Content-Type-Options"] == "nosniff" and not answer.cookies


def test_health_is_asked_without_tls_where_pages_are_not(settings, client):
    settings.SECURE_SSL_REDIRECT = True
    assert (client.get("/healthz").status_code, client.get("/account/login/").status_code) == (200, 301)


def test_all_is_well_where_everything_is_and_each_lateness_is_told_by_its_name(asked, db, now, district):
    Lease.objects.create(name="journal.tell", taken_at=now - timedelta(seconds=50))
    chain_events(at=now)
    fine = dict.fromkeys(["database", "migrations", "clock", "scheduler", "telling", "chaining", "folding"], "ok")
    assert asked("database") == fine
    assert asked("cache") | asked("broker") == {"cache": "ok", "broker": "ok"}
    record("x", subject="x", subject_id=1, by=None, at=now - AN_HOUR, tell=[district.secretary], text="Đã duyệt")
    Lease.objects.update(taken_at=now + AN_HOUR)
    assert asked("database") == fine | dict.fromkeys(["scheduler", "telling", "chaining"], "late")


def test_a_migration_that_did_not_run_is_missed(asked, db):
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM django_migrations WHERE app = 'journal'")
    assert asked("database")["migrations"] == "late"


def test_a_cache_and_a_broker_that_are_away_are_told_so(asked, settings):
    nobody = "redis://127.0.0.1:1/0"
    settings.CACHES = {"default": {"BACKEND": "portal.cache.ForgivingRedisCache", "LOCATION": nobody}}
    settings.REDIS_URL = settings.CELERY_BROKER_URL = nobody
    assert asked("cache") | asked("broker") == {"cache": "late", "broker": "away"}


def test_what_is_not_ready_is_one_line(db, client, caplog):
    with caplog.at_level("INFO"):
        assert client.get("/readyz").status_code == 503
    told = [(record.name, record.levelname) for record in caplog.records if record.name != "portal.cache"]
    assert told == [("portal.operating.requests", "WARNING")]


def test_a_dead_server_holds_nobody_longer_than_two_seconds_and_is_asked_once(monkeypatch, settings, client, now):
    wakes, asks = threading.Event(), []

    def dead(at):
        asks.append(at)
        wakes.wait(10)
        return 0

    checks = (health.Check("database", "database", dead, 0, "", for_pages=True),)
    checks += (health.Check("cache", "cache", lambda at: 0, 0, ""),)
    monkeypatch.setattr(health, "CHECKS", checks)
    monkeypatch.setattr(health, "WITHIN", 0.2)
    monkeypatch.setattr(health, "FRESH", 0)
    monkeypatch.setattr(health, "_asking", health._Asking())
    settings.METRICS_TOKEN = TOKEN
    told = [client.get("/readyz") for _ in range(3)]
    in_full = client.get("/readyz", headers=SHOWN).json()["checks"]["database"]
    wakes.set()
    assert [(one.status_code, json.loads(one.content)) for one in told] == [
        (503, {"ready": False, "checks": {"database": "away", "cache": "ok"}})
    ] * 3
    assert (in_full["state"], in_full["failure"], len(asks)) == ("away", "no answer in time", 1)
    assert client.get("/readyz?pages").json()["checks"].keys() == {"database"}


@pytest.mark.parametrize("headers", [{}, {"Authorization": "Bearer wrong"}, {"Authorization": "Bearer "}])
@pytest.mark.parametrize("configured", [TOKEN, ""])
def test_without_the_token_there_are_no_metrics(db, settings, headers, configured):
    settings.METRICS_TOKEN = configured
    assert Client().get("/metrics", headers=headers).status_code == 404


def test_a_method_nobody_knows_counts_as_one_of_many(db, settings, tmp_path):
    settings.METRICS_TOKEN = TOKEN
    for method in ("GET", "BREW", "WHEN"):
        Client().generic(method, "/robots.txt")
    counted = _told(Client().get("/metrics", headers=SHOWN).content.decode())
    methods = {
        name.split('method="')[1].split('"')[0] for name in counted if 'page="robots"' in name and "method" in name
    }
    assert methods == {"GET", "other"}


def _told(text: str) -> dict[str, float]:
    return {name: float(value) for name, value in re.findall(r"^(portal_[^ ]+) ([^ ]+)$", text, re.MULTILINE)}


@pytest.mark.parametrize("rows", [1, 30])
def test_every_gauge_is_one_query_however_much_waits(rows, district, now, django_assert_num_queries):
    chain_events(at=now)
    for number in range(rows):
        start_job("tests.work", title="x", arguments={}, owner=None, at=now - AN_HOUR)
        record("x", subject="x", subject_id=1, by=None, at=now - AN_HOUR, tell=[district.secretary], text="x")
        SignInAttempts.objects.create(key=str(number), failures=2, last_at=now)
        Session.objects.create(
            session_key=str(number), expire_date=now + AN_HOUR, person=district.clerk, began_at=now, seen_at=now
        )
        Digest.objects.create(
            recipient=district.clerk, day=now.date() - timedelta(days=number), made_at=now, mail="waiting"
        )
        record("figures.differed", subject="figures", subject_id=None, by=None, at=now)
    Job.objects.filter(pk=Job.objects.first().pk).update(state="failed")
    # The chain is asked how far it is before what is outside of it, and migrations whether there is a table of them.
    with django_assert_num_queries(19):
        told = _told(gauges.exposition(now))
    assert told['portal_jobs{task="tests.work",state="failed"}'] == 1
    assert told.get('portal_jobs{task="tests.work",state="waiting"}', 0) == rows - 1
    assert (told["portal_failed_sign_ins"], told["portal_people_signed_in"]) == (2 * rows, 1)
    assert told["portal_telling_lag_seconds"] == told["portal_chaining_lag_seconds"] == 3600
    assert (told["portal_mails_waiting"], told['portal_proofs{outcome="differed"}']) == (rows, rows)
    assert told["portal_disk_free_bytes"] > 0 and told["portal_migrations_missing"] == 0


def test_requests_are_counted_by_page_and_never_by_what_was_typed(db, settings, tmp_path, client, now):
    settings.METRICS_TOKEN, settings.VAR_DIR = TOKEN, tmp_path
    for one in (counting._counters, counting._seat, counting._folder):
        one.cache_clear()
    client.get("/account/login/", {"name": "Kín"})
    client.get("/Kín/")
    answer = client.get("/metrics", headers=SHOWN)
    told = _told(answer.content.decode())
    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert told['portal_requests_total{method="GET",page="account_login",status="200"}'] == 1
    assert told['portal_requests_total{method="GET",page="",status="404"}'] == 1
    assert told['portal_request_seconds_count{page="account_login"}'] == 1
    assert "Kín" not in answer.content.decode()
