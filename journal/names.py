"""The names people bore when something happened: the journal holds ids, and who is renamed later was not then."""

from django.apps import apps
from django.db.models import OuterRef, Subquery

WHO = {"actor": "actor_then", "on_behalf_of": "on_behalf_then"}


def name_then(person: str, at: str) -> Subquery:
    """Return, as an expression, the name a person bore at an instant, NULL where it is today's; a lookup a row.

    `person` and `at` are fields of the row asked of: a foreign key to a person, and an instant.
    """
    former = apps.get_model("organizations.FormerName").objects.filter(person=OuterRef(person), until__gt=OuterRef(at))
    return Subquery(former.order_by("until").values("full_name")[:1])
