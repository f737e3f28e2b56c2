"""The pages measured, who asks for them, and how many yardsticks each may cost."""

import itertools
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from html import unescape
from urllib.parse import urlencode

from django.test import Client as TestClient
from django.urls import reverse

from tests.bench.data import signed_in
from tests.bench.figures import figure_pages


@dataclass(frozen=True, slots=True)
class Page:
    """`requests()` yields (method, address, body, signed-in pair or None for the page's own) for ever."""

    name: str
    limit: float | None
    signed_in: tuple[str, str]
    requests: Callable[[], Iterator[tuple]]
    expect: int = 200


def pages(made) -> list[Page]:
    """Return every page of the table; `made` is what `data.prepare` returned."""
    seats = {role: signed_in(person) for role, person in made.people.items()}
    items, queue = reverse("progress:items"), reverse("reviews:queue")
    of_2023 = f"{items}?year=2023&kind=IND&sort=-due"
    search = urlencode({"q": "to bao ve moi truong"})

    found = reverse("models_registry:search")
    typed = urlencode({"q": "tổ bảo vệ môi trường"})

    def get(name, limit, role, address):
        return Page(name, limit, seats[role], lambda: itertools.repeat(("GET", address, "", None)))

    return [
        get("item list, filtered and sorted", 4, "leader", of_2023),
        get("item list, 40 pages deep", 4, "leader", deep(made.people["leader"], of_2023, 40)),
        get("item list, searched", 6, "leader", f"{items}?{search}"),
        get("board queue", 4, "appraiser", f"{queue}?kind=registration_sheet&sort=-submitted"),
        get("board queue, page 100", 4, "appraiser", f"{queue}?page=100"),
        get("board queue, searched", 6, "appraiser", f"{queue}?{search}"),
        get("search, models, marks typed", 20, "leader", f"{found}?{typed}"),
        get("search, works, marks typed", 16, "leader", f"{found}?in=works&{typed}"),
        get("search, works, rare words", 8, "leader", f"{found}?in=works&{urlencode({'q': 'to 6 so 1404'})}"),
        get("the showcase, 400 models by votes", 11, "secretary", f"{reverse('models_registry:showcase')}?sort=votes"),
        get("a dossier", 3, "appraiser", reverse("models_registry:dossier", args=[made.model.pk])),
        get("an appraisal", 3, "appraiser", reverse("reviews:appraise", args=[made.model.pk])),
        get("the form, one step", 5, "secretary", reverse("models_registry:step", args=[made.written.pk, "contents"])),
        Page("submit", 4, seats["secretary"], lambda: submissions(made), expect=302),
        Page("a decision", 3, seats["head"], lambda: decisions(made), expect=302),
        *figure_pages(made.province, seats["leader"]),
        get("a secretary's home", 4, "secretary", "/"),
        get("a leader's home", 4, "leader", "/"),
    ]


def deep(person, address: str, depth: int) -> str:
    """Return the address reached by following "next" so many times."""
    client = TestClient(headers={"host": "127.0.0.1"})
    client.force_login(person)
    path = address.split("?")[0]
    for _ in range(depth):
        page = client.get(address).content.decode()
        address = path + unescape(re.search(r'rel="next"\s+href="([^"]+)"', page)[1])
    return address


def submissions(made) -> Iterator[tuple]:
    for dossier, secretary in made.drafts:
        address = reverse("models_registry:check", args=[dossier.pk])
        yield "POST", address, urlencode({"edition": dossier.edition}), signed_in(secretary)


def decisions(made) -> Iterator[tuple]:
    for dossier in made.to_decide:
        body = urlencode({"edition": dossier.edition, "proposed_at": made.proposed_at.isoformat()})
        yield "POST", reverse("reviews:approve", args=[dossier.pk]), body, None
