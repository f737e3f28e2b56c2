"""Two hundred signed-in people on the morning of the last day of a quarter, and what each of them does, over and over.

A script yields what its person asks and is sent the answer, as a browser is; it never ends by itself.
"""

import datetime as dt
import re
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from django.db.models import Count
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart
from django.urls import reverse
from django.utils import timezone

from models_registry.models import WorkItem
from organizations import services
from organizations.models import Person, Post, Unit
from tests.bench.data import signed_in
from tests.pictures import photo

# Of 200: 70 % report, 20 % read lists, 5 % decide, 5 % look at dashboards.
SECRETARIES, READERS, HEADS, LEADERS = 140, 40, 10, 10
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Ask:
    """One request of a script; `writes` names the row that is to stand, and to stand once, where it is acknowledged."""

    name: str
    method: str
    path: str
    body: bytes = b""
    kind: str = FORM
    expect: int = 200
    writes: tuple[str, int] | None = None


@dataclass(frozen=True, slots=True)
class Somebody:
    seat: tuple[str, str]  # cookie header and CSRF token
    script: Callable[[], Iterator[Ask]]


def asking_the_yardstick() -> Iterator[Ask]:
    while True:
        yield Ask("the yardstick", "GET", "/yardstick/")


BARE = Somebody(("", ""), asking_the_yardstick)


