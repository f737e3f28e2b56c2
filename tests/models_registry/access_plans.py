"""Access to what a board keeps: read by those it serves, written by its head alone."""

from models_registry.models import ResolutionTarget, Shortcoming, SpecialDays
from organizations.models import AppraisalLink, Unit
from tests.models_registry import plans


def _board_of(unit: Unit) -> Unit:
    """Return the body that serves this unit of the access world."""
    return AppraisalLink.objects.get(serves__in=[*unit.ancestor_ids, unit.pk]).body


def _theme(world, unit):
    return {"pk": plans.theme_of(_board_of(unit)).pk}


def _target(world, unit):
    return {
        "pk": ResolutionTarget.objects.create(owner=_board_of(unit), text="Chỉ tiêu", year_from=2026, year_to=2026).pk
    }


def _shortcoming(world, unit):
    return {"pk": Shortcoming.objects.create(owner=_board_of(unit), text="Hạn chế", year=2026).pk}


def _criteria(world, unit):
    return {"pk": plans.criteria_of(_board_of(unit), "practice_model").pk}


def _special_days(world, unit):
    return {"pk": SpecialDays.objects.create(first_on="2030-01-01", last_on="2030-01-01", name="Tết").pk}


def _opened(world, unit):
    return {"pk": plans.round_of(_board_of(unit)).pk}


def _unopened(world, unit):
    return {"pk": plans.round_of(_board_of(unit), opened_at=None).pk}


def _exempted(world, unit):
    opened = plans.round_of(_board_of(unit))
    exempted = {"exempted_at": plans.AT, "exempt_reason": "Đang sắp xếp lại tổ chức"}
    return {"pk": plans.obligation(opened, None, unit=unit, **exempted).pk}


_LINES = {"lines-TOTAL_FORMS": "0", "lines-INITIAL_FORMS": "0"}

OBJECTS = {
    "models_registry:urge": lambda world, unit: {"pk": unit.pk},
    **{f"models_registry:theme{suffix}": _theme for suffix in ("", "_end", "_resume")},
    **{f"models_registry:target{suffix}": _target for suffix in ("", "_end", "_resume")},
    **{f"models_registry:shortcoming{suffix}": _shortcoming for suffix in ("", "_end", "_resume")},
    "models_registry:criterion_set": _criteria,
    "models_registry:criteria_change": _criteria,
    "models_registry:criteria_copy": _criteria,
    "models_registry:criteria_end": _criteria,
    "models_registry:criteria_resume": _criteria,
    "models_registry:round": _opened,
    "models_registry:round_members": _opened,
    "models_registry:round_units": lambda world, unit: _opened(world, unit) | {"unit": unit.pk},
    "models_registry:round_change": _opened,
    "models_registry:round_open": _opened,
    "models_registry:round_extend": _opened,
    "models_registry:calendar_drop": _special_days,
    "models_registry:round_drop": _unopened,
    "models_registry:round_export": _opened,
    "models_registry:round_exempt": _opened,
    "models_registry:exemption_lift": _exempted,
}
DATA = {
    "models_registry:criteria_end": {"edition": "0"},
    "models_registry:criteria_resume": {"edition": "0"},
    **{f"models_registry:{stem}_end": {"edition": "0"} for stem in ("theme", "target", "shortcoming")},
    **{f"models_registry:{stem}_resume": {"edition": "0"} for stem in ("theme", "target", "shortcoming")},
    "models_registry:criteria_add": _LINES,
    "models_registry:criteria_change": _LINES,
    "models_registry:round_drop": {"edition": "0"},
}


def _kept(stem: str, plural: str) -> str:
    return f"""
models_registry:{plural}         GET   -        302 200*
models_registry:{plural}         POST  -        302 405*
models_registry:{stem}_add       GET   -        302 403 403 403 403 403 200 403 403 403
models_registry:{stem}_add       POST  -        302 403 403 403 403 403 422 403 403 403
models_registry:{plural}_copy    GET   -        302 403 403 403 403 403 200 403 403 403
models_registry:{plural}_copy    POST  -        302 403 403 403 403 403 422 403 403 403
models_registry:{stem}           GET   own      302 200 200 200 200 200 200 200 200 404
models_registry:{stem}           GET   child    302 200 200 200 200 200 200 200 200 404
models_registry:{stem}           GET   foreign  302 404*
models_registry:{stem}           POST  own      302 403 403 403 403 403 422 403 403 404
models_registry:{stem}           POST  child    302 403 403 403 403 403 422 403 403 404
models_registry:{stem}           POST  foreign  302 404*
models_registry:{stem}_end       GET   any      302 405*
models_registry:{stem}_end       POST  own      302 403 403 403 403 403 302 403 403 404
models_registry:{stem}_end       POST  child    302 403 403 403 403 403 302 403 403 404
models_registry:{stem}_end       POST  foreign  302 404*
models_registry:{stem}_resume    GET   any      302 405*
models_registry:{stem}_resume    POST  own      302 403 403 403 403 403 302 403 403 404
models_registry:{stem}_resume    POST  child    302 403 403 403 403 403 302 403 403 404
models_registry:{stem}_resume    POST  foreign  302 404*
"""


