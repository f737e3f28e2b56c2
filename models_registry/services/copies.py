"""A new draft made from a dossier of the own unit: one not approved or withdrawn, or last year's."""

from datetime import date, datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.forms.models import model_to_dict
from django.utils.timezone import localdate
from django.utils.translation import gettext as _

from models_registry.content import PRACTICE_FIELDS
from models_registry.models import Dossier, RegistrationRound, WorkItem
from models_registry.services.drafts import CLOSED, make_draft, touch
from models_registry.services.rows import ITEM_FIELDS, ROW_WRITERS
from organizations.models import Unit
from organizations.permissions import Action, may


@transaction.atomic
def copy_dossier(dossier_id: int, *, round: RegistrationRound, by, at: datetime) -> Dossier:
    """Return a new draft in a receiving round with everything of the old one but its files.

    Days move by the difference of the plan years; whoever is named as an exemplar is asked anew. Raises
    Dossier.DoesNotExist, PermissionDenied or ValidationError.
    """
    old = Dossier.objects.visible_to(by).select_related("unit").get(pk=dossier_id)
    if not may(by, Action.REGISTER) or old.unit_id != by.post.unit_id:
        raise PermissionDenied
    if not RegistrationRound.objects.receiving(localdate(at)).filter(pk=round.pk).exists():
        raise ValidationError(_("Đợt “%(round)s” hiện không nhận đăng ký.") % {"round": round.name})
    Unit.objects.select_for_update().get(pk=old.unit_id)
    standing = Dossier.objects.filter(unit=old.unit, round=round, kind=old.kind).exclude(state__in=CLOSED).count()
    new = make_draft(kind=old.kind, unit=old.unit, round=round, number=standing, by=by, at=at, copied_from=old)
    if old.is_model:
        new.title = old.title
        _copy_practice(old, new, at)
    new.tags, new.programmes = old.tags, old.programmes
    new.co_units.set(old.co_units.all())
    for kind in WorkItem.Kind.values:
        rows = [_item_row(item, new.year - old.year) for item in old.items.filter(kind=kind)]
        ROW_WRITERS[kind](new, kind, rows, at)
    touch(new, at)
    return new


def _copy_practice(old: Dossier, new: Dossier, at: datetime) -> None:
    for name in PRACTICE_FIELDS:
        setattr(new.practice, name, getattr(old.practice, name))
    new.practice.save()
    links = old.practice.shortcoming_links.select_related("shortcoming")
    rows = {
        "targets": [{"target": link.target} for link in old.practice.target_links.select_related("target")],
        "shortcomings": [{"shortcoming": link.shortcoming, "remedy": link.remedy} for link in links],
        "exemplars": [{**model_to_dict(one), "id": None, "consent": False} for one in old.practice.exemplars.all()],
        "outputs": [
            {"name": one.name, "value": one.value, "measure": one.measure}
            for one in old.practice.outputs.select_related("measure")
        ],
    }
    for name, wanted in rows.items():
        ROW_WRITERS[name](new, name, wanted, at)


def _item_row(item: WorkItem, years: int) -> dict:
    row = {field: getattr(item, field) for field in ITEM_FIELDS}
    return row | {"starts_on": _moved(item.starts_on, years), "due_on": _moved(item.due_on, years)}


def _moved(day: date | None, years: int) -> date | None:
    if day is None:
        return None
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, day=28)
