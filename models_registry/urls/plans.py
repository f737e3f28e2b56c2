from django.urls import path

from models_registry.views.plans import calendar, criteria, kept, roster, rounds, urging


def _kept(kind: kept.KeptKind) -> list:
    given = {"kind": kind}
    base = kind.plural
    return [
        path(f"{base}/", kept.kept_list, given, name=base),
        path(f"{base}/add/", kept.kept_add, given, name=f"{kind.stem}_add"),
        path(f"{base}/copy/", kept.kept_copy, given, name=f"{base}_copy"),
        path(f"{base}/<int:pk>/", kept.kept_one, given, name=kind.stem),
        path(f"{base}/<int:pk>/end/", kept.kept_end, given, name=f"{kind.stem}_end"),
        path(f"{base}/<int:pk>/resume/", kept.kept_resume, given, name=f"{kind.stem}_resume"),
    ]


urlpatterns = [
    *_kept(kept.THEMES),
    *_kept(kept.TARGETS),
    *_kept(kept.SHORTCOMINGS),
    path("calendar/", calendar.calendar, name="calendar"),
    path("calendar/<int:pk>/drop/", calendar.calendar_drop, name="calendar_drop"),
    path("criteria/", criteria.criterion_sets, name="criterion_sets"),
    path("criteria/add/", criteria.criteria_add, name="criteria_add"),
    path("criteria/defaults/", criteria.criteria_defaults, name="criteria_defaults"),
    path("criteria/<int:pk>/", criteria.criterion_set, name="criterion_set"),
    path("criteria/<int:pk>/change/", criteria.criteria_change, name="criteria_change"),
    path("criteria/<int:pk>/end/", criteria.criteria_end, name="criteria_end"),
    path("criteria/<int:pk>/resume/", criteria.criteria_resume, name="criteria_resume"),
    path("criteria/<int:pk>/copy/", criteria.criteria_copy, name="criteria_copy"),
    path("rounds/", rounds.rounds, name="rounds"),
    path("rounds/add/", rounds.round_add, name="round_add"),
    path("rounds/<int:pk>/", roster.round_page, name="round"),
    path("rounds/<int:pk>/change/", rounds.round_change, name="round_change"),
    path("rounds/<int:pk>/open/", rounds.round_open, name="round_open"),
    path("rounds/<int:pk>/extend/", rounds.round_extend, name="round_extend"),
    path("rounds/<int:pk>/drop/", rounds.round_drop, name="round_drop"),
    path("rounds/<int:pk>/roster.xlsx", roster.round_export, name="round_export"),
    path("rounds/<int:pk>/members/", roster.round_members, name="round_members"),
    path("rounds/<int:pk>/units/<int:unit>/", roster.round_units, name="round_units"),
    path("rounds/<int:pk>/exempt/", roster.round_exempt, name="round_exempt"),
    path("units/<int:pk>/urge/", urging.urge, name="urge"),
    path("obligations/<int:pk>/lift/", roster.exemption_lift, name="exemption_lift"),
]