def _head_alone(url: str, get: int, post: int) -> str:
    """The rows of a URL with an argument that only the head may use; others in sight are refused."""
    rows = []
    for method, status in (("GET", get), ("POST", post)):
        if status == 405:
            rows.append(f"models_registry:{url} {method} any 302 405*")
            continue
        for place in ("own", "child"):
            rows.append(f"models_registry:{url} {method} {place} 302 403 403 403 403 403 {status} 403 403 404")
        rows.append(f"models_registry:{url} {method} foreign 302 404*")
    return "\n".join(rows) + "\n"


ROWS = (
    _kept("theme", "themes")
    + _kept("target", "targets")
    + _kept("shortcoming", "shortcomings")
    + """
# url                              method place   ano sec dep cle com app hea lea adm non
models_registry:criterion_sets     GET   -        302 200*
models_registry:criterion_sets     POST  -        302 405*
models_registry:criteria_add       GET   -        302 403 403 403 403 403 200 403 403 403
models_registry:criteria_add       POST  -        302 403 403 403 403 403 422 403 403 403
models_registry:criteria_defaults  GET   -        302 405*
models_registry:criteria_defaults  POST  -        302 403 403 403 403 403 302 403 403 403
models_registry:criterion_set      GET   own      302 200 200 200 200 200 200 200 200 404
models_registry:criterion_set      GET   child    302 200 200 200 200 200 200 200 200 404
models_registry:criterion_set      GET   foreign  302 404*
models_registry:criterion_set      POST  any      302 405*
models_registry:calendar           GET   -        302 200*
models_registry:calendar           POST  -        302 403 403 403 403 403 422 403 422 403
models_registry:calendar_drop      GET   any      302 405*
models_registry:calendar_drop      POST  any      302 403 403 403 403 403 302 403 302 403
models_registry:rounds             GET   -        302 200*
models_registry:rounds             POST  -        302 405*
models_registry:round_add          GET   -        302 403 403 403 403 403 200 403 403 403
models_registry:round_add          POST  -        302 403 403 403 403 403 422 403 403 403
models_registry:urge               GET   any     302 405*
models_registry:urge               POST  own      302 403 403 403 302 403 302 302 403 404
models_registry:urge               POST  child    302 404 404 404 302 403 302 302 403 404
models_registry:urge               POST  foreign  302 404*
models_registry:round              GET   own      302 200 200 200 200 200 200 200 200 404
models_registry:round              GET   child    302 200 200 200 200 200 200 200 200 404
models_registry:round              GET   foreign  302 404*
models_registry:round              POST  any      302 405*
models_registry:round_export       GET   own      302 200 200 200 200 200 200 200 200 404
models_registry:round_export       GET   child    302 200 200 200 200 200 200 200 200 404
models_registry:round_export       GET   foreign  302 404*
models_registry:round_export       POST  any      302 405*
models_registry:round_members      GET   own      302 200 200 200 200 200 200 200 200 404
models_registry:round_members      GET   child    302 200 200 200 200 200 200 200 200 404
models_registry:round_members      GET   foreign  302 404*
models_registry:round_members      POST  any      302 405*
models_registry:round_units        GET   own      302 200 200 200 200 200 200 200 200 404
models_registry:round_units        GET   child    302 404 404 404 200 200 200 200 200 404
models_registry:round_units        GET   foreign  302 404*
models_registry:round_units        POST  any      302 405*
models_registry:round_drop         GET   any      302 405*
models_registry:round_drop         POST  own      302 404 404 404 403 403 302 403 403 404
models_registry:round_drop         POST  child    302 404 404 404 403 403 302 403 403 404
models_registry:round_drop         POST  foreign  302 404*
models_registry:exemption_lift     GET   any      302 405*
models_registry:exemption_lift     POST  own      302 403 403 403 403 403 302 403 403 404
models_registry:exemption_lift     POST  child    302 404 404 404 403 403 302 403 403 404
models_registry:exemption_lift     POST  foreign  302 404*
"""
    + _head_alone("criteria_change", 200, 422)
    + _head_alone("criteria_copy", 405, 302)
    + _head_alone("criteria_end", 405, 302)
    + _head_alone("criteria_resume", 405, 302)
    + _head_alone("round_change", 200, 422)
    + _head_alone("round_open", 405, 302)
    + _head_alone("round_extend", 200, 422)
    + _head_alone("round_exempt", 302, 422)
)
