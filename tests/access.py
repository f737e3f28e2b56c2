'''The access table: every URL × role × place → status, written out by hand, one file an app and more where it grows:
tests/<app>/access*.py.

How to add yours in five minutes. Write `tests/<app>/access.py` with:

    OBJECTS = {
        # how to make (or find) the thing the URL shows, standing at `unit`; returns the URL's kwargs
        "registry:dossier": lambda world, unit: {"pk": a_dossier_of(unit, world).pk},
    }
    DATA = {
        # only where an empty POST would not do; a dict, or a function of (world, unit)
        "registry:submit": {"edition": "1"},
    }
    ROWS = """
    # url               method place    ano sec dep cle com app hea lea adm non
    registry:dossiers   GET    -        302 200 200 200 403 403 403 403 403 403
    registry:dossiers   POST   -        302 405*
    registry:dossier    GET    own      302 200 200 200 200 404 404 200 404 404
    registry:dossier    GET    child    302 404 404 404 200 200 200 200 404 404
    registry:dossier    GET    foreign  302 404*
    registry:dossier    POST   any      302 405*
    """

`pytest tests/test_access.py -k registry` runs only yours.

Statuses stand in the order of ROLES. `405*` means "405 for every role from here on"; a single `200*` is the same for
all. Place: `-` for a URL without arguments; `own`, `child`, `foreign` for one with (all three, for GET and for POST),
or `any` for the three alike. A POST is sent empty unless DATA says otherwise: 422 is then "was allowed, form invalid".

The world holds two districts, A and B, alike: top > (board, commune > cell > subcell). Every person acts in A:
secretary, deputy, clerk at the cell (child: subcell); committee at the commune (child: cell); appraiser, head at the
board (child: the cell it appraises); leader, administrator at top (child: cell); "no_post" is signed in without a post
and is asked about the secretary's places. `foreign` is B's cell. `world.a.cell`, `world.b.board`, … are units,
`world.people["secretary"]` the person acting; `world.b_people["secretary"]` the twin in B, for making foreign objects.
What one role's request changes is rolled back before the next role asks.
'''

import importlib
from dataclasses import dataclass
from pathlib import Path
from types import SimpleNamespace

from django.urls import URLPattern, URLResolver, get_resolver

from organizations.models import Unit
from tests import factories

# URLs that belong to no app of ours, and why each needs no row.
ALLOWED = {
    "set_language": "Django's own; sets a cookie for anybody, shows nothing.",
}

ROLES = (
    "anonymous",
    "secretary",
    "deputy",
    "clerk",
    "committee",
    "appraiser",
    "head",
    "leader",
    "administrator",
    "no_post",
)
PLACES = ("own", "child", "foreign")
SEATS = {
    "secretary": ("cell", "subcell"),
    "deputy": ("cell", "subcell"),
    "clerk": ("cell", "subcell"),
    "committee": ("commune", "cell"),
    "appraiser": ("board", "cell"),
    "head": ("board", "cell"),
    "leader": ("top", "cell"),
    "administrator": ("top", "cell"),
    "anonymous": ("cell", "subcell"),
    "no_post": ("cell", "subcell"),
}


@dataclass(frozen=True, slots=True)
class Row:
    url: str
    method: str
    place: str
    statuses: tuple[int, ...]


def parse(text: str) -> list[Row]:
    """Return the rows of one table; raises ValueError naming the line that cannot be read."""
    rows = []
    for line in text.strip().splitlines():
        words = line.split("#")[0].split()
        if not words:
            continue
        try:
            url, method, place, *statuses = words
            if method not in ("GET", "POST") or place not in ("-", "any", *PLACES):
                raise ValueError(line)
            rows += [Row(url, method, at, _spread(statuses)) for at in (PLACES if place == "any" else [place])]
        except ValueError as error:
            raise ValueError(f"access table: {line.strip()}") from error
    return rows


def _spread(statuses: list[str]) -> tuple[int, ...]:
    *first, last = statuses
    if last.endswith("*"):
        first += [last[:-1]] * (len(ROLES) - len(first))
    else:
        first.append(last)
    if len(first) != len(ROLES):
        raise ValueError(statuses)
    return tuple(int(status) for status in first)


def tables() -> SimpleNamespace:
    """Return `rows`, `objects` and `data` of all apps, and `apps`, those that have a table."""
    found = SimpleNamespace(rows=[], objects={}, data={}, apps=set())
    for path in sorted(Path(__file__).parent.glob("*/access*.py")):
        module = importlib.import_module(f"tests.{path.parent.name}.{path.stem}")
        found.apps.add(path.parent.name)
        found.rows += parse(module.ROWS)
        found.objects |= getattr(module, "OBJECTS", {})
        found.data |= getattr(module, "DATA", {})
    return found


def urls(resolver=None, namespace="") -> dict[str, bool]:
    """Return {qualified name: whether the URL takes arguments} of the whole project; unnamed ones by their route."""
    found = {}
    for pattern in (resolver or get_resolver()).url_patterns:
        if isinstance(pattern, URLResolver):
            inner = f"{namespace}{pattern.namespace}:" if pattern.namespace else namespace
            found |= urls(pattern, inner)
        elif isinstance(pattern, URLPattern):
            found[namespace + (pattern.name or f"unnamed {pattern.pattern}")] = bool(
                pattern.pattern.converters or pattern.pattern.regex.groups
            )
    return found


def build_world() -> SimpleNamespace:
    """Return two districts alike, `a` and `b` (units), and the people acting in each, by role."""
    a, b = units("A"), units("B")
    return SimpleNamespace(a=a, b=b, people=people_in(a), b_people=people_in(b))


def units(letter: str, province: Unit | None = None) -> SimpleNamespace:
    kind = Unit.Kind
    top = factories.unit(f"Huyện ủy {letter}", kind.DISTRICT_COMMITTEE, province)
    board = factories.unit(f"Ban Tuyên giáo {letter}", kind.ADVISORY_BODY, top)
    factories.services.let_appraise(board, top, valid_from=factories.FOUNDED, by=None, at=factories.AT)
    commune = factories.unit(f"Đảng ủy xã {letter}", kind.GRASSROOTS_COMMITTEE, top)
    cell = factories.unit(f"Chi bộ {letter}", kind.CELL, commune)
    subcell = factories.unit(f"Tổ {letter}", kind.CELL, cell)
    return SimpleNamespace(top=top, board=board, commune=commune, cell=cell, subcell=subcell)


def people_in(units: SimpleNamespace) -> dict:
    seated = [role for role in ROLES if role not in ("anonymous", "no_post")]
    people = factories.people({role: (getattr(units, SEATS[role][0]), "Người mẫu") for role in seated}, password=None)
    return people | {"no_post": factories.person(password=None)}


def unit_at(world: SimpleNamespace, role: str, place: str) -> Unit:
    """Return the unit that is this role's own, child or foreign one."""
    if place == "foreign":
        return world.b.cell
    return getattr(world.a, SEATS[role][PLACES.index(place)])
