"""The rows the signals against formalism are found in, of one board and year (progress/formalism.py judges them)."""

from collections import defaultdict
from collections.abc import Collection, Iterator
from datetime import datetime

from django.db.models import Count, F, Q
from django.utils.timezone import localdate

from models_registry.models import Attachment, Dossier, WorkItem
from models_registry.queries.advice import GONE
from organizations.models import Unit
from organizations.paths import STEP, path_end
from progress.formalism import Asked, Completion, FileUse
from progress.models import ChangeRequest, Evidence, Fact
from reviews.queries.queue import AT_THE_BOARD

CHUNK = 2000


def dossiers_at(body: int, *, since: datetime | None = None):
    """Return the dossiers a board appraises now; with `since` those sent after that instant alone."""
    found = Dossier.objects.filter(body=body, state__in=AT_THE_BOARD).select_related("unit")
    return found.filter(submitted_at__gte=since) if since else found


def shared_files(body: int, *, since: datetime | None = None) -> Iterator[list[FileUse]]:
    """Yield the uses, in the whole tree, of each file of a board that stands at several places; with `since` of those
    added after alone.

    A few queries, and three more for each thousand files.
    """
    root = Unit.objects.values_list("path", flat=True).get(pk=body)[:STEP]
    digests = sorted(_held_twice(body, root, since))
    for start in range(0, len(digests), 1000):
        uses, some = defaultdict(list), digests[start : start + 1000]
        for use in [*_evidence(body, root, some), *_attached(body, root, some)]:
            uses[use.digest].append(use)
        yield from uses.values()


def _held_twice(body: int, root: str, since: datetime | None) -> set[str]:
    evidence, attached = _evidence_under(root).order_by(), _attached_under(root).order_by()
    here = [evidence.filter(report__item__dossier__body=body), attached.filter(dossier__body=body)]
    if since:
        lately = here[0].filter(report__reported_at__gte=since).values_list("digest", flat=True)
        return {*lately, *here[1].filter(dossier__submitted_at__gte=since).values_list("digest", flat=True)}
    mine = Q(digest__in=here[0].values("digest")) | Q(digest__in=here[1].values("digest"))
    several = [
        rows.filter(mine).values("digest").annotate(n=Count("pk")).filter(n__gt=1) for rows in (evidence, attached)
    ]
    both = evidence.filter(mine, digest__in=attached.values("digest")).values_list("digest", flat=True)
    return {*both, *(digest for rows in several for digest in rows.values_list("digest", flat=True))}


def _evidence_under(root: str):
    sent = Evidence.objects.filter(report__reported_at__isnull=False, report__item__dossier__isnull=False)
    return sent.filter(_under(root, "report__item__unit")).exclude(digest="")


def _attached_under(root: str):
    """Files sent with dossiers; scans of the signed paper prove nothing else."""
    sent = Attachment.objects.filter(_under(root, "dossier__unit"), added_at__lte=F("dossier__submitted_at"))
    return sent.filter(signed_version__isnull=True).exclude(Q(digest="") | Q(dossier__state__in=GONE))


def _under(root: str, unit: str) -> Q:
    return Q(**{f"{unit}__path__gte": root, f"{unit}__path__lt": path_end(root)})


def _evidence(body: int, root: str, digests: Collection[str]) -> Iterator[FileUse]:
    rows = (
        _evidence_under(root)
        .filter(digest__in=digests)
        .order_by()
        .values_list(
            "digest",
            "report__item__unit",
            "report__reported_at",
            "name",
            "report__item",
            "report__item__carried_from",
            "report__item__dossier",
            "report__item__dossier__body",
        )
    )
    rows = list(rows)
    kin = _kin(row[-2] for row in rows)
    for digest, unit, at, name, item, source, dossier, of in rows:
        yield FileUse(digest, unit, at, name, item=item, source=source, kin=kin[dossier], here=of == body)


def _attached(body: int, root: str, digests: Collection[str]) -> Iterator[FileUse]:
    rows = _attached_under(root).filter(digest__in=digests).order_by()
    rows = list(rows.values_list("digest", "dossier__unit", "added_at", "name", "dossier", "dossier__body"))
    kin = _kin(row[-2] for row in rows)
    for digest, unit, at, name, dossier, of in rows:
        yield FileUse(digest, unit, at, name, dossier=dossier, kin=kin[dossier], here=of == body)


def _kin(dossiers) -> dict[int, frozenset[int]]:
    """Return {dossier: units that share it, and whose model it carries on}; one query."""
    kin = defaultdict(set)
    shared = Dossier.objects.filter(pk__in={*dossiers}).values_list("pk", "co_units", "copied_from__unit")
    for pk, along, source in shared.order_by():
        kin[pk] |= {along, source} - {None}
    return defaultdict(frozenset, {pk: frozenset(units) for pk, units in kin.items()})


def confirmations(body: int, year: int) -> Iterator[tuple[int, list[tuple]]]:
    """Yield (person, [(instant, fact, item, unit, its path)]) of what each confirmed of a year's works, in order."""
    rows = Fact.objects.filter(kind=Fact.Kind.CONFIRMED, item__year=year, item__dossier__body=body, imported=False)
    rows = rows.filter(by__isnull=False).order_by("by", "at", "id")
    by, found = None, []
    fields = ("by", "at", "pk", "item", "item__unit", "item__unit__path")
    for person, *told in rows.values_list(*fields).iterator(chunk_size=CHUNK):
        if person != by and found:
            yield by, found
            found = []
        by = person
        found.append(tuple(told))
    if found:
        yield by, found


def completions(body: int, year: int) -> Iterator[Completion]:
    """Yield the works of a year that units say are completed; ongoing ones end when they end."""
    rows = WorkItem.objects.filter(dossier__body=body, year=year, completed_on__isnull=False, ongoing=False)
    rows = rows.filter(imported=False, excluded_at__isnull=True).order_by("unit", "completed_on", "id")
    fields = ("pk", "unit", "completed_on", "due_in_force")
    yield from (Completion(*row) for row in rows.values_list(*fields).iterator(chunk_size=CHUNK))


def exclusions_asked(body: int, year: int) -> Iterator[Asked]:
    """Yield the requests to exclude works of a year that wait or were granted."""
    rows = ChangeRequest.objects.filter(kind=ChangeRequest.Kind.EXCLUDE, item__dossier__body=body, item__year=year)
    rows = rows.filter(outcome__in=("", ChangeRequest.Outcome.GRANTED)).order_by("asked_at")
    fields = ("item", "item__unit", "asked_at", "item__due_in_force")
    for item, unit, at, due in rows.values_list(*fields).iterator(chunk_size=CHUNK):
        yield Asked(item, unit, localdate(at), due, at)
