"""One search over models, sheets and works: those within sight and, of models, those of the showcase."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.urls import reverse

from models_registry.hidden_names import without_contacts
from models_registry.lifecycle import State
from models_registry.masking import shown_item
from models_registry.models import Dossier, WorkItem
from models_registry.queries.showcase import readable
from models_registry.querysets.search import is_in_programme, is_tagged, nearest, speaks_of
from models_registry.sections import PRACTICE_FIELDS
from organizations.paths import path_end
from vietnamese.searching import Asked, marked, passage, search_text

MODELS, SHEETS, WORKS = "models", "sheets", "works"
KINDS = {MODELS: Dossier.Kind.PRACTICE_MODEL, SHEETS: Dossier.Kind.REGISTRATION_SHEET}
# Nobody reads further; a search that finds more asks for one word more.
MOST = 500
# Words that stand everywhere fill the list from the newest rows alone; the index would gather them by the thousand.
NEAR = 5_000
# What the unit still writes is not quoted to others, who read only what was sent.
BEING_WRITTEN = (State.DRAFT, State.REVISION_REQUESTED)
Pieces = list[tuple[str, bool]]


@dataclass(frozen=True, slots=True)
class Found:
    """One line of what was found; `title` and `passage` are pieces of text with whether each was sought."""

    url: str
    title: Pieces
    unit: str
    about: str
    year: int
    state: str
    state_label: str
    passage: Pieces
    shown: bool = False  # in the showcase, of another unit


def matching(user, place: str, wanted: dict) -> QuerySet:
    """Return the rows of one place before this person that pass the filters, but for the words."""
    if place == WORKS:
        found = WorkItem.objects.visible_to(user)
    else:
        found = Dossier.objects.visible_to(user)
        found = (found | Dossier.objects.shown_to(user) if place == MODELS else found).filter(kind=KINDS[place])
    conditions = Q(**{name: wanted[name] for name in ("year", "state", "kind") if name in wanted})
    if unit := wanted.get("unit"):
        conditions &= Q(unit__path__gte=unit.path, unit__path__lt=path_end(unit.path))
    if tag := wanted.get("tag"):
        conditions &= is_tagged(tag)
    if programme := wanted.get("programme"):
        conditions &= is_in_programme(programme)
    return found.filter(conditions)


def best_first(found: QuerySet, sought: Asked) -> list[int]:
    """Return the ids of what speaks of all that is sought: marks as typed first, then newest; four queries at most.

    At most one more than MOST, which says that there are more.
    """
    newest = found.order_by("-pk").values_list("pk", flat=True)
    if ids := nearest(newest, sought.as_typed, most=MOST + 1, within=NEAR):
        return ids
    ids = list(newest.speaking_of(sought.as_typed)[: MOST + 1])
    if not sought.exact or len(ids) > MOST:
        return ids
    otherwise = newest.speaking_of(sought.terms).exclude(speaks_of(sought.exact))
    return ids + list(otherwise[: MOST + 1 - len(ids)])


def lines(user, place: str, ids: Collection[int], sought: Asked) -> list[Found]:
    """Return the lines of these rows in their order; four queries at most."""
    rows = _works(user, ids, sought) if place == WORKS else _dossiers(user, ids, sought)
    return [rows[pk] for pk in ids if pk in rows]


def _works(user, ids: Collection[int], sought: Asked) -> dict[int, Found]:
    found = WorkItem.objects.visible_to(user).filter(pk__in=ids)
    found = found.select_related("unit", "dossier__round", "measure").defer("folded", "dossier__folded")
    return {item.pk: _work(user, item, sought) for item in found}


def _work(user, item: WorkItem, sought: Asked) -> Found:
    shown = shown_item(item, user)
    return Found(
        url=reverse("progress:item", args=[item.pk]),
        title=marked(shown["title"], sought),
        unit=item.unit.name,
        about=": ".join(filter(None, [item.get_kind_display(), shown["subject"]])),
        year=item.year,
        state=item.state,
        state_label=item.get_state_display(),
        passage=passage([shown["expected_result"], shown["assignee"]], sought),
    )


def _dossiers(user, ids: Collection[int], sought: Asked) -> dict[int, Found]:
    pages = readable(user, ids)
    found = Dossier.objects.filter(pk__in=pages).select_related("unit", "practice").defer("folded", "lacking")
    works: dict[int, list[str]] = {}
    titles = WorkItem.objects.filter(dossier__in=pages).exclude(kind=WorkItem.Kind.INDIVIDUAL)
    for dossier_id, title in titles.order_by("order", "id").values_list("dossier", "title"):
        works.setdefault(dossier_id, []).append(title)
    return {one.pk: _dossier(user, one, pages[one.pk], works.get(one.pk, []), sought) for one in found}


def _dossier(user, one: Dossier, page: str, works: list[str], sought: Asked) -> Found:
    own = user.post.unit_id == one.unit_id
    texts = []
    # A title that says it all needs no quoting.
    told = all(term in search_text(one.title) for term in sought.terms)
    if not told and (own or one.state not in BEING_WRITTEN):
        said = [getattr(one.practice, name) for name in PRACTICE_FIELDS] if one.is_model else []
        texts = [", ".join(one.tags), *said, *works]
    return Found(
        url=reverse(page, args=[one.pk]),
        title=marked(one.title, sought),
        unit=one.unit.name,
        about=one.get_kind_display(),
        year=one.year,
        state=one.state,
        state_label=one.get_state_display(),
        passage=passage(texts if own else map(without_contacts, texts), sought),
        shown=page.endswith("shown_model"),
    )