def gather(made, quarter) -> list[Somebody]:
    """Write the people and return them; `made` is the bench's province with its dossiers and its works of this year."""
    now = timezone.now()
    heads = _seated("load-head", [(made.board, "head")] * HEADS, now)
    leaders = _seated("load-leader", [(made.province, "leader")] * LEADERS, now)
    readers = _seated("load-reader", [(made.board, "appraiser"), (made.province, "leader")] * (READERS // 2), now)
    cells = _cells_with_works()
    secretaries = _seated("load-secretary", [(cell, "secretary") for cell in cells], now)
    decided = [*made.to_decide, *made.bulks[0], *made.bulks[1]]
    works = _open_works(cells)
    district = Unit.objects.below(made.province).filter(kind=Unit.Kind.DISTRICT_COMMITTEE).earliest("path")
    picture = photo(1600, 1200, noise=True, quality=30)
    return [
        *(_somebody(who, reporting, works[cell.pk], picture) for who, cell in zip(secretaries, cells, strict=True)),
        *(_somebody(who, reading, number % 2 == 0) for number, who in enumerate(readers)),
        *(_somebody(who, deciding, made, decided[number::HEADS]) for number, who in enumerate(heads)),
        *(_somebody(who, looking, made.province, district, quarter) for who in leaders),
    ]


def _somebody(person: Person, script, *arguments) -> Somebody:
    return Somebody(signed_in(person), lambda: script(*arguments))


def _seated(name: str, seats: list[tuple[Unit, str]], now) -> list[Person]:
    people = []
    for number, (unit, role) in enumerate(seats):
        person = services.add_person(username=f"{name}-{number}", full_name=f"Người {name} {number}", by=None, at=now)
        services.give_post(person, unit=unit, role=role, starts_at=now - dt.timedelta(days=1), by=None, at=now)
        people.append(person)
    return people


def _cells_with_works() -> list[Unit]:
    """Return the cells without a secretary that have the most works of this year under way."""
    led = Post.objects.filter(role="secretary").values("unit")
    works = WorkItem.objects.filter(year=timezone.localdate().year, state="in_progress", unit__kind=Unit.Kind.CELL)
    counted = works.exclude(unit__in=led).values("unit").annotate(count=Count("pk")).order_by("-count", "unit")
    chosen = [row["unit"] for row in counted[:SECRETARIES]]
    return sorted(Unit.objects.filter(pk__in=chosen), key=lambda unit: chosen.index(unit.pk))


def _open_works(cells: list[Unit]) -> dict[int, list[int]]:
    """Return the works of this year under way by unit."""
    found = defaultdict(list)
    open_works = WorkItem.objects.filter(unit__in=cells, year=timezone.localdate().year, state="in_progress")
    for unit, pk in open_works.order_by("pk").values_list("unit", "pk"):
        found[unit].append(pk)
    return found


def reporting(works: list[int], picture: bytes) -> Iterator[Ask]:
    """Report the own works: every second one done, with a photo; of the others, how far they are."""
    works, turn = list(works), 0
    while True:
        yield Ask("a secretary's home", "GET", "/")
        yield Ask("the own works", "GET", reverse("progress:items") + "?state=in_progress")
        turn += 1
        ends = turn % 2 and len(works) > 1
        pk = works.pop(0) if ends else works[-1]
        yield Ask("a work", "GET", reverse("progress:item", args=[pk]))
        address = reverse("progress:report" if ends else "progress:tell_progress", args=[pk])
        form = yield Ask("the form of a report", "GET", address)
        yield from _sent(address, form, pk, picture if ends else None)
        yield Ask("a work", "GET", reverse("progress:item", args=[pk]))


def _sent(address: str, form: bytes, pk: int, picture: bytes | None) -> Iterator[Ask]:
    typed = {"result": "Đã dọn ba tuyến đường, có biên bản và ảnh.", **_hidden(form)}
    if picture is None:
        body = urlencode(typed).encode()
        yield Ask("progress told", "POST", address, body, expect=302, writes=("workitem.tell_progress", pk))
        return
    typed |= {"completed_on": f"{timezone.localdate():%d/%m/%Y}", "files": _file(picture)}
    body = encode_multipart(BOUNDARY, typed)
    yield Ask("a report with a photo", "POST", address, body, MULTIPART_CONTENT, 302, ("workitem.report", pk))


def _file(picture: bytes):
    from django.core.files.uploadedfile import SimpleUploadedFile

    return SimpleUploadedFile("anh.jpg", picture, "image/jpeg")


def _hidden(form: bytes) -> dict[str, str]:
    """Return what the first form of a page with a token carries beside what is typed."""
    pairs = re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', form.decode())
    return {name: unescape(value) for name, value in pairs if name != "csrfmiddlewaretoken"}


def reading(appraises: bool) -> Iterator[Ask]:
    """Go through the lists, filter them, and search."""
    items, queue, found = reverse("progress:items"), reverse("reviews:queue"), reverse("models_registry:search")
    year = timezone.localdate().year
    lists = {
        "list of works": f"{items}?year={year}&kind=IND&sort=-due",
        "list of works, searched": f"{items}?{urlencode({'q': 'to bao ve moi truong'})}",
    }
    if appraises:
        lists |= {
            "board queue": f"{queue}?kind=registration_sheet&sort=-submitted",
            "board queue, searched": f"{queue}?{urlencode({'q': 'to bao ve moi truong'})}",
        }
    lists["search for models"] = f"{found}?{urlencode({'q': 'tuyến đường hoa'})}"
    while True:
        for name, path in lists.items():
            yield Ask(name, "GET", path)


def deciding(made, dossiers: list) -> Iterator[Ask]:
    """Open what is proposed, one by one, and approve it."""
    queue = reverse("reviews:queue")
    for dossier in dossiers:
        yield Ask("board queue", "GET", queue)
        yield Ask("an appraisal", "GET", reverse("reviews:appraise", args=[dossier.pk]))
        body = urlencode({"edition": dossier.edition, "proposed_at": made.proposed_at.isoformat()}).encode()
        address = reverse("reviews:approve", args=[dossier.pk])
        yield Ask("a decision", "POST", address, body, expect=302, writes=("dossier.approve", dossier.pk))
    while True:
        yield Ask("board queue", "GET", queue)


def looking(province: Unit, district: Unit, quarter) -> Iterator[Ask]:
    """Walk down the figures of the running quarter."""
    asked = f"?quarter={quarter}"
    while True:
        yield Ask("a leader's home", "GET", "/")
        for name, unit in (("dashboard of the province", province), ("drill-down to a district", district)):
            yield Ask(name, "GET", reverse("dashboards:unit", args=[unit.pk]) + asked)
        ranking = reverse("dashboards:ranking", args=[province.pk]) + f"{asked}&rate=r2&unit_kind=cell"
        yield Ask("ranking of 10.000 cells", "GET", ranking)
