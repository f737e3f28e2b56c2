"""Forms sent with another district's ids in the place of one's own: what is answered, and what harm it does."""

import re
from urllib.parse import urljoin, urlsplit

from django.apps import apps
from django.db import connection, transaction
from django.urls import resolve, reverse

from tests import matrix

OURS = ("organizations", "models_registry", "reviews", "progress", "completion", "journal")
WRITES = re.compile(r'(?:INSERT(?: OR IGNORE)? INTO|UPDATE|DELETE FROM) "(\w+)"')


def forms_to_send(path: str, page):
    """Yield (which form it is, where it goes, its fields) of every form of a page that writes."""
    for method, where, fields in page.forms:
        address = urlsplit(urljoin(path, where)).path
        if method == "post" and address != reverse("account_logout"):
            yield (resolve(address).view_name, frozenset(name for name, _value in fields)), address, fields


def with_foreign(planted, fields: list[tuple[str, str]]):
    """Yield (the fields with one id of A's replaced by one of B's of the same kind, that id), for each."""
    for index, (name, value) in enumerate(fields):
        if value.isdigit() and int(value) >= matrix.APART:
            for twin in planted.foreign.get(matrix.model_of(int(value)), ())[-1:]:
                yield [*fields[:index], (name, str(twin)), *fields[index + 1 :]], twin


def sent_with_foreign_ids(planted, role: str, forms: dict):
    """Send each form once for each of its fields that names a thing, with B's in its place; yield what harm it did."""
    for address, fields in forms.values():
        tried = set()
        for swapped, twin in with_foreign(planted, fields):
            (name,) = {name for (name, old), (_name, new) in zip(fields, swapped, strict=True) if old != new}
            if (name, matrix.model_of(twin)) in tried:
                continue
            tried.add((name, matrix.model_of(twin)))
            with transaction.atomic():
                status, written = sent(planted.clients[role], address, fields, {name: [str(twin)]})
                harm = [said for model in written for said in harm_to(planted, model)]
                transaction.set_rollback(True)
            matrix.asked["foreign id sent", role, "POST", status] += 1
            if harm or status == 500:
                yield f"{role} {address} {name}={twin}: {status} {harm}"


def sent(client, address: str, fields, changed: dict) -> tuple[int, list]:
    """Return how a form is answered with some fields changed, and the models of ours whose tables it wrote to."""
    body, tables = {}, set()
    for name, value in fields:
        body.setdefault(name, []).append(value)

    def noted(execute, sql, params, many, context):
        if found := WRITES.match(sql):
            tables.add(found[1])
        return execute(sql, params, many, context)

    cookies = client.cookies.copy()
    with connection.execute_wrapper(noted):
        status = client.post(address, body | changed).status_code
    client.cookies = cookies
    return status, [model for model in with_links() if model._meta.db_table in tables]


def with_links():
    return [model for app in OURS for model in apps.get_app_config(app).get_models(include_auto_created=True)]


def harm_to(planted, model) -> list[str]:
    """Return what is another of B's rows of a model, and which of its links lead from elsewhere into B."""
    before, after = planted.as_it_was[model], as_it_is(planted.foreign, model)
    return [f"{model._meta.label} {what}" for what, now in after.items() if now != before[what]]


def as_it_is(foreign: dict, model) -> dict:
    """Return B's rows of a model, and by each of its links how many others lead to B's."""
    own = foreign.get(model, ())
    links = [field for field in model._meta.concrete_fields if field.is_relation and field.related_model in foreign]
    others = model._base_manager.exclude(pk__in=own)
    found = {
        f"by {one.name}": others.filter(**{f"{one.name}__in": foreign[one.related_model]}).count() for one in links
    }
    return found | {"rows": list(model._base_manager.filter(pk__in=own).order_by("pk").values_list())}
