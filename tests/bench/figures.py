"""The leaders' screens of the figures: the same pages for the bench of a province and for that of the nation."""

import itertools
from urllib.parse import urlencode

from django.urls import reverse

from organizations.models import Unit
from tests.bench.copies import YEAR

LIMIT = 4  # yardsticks
BRIDGE = 12  # of a province, once it is kept: the first who asks has it worked out
QUARTER = {"quarter": f"{YEAR}-Q4"}


def figure_pages(province: Unit, seat: tuple[str, str]) -> list:
    """Return what `measure.compare` asks: the province's screens, and one told without a limit."""
    from tests.bench.pages import Page

    district = Unit.objects.below(province).filter(kind=Unit.Kind.DISTRICT_COMMITTEE).earliest("path")
    whole, of_cells = {"rate": "r2", "kind": "ALL"}, {"rate": "r2", "unit_kind": "cell"}
    asked = [
        ("dashboard of the province", LIMIT, "unit", province, {}),
        ("drill-down to a district", LIMIT, "unit", district, {}),
        ("eight quarters of a rate, the trend", LIMIT, "unit", province, whole),
        ("ranking of 10.000 cells", LIMIT, "ranking", province, of_cells),
        ("a figure's passport", None, "passport", province, {"rate": "r1"}),
        ("bridge between two quarters", BRIDGE, "bridge", province, {"rate": "r2"}),
    ]
    return [
        Page(name, limit, seat, _again(f"{reverse(f'dashboards:{page}', args=[unit.pk])}?{urlencode(QUARTER | more)}"))
        for name, limit, page, unit, more in asked
    ]


def _again(address: str):
    return lambda: itertools.repeat(("GET", address, "", None))
