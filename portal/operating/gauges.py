"""The portal's own gauges: how much waits and how old it is. Each row is asked anew at every scrape, in one query."""

import shutil
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Min, Q, Sum
from django.utils.timezone import localdate
from redis.exceptions import RedisError

from completion.models import Period
from completion.queries.proofs import OUTCOMES
from journal.models import Digest, Event, Job
from models_registry.models import ItemChange, Turn
from models_registry.models.files import StoredFile
from organizations.models import Session, SignInAttempts
from portal.backups.queries import backup_age_seconds, trial_age_seconds
from portal.operating import measures

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
# A proof runs every night; one of the night before last is none.
PROVED = timedelta(hours=36)
MOST_COUNTED = 100_000

Sample = tuple[dict[str, str], float]


@dataclass(frozen=True, slots=True)
class Gauge:
    name: str
    help: str
    samples: Callable[[datetime], Iterable[Sample]]


def plain(measure: Callable[[datetime], float | None]) -> Callable[[datetime], Iterable[Sample]]:
    """Return the samples of a gauge that is one number; none where there is nothing to measure."""

    def samples(at: datetime) -> Iterable[Sample]:
        value = measure(at)
        return [] if value is None else [({}, value)]

    return samples


def jobs(at: datetime) -> Iterable[Sample]:
    """Yield how many jobs wait, run, or failed within a day, by the work they do."""
    lately = Q(state=Job.State.FAILED, created_at__gte=at - DAY)
    found = Job.objects.order_by().filter(Q(state__in=[Job.State.WAITING, Job.State.RUNNING]) | lately)
    for task, state, number in found.values_list("task", "state").annotate(Count("pk")):
        yield {"task": task, "state": state}, number


def queues(at: datetime) -> Iterable[Sample]:
    """Yield how many messages wait in each queue; nothing while Redis is away, which /readyz tells."""
    if not settings.REDIS_URL:
        return
    with suppress(RedisError), measures.broker() as redis:
        for queue in settings.CELERY_TASK_QUEUES:
            yield {"queue": queue.name}, redis.llen(queue.name)


def oldest_job(at: datetime) -> float:
    first = Job.objects.filter(state=Job.State.WAITING).aggregate(first=Min("created_at"))["first"]
    return (at - first).total_seconds() if first else 0


def over_term(at: datetime) -> Iterable[Sample]:
    late = Turn.objects.late(localdate(at)).order_by().values_list("side").annotate(Count("pk"))
    return [({"side": side}, number) for side, number in late]


def failed_sign_ins(at: datetime) -> float:
    """Attempts of the last hour that no right password has forgiven."""
    return SignInAttempts.objects.filter(last_at__gte=at - HOUR).aggregate(n=Sum("failures"))["n"] or 0


def proofs(at: datetime) -> Iterable[Sample]:
    found = Event.objects.order_by().filter(at__gte=at - PROVED, verb__in=OUTCOMES).values_list("verb")
    return [({"outcome": verb.removeprefix("figures.")}, number) for verb, number in found.annotate(Count("pk"))]


def to_seal(at: datetime) -> float:
    return _some(Period.objects.to_close(at))


def signed_in(at: datetime) -> float:
    living = Session.objects.filter(expire_date__gt=at, person__isnull=False)
    return living.aggregate(n=Count("person", distinct=True))["n"]


def files_waiting(at: datetime) -> float:
    waiting = [kind.objects.filter(held="waiting").order_by().values("pk") for kind in StoredFile.__subclasses__()]
    return waiting[0].union(*waiting[1:], all=True).count()


GAUGES = (
    Gauge("jobs", "Long work waiting, running, or failed within a day.", jobs),
    Gauge("queue_messages", "Messages no worker has taken yet, where Redis holds them.", queues),
    Gauge("job_oldest_waiting_seconds", "Age of the job that waits longest.", plain(oldest_job)),
    Gauge("telling_lag_seconds", "Age of the oldest event nobody was told of yet.", plain(measures.telling_lag)),
    Gauge("chaining_lag_seconds", "Age of the oldest event outside the chain.", plain(measures.chaining_lag)),
    Gauge("folding_lag_seconds", "Age of the oldest change not in the figures.", plain(measures.folding_lag)),
    Gauge("changes_waiting", "Changes not in the figures yet.", plain(lambda at: _some(ItemChange.objects))),
    Gauge("scheduler_age_seconds", "Since the scheduler last sent anything.", plain(measures.scheduler_age)),
    Gauge("turns_over_term", "Dossiers held longer than their term, by who holds them.", over_term),
    Gauge("failed_sign_ins", "Failed attempts to sign in within an hour.", plain(failed_sign_ins)),
    Gauge("people_signed_in", "People with a living sign-in.", plain(signed_in)),
    Gauge("mails_waiting", "Mails not sent yet.", plain(lambda at: _some(Digest.objects.filter(mail="waiting")))),
    Gauge("files_waiting", "Files the antivirus has not looked at, opened by nobody.", plain(files_waiting)),
    Gauge("quarters_to_seal", "Quarters past their closing instant.", plain(to_seal)),
    Gauge("proofs", "Proofs of figures within 36 hours, by outcome; proved is good.", proofs),
    Gauge("backup_age_seconds", "Since the last good backup began; none without one.", plain(backup_age_seconds)),
    Gauge("trial_age_seconds", "Since a backup was last brought back whole.", plain(trial_age_seconds)),
    Gauge("migrations_missing", "Migrations in the code and not in the database.", plain(measures.migrations_missing)),
    Gauge("disk_free_bytes", "Free where files are kept.", plain(lambda at: shutil.disk_usage(settings.VAR_DIR).free)),
)


def exposition(at: datetime) -> str:
    """Return every gauge in the text format of Prometheus, at one query each, whatever there is."""
    return "".join(_told(gauge, gauge.samples(at)) for gauge in GAUGES)


def _told(gauge: Gauge, samples: Iterable[Sample]) -> str:
    name = f"portal_{gauge.name}"
    lines = [f"# HELP {name} {gauge.help}", f"# TYPE {name} gauge"]
    for labels, value in samples:
        words = ",".join(f'{key}="{label}"' for key, label in labels.items())
        lines.append(f"{name}{{{words}}} {value}" if words else f"{name} {value}")
    return "\n".join([*lines, ""])


def _some(found) -> int:
    """Return how many rows there are; past a hundred thousand their exact number says nothing more."""
    return found.order_by()[:MOST_COUNTED].count()
