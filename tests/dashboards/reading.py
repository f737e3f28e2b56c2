"""How the pages of figures are asked, and how many questions each may ask."""

from django.urls import reverse

MOST = {
    "unit": 12,
    "children": 12,
    "rhythm": 12,
    "passport": 12,
    "items": 12,
    "ranking": 10,
    "missing": 12,
    "shared": 12,
}


def page(client, name, unit, **query):
    args = [unit.pk] if name != "export" else [unit.pk, query.pop("form")]
    return client.get(reverse(f"dashboards:{name}", args=args), {"quarter": "2026-Q1"} | query)
