from django.utils import timezone

from completion.quarters import Quarter
from completion.services import compute_provisional
from organizations.models import Unit


def with_figures(world, unit):
    """The unit, in a tree whose present quarter is computed."""
    root, now = Unit.objects.get(pk=int(unit.path[:8])), timezone.now()
    compute_provisional(root, Quarter.of(now), at=now)
    return {"pk": unit.pk}


NAMES = (
    "unit",
    "children",
    "rhythm",
    "passport",
    "bridge",
    "items",
    "ranking",
    "missing",
    "shared",
    "waiting",
    "regrouped",
    "regrouped_passport",
    "regrouped_items",
)
OBJECTS = (
    {f"dashboards:{name}": with_figures for name in (*NAMES, "bridge_step", "passport_paper", "regrouped_paper")}
    | {
        f"dashboards:{name}": lambda world, unit: with_figures(world, unit) | {"form": "csv"}
        for name in ("export", "regrouped_file")
    }
    | {"dashboards:picture": lambda world, unit: with_figures(world, unit) | {"name": "trend"}}
)
OBJECTS["dashboards:years"] = lambda world, unit: {"pk": unit.pk}
ROWS = (
    """
# url               method place    ano sec dep cle com app hea lea adm non
dashboards:start    GET    -        302 302 302 403 302 302 302 302 403 403
dashboards:start    POST   -        302 405*
"""
    + "".join(
        f"""
dashboards:{name}   GET    own      302 200 200 403 200 200 200 200 403 403
dashboards:{name}   GET    child    302 404 404 403 200 200 200 200 403 403
dashboards:{name}   GET    foreign  302 404 404 403 404 404 404 404 403 403
dashboards:{name}   POST   any      302 405*
"""
        for name in (*NAMES, "export", "regrouped_file", "picture")
    )
    + """
dashboards:years  GET   own      302 200 200 403 200 200 200 200 403 403
dashboards:years  GET   child    302 404 404 403 200 200 200 200 403 403
dashboards:years  GET   foreign  302 404 404 403 404 404 404 404 403 403
dashboards:years  POST  any      302 405*
# A single revision has nothing to be compared with: no step of a bridge to open.
dashboards:bridge_step  GET   own      302 404 404 403 404 404 404 404 403 403
dashboards:bridge_step  GET   child    302 404 404 403 404 404 404 404 403 403
dashboards:bridge_step  GET   foreign  302 404 404 403 404 404 404 404 403 403
dashboards:bridge_step  POST  any      302 405*
# A job is begun.
dashboards:passport_paper  GET   any      302 405*
dashboards:passport_paper  POST  own      302 302 302 403 302 302 302 302 403 403
dashboards:passport_paper  POST  child    302 404 404 403 302 302 302 302 403 403
dashboards:passport_paper  POST  foreign  302 404 404 403 404 404 404 404 403 403
dashboards:regrouped_paper  GET   any      302 405*
dashboards:regrouped_paper  POST  own      302 302 302 403 302 302 302 302 403 403
dashboards:regrouped_paper  POST  child    302 404 404 403 302 302 302 302 403 403
dashboards:regrouped_paper  POST  foreign  302 404 404 403 404 404 404 404 403 403
"""
)
