"""What a unit that is to be split holds, as an administrator deals it out: units below, dossiers, works, people."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext as _

from models_registry.masking import public_title
from models_registry.models import Dossier, WorkItem
from models_registry.services.handing_over import FINAL
from organizations.models import Unit
from organizations.services.reorganising import posts_to_settle
from vietnamese.folding import fold

# A page deals out so many works one by one; what is beyond goes where the rest goes.
MOST_WORKS = 400


@dataclass(frozen=True, slots=True)
class Part:
    """One thing to deal out: its key in `Plan.shares`, what it is, a quiet line, and whose it is (folded names)."""

    key: str
    title: str
    note: str = ""
    names: tuple[str, ...] = ()


def parts_of(unit: Unit, day: date, since: int) -> list[tuple[str, list[Part]]]:
    """Return what a unit holds, under heads; individuals' names are not shown (`public_title`). Four queries."""
    below = Unit.objects.children_of(unit).filter(valid_to=None)
    dossiers = Dossier.objects.filter(unit=unit, year__gte=since).exclude(state__in=FINAL).select_related("round")
    works = WorkItem.objects.counted().filter(unit=unit, year__gte=since).order_by("year", "kind", "pk")[:MOST_WORKS]
    found = [
        (_("Đơn vị trực thuộc"), [Part(f"unit-{one.pk}", one.name, one.get_kind_display()) for one in below]),
        (_("Người giữ vai trò"), [_person(post) for post in posts_to_settle([unit], day)]),
        (_("Hồ sơ"), [_dossier(one) for one in dossiers.order_by("year", "pk")]),
        (_("Việc"), [_work(item) for item in works]),
    ]
    return [(head, parts) for head, parts in found if parts]


def _person(post) -> Part:
    return Part(f"post-{post.pk}", post.person.full_name, post.get_role_display(), (fold(post.person.full_name),))


def _dossier(dossier: Dossier) -> Part:
    return Part(f"dossier-{dossier.pk}", str(dossier), f"{dossier.get_kind_display()} · {dossier.get_state_display()}")


def _work(item: WorkItem) -> Part:
    individual = item.kind == WorkItem.Kind.INDIVIDUAL
    who = [item.get_kind_display(), item.get_state_display()] + ([item.assignee] if not individual else [])
    names = (item.subject_name if individual else item.assignee, item.accountable)
    folded = tuple(fold(name) for name in names if name.strip())
    return Part(f"item-{item.pk}", public_title(item), " · ".join(filter(None, who)), folded)


def suggested(parts, shares: Mapping[str, str]) -> dict[str, str]:
    """Return the shares with each work not dealt out yet beside whoever answers for it: where that person goes, or
    where other works of the same person were dealt to."""
    rows = [part for _head, of_head in parts for part in of_head]
    goes: dict[str, str] = {}
    for part in sorted(rows, key=lambda one: not one.key.startswith("post-")):
        for name in part.names if shares.get(part.key) else ():
            goes.setdefault(name, shares[part.key])
    told = {part.key: next((goes[name] for name in part.names if name in goes), "") for part in rows}
    return {key: shares.get(key) or code for key, code in told.items() if shares.get(key) or code}
