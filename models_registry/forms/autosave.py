"""What of a screen can be saved while somebody is still typing: all that is right already. Nothing is taken out."""

from collections.abc import Iterator
from typing import NamedTuple

from django.forms.formsets import DELETION_FIELD_NAME

from models_registry.forms.steps import Screen, TargetsForm
from models_registry.forms.writing import RowForm
from models_registry.models import WorkItem


class Typed(NamedTuple):
    """`fields` and `rows` as `save_draft` takes them; the `prefixes` of the rows; whether that is `whole` the page."""

    fields: dict
    rows: dict
    prefixes: tuple[str, ...]
    whole: bool


def typed_so_far(screen: Screen) -> Typed:
    """Return what of a bound screen is right already.

    A list is saved when all of it is right; works row by row, and of a wrong one its texts. A row taken out or
    emptied waits for the person's own saving, and so does what the unit names itself: half a name would stay behind
    as a target or shortcoming of its own.
    """
    rows, prefixes = {}, ()
    fields = _fields(screen)
    if isinstance(screen.form, TargetsForm):
        rows = _targets(screen.form)
    found = _listed(screen) if screen.formset is not None else None
    if found is not None and screen.rows_name == "co_units":
        fields["co_units"] = [row["unit"] for _prefix, row in found]
    elif found is not None:
        prefixes, rows = tuple(prefix for prefix, _row in found), {screen.rows_name: [row for _prefix, row in found]}
    return Typed(fields, rows, prefixes, _is_whole(screen, found))


def _fields(screen: Screen) -> dict:
    if screen.form is None:
        return {}
    screen.form.is_valid()
    return {} if isinstance(screen.form, TargetsForm) else dict(screen.form.cleaned_data)


def _targets(form: TargetsForm) -> dict:
    return {} if "targets" in form.errors else {"targets": form.chosen()}


def _listed(screen: Screen) -> list[tuple[str, dict]] | None:
    """Return (prefix, row) of what the list would become, None where it must wait."""
    formset = screen.formset
    right = formset.is_valid()
    if formset.non_form_errors():
        return None
    if screen.rows_name in WorkItem.Kind.values:
        return list(_works(formset))
    waits = any(_is_taken_out(form) or form.cleaned_data.get("text") for form in formset.forms)
    return None if waits or not right else [(form.prefix, row) for form in formset.forms if (row := form.row())]


def _works(formset) -> Iterator[tuple[str, dict]]:
    for form in formset.forms:
        row = None if _is_taken_out(form) else form.row() if form.is_valid() else _texts(form)
        known = form.cleaned_data.get("id")
        if row or known:
            # A work of which only the number is given stays as it is.
            yield form.prefix, {"id": known, **(row or {})}


def _texts(form: RowForm) -> dict:
    """Return the texts of a wrong row; days and numbers are judged together and wait for one another."""
    return {name: value for name, value in form.cleaned_data.items() if isinstance(value, str) and value}


def _is_taken_out(form: RowForm) -> bool:
    """Whether the row is ticked to go, or was saved once and is empty now."""
    values = form.cleaned_data
    return bool(values.get(DELETION_FIELD_NAME) or (values.get("id") and form.is_valid() and form.row() is None))


def _is_whole(screen: Screen, found) -> bool:
    if not screen.is_valid() or (screen.formset is not None and found is None):
        return False
    if isinstance(screen.form, TargetsForm):
        return not screen.form.cleaned_data["own_targets"]
    return screen.formset is None or not any(_is_taken_out(form) for form in screen.formset.forms)
