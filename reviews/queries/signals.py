"""The signals put to a board: the list, one with its parts, and those about a dossier at hand."""

from collections import defaultdict
from dataclasses import dataclass

from django.core.paginator import Paginator
from django.db.models import Count, IntegerField, Q, QuerySet
from django.urls import reverse

from journal.names import name_then
from journal.questions import Blank, Question
from models_registry.advice import percent_alike
from models_registry.hidden_names import without_contacts
from models_registry.masking import shown_item
from models_registry.models import Dossier, SentenceUse, WorkItem
from organizations.models import Unit
from reviews.models import Signal, SignalPart
from reviews.querysets import BOARD_ROLES
from reviews.signals import question_of
from vietnamese.display import DASH, instant_text

OPEN, ANSWERED, ENDED, ALL = "open", "answered", "ended", "all"
STATUSES = {
    OPEN: Q(answered_at__isnull=True, ended_at__isnull=True),
    ANSWERED: Q(answered_at__isnull=False, ended_at__isnull=True),
    ENDED: Q(ended_at__isnull=False),
    ALL: Q(),
}
# How many of each dossier's questions stand beside the dossier itself, and how many passages of one.
BESIDE, PASSAGES = 10, 3


def listed(user, *, year: int, kind="", status=OPEN, q="", unit: int | None = None) -> QuerySet[Signal]:
    """Return the board's signals of a year, newest first."""
    found = Signal.objects.visible_to(user).filter(STATUSES[status], year=year)
    if kind:
        found = found.filter(kind=kind)
    if unit:
        found = found.filter(unit=unit)
    if q.strip():
        found = found.filter(unit__in=Unit.objects.named_like(q))
    return found.with_names()


def counts_by_kind(found: QuerySet[Signal]) -> dict[str, int]:
    """Return {kind: how many of these signals}; one query."""
    return dict(found.order_by().values_list("kind").annotate(Count("pk")))


@dataclass(frozen=True, slots=True)
class Passage:
    """One own sentence, how like it is to one elsewhere, and where that is; of what is out of sight only what kind of
    unit wrote it."""

    mine: str
    percent: int
    theirs: str
    title: str
    unit: str
    url: str


@dataclass(frozen=True, slots=True)
class Place:
    """One work or dossier that makes a signal, as this person may read it; out of sight, where url is "", only of what
    kind of unit and when."""

    title: str
    unit: str
    note: str
    url: str


def beside(dossier: Dossier, user) -> list[dict]:
    """Return the open questions about a dossier and its unit's year, like sentences with them; four queries at most."""
    signals = _open_about(dossier, user)[:BESIDE]
    texts = [one for one in signals if one.kind == Signal.Kind.TEXT]
    parts = SignalPart.objects.filter(signal__in=texts).to_show() if texts else []
    passages = passages_of(list(parts), user) if texts else {}
    return [
        {"signal": one, "question": question_of(one), "passages": passages.get(one.pk, [])[:PASSAGES]}
        for one in signals
    ]


def _open_about(dossier: Dossier, user) -> list[Signal]:
    """Return what `visible_to` shows of the open questions about a dossier this person sees; one query."""
    post = user.post
    if post is None or post.role not in BOARD_ROLES:
        return []
    about = {"dossier": dossier.pk, "unit": dossier.unit_id, "year": dossier.year}
    return _about(body=post.unit_id, person=user.pk, **about)


@Question
def _about():
    found = Signal.objects.put_to(Blank("body"), Blank("person")).open()
    return found.about(Blank("dossier"), unit=Blank("unit"), year=Blank("year", IntegerField())).with_names()


def passages_of(parts: list[SignalPart], user) -> dict[int, list[Passage]]:
    """Return {signal: its like sentences}, as they are written; two queries. The parts bring their dossiers."""
    ids = {pk for part in parts for pk in (part.mine_id, part.theirs_id)}
    uses = SentenceUse.objects.filter(sentence__in=ids).values_list("sentence", "dossier", "passage")
    written = {(sentence, dossier): passage for sentence, dossier, passage in uses}
    anyhow = {sentence: passage for (sentence, _dossier), passage in written.items()}
    seen = _seen(parts, user)
    found = defaultdict(list)
    for part in parts:
        mine, theirs = anyhow.get(part.mine_id), written.get((part.theirs_id, part.dossier_id))
        if mine and theirs:
            found[part.signal_id].append(_passage(part, mine, theirs, is_seen=part.dossier_id in seen))
    return found


def _passage(part: SignalPart, mine: str, theirs: str, *, is_seen: bool) -> Passage:
    percent = percent_alike(mine, theirs)
    if not is_seen:
        return Passage(mine, percent, "", "", part.dossier.unit.get_kind_display(), "")
    url = reverse("reviews:appraise", args=[part.dossier_id])
    return Passage(mine, percent, without_contacts(theirs), part.dossier.title, part.dossier.unit.name, url)


def _seen(parts: list[SignalPart], user) -> set[int]:
    dossiers = {part.dossier_id for part in parts if part.dossier_id}
    return set(Dossier.objects.visible_to(user).filter(pk__in=dossiers).values_list("pk", flat=True))


def places(parts: list[SignalPart], user) -> list[Place]:
    """Return parts as this person may read them; two queries."""
    items = {part.item_id for part in parts if part.item_id}
    items = set(WorkItem.objects.visible_to(user).filter(pk__in=items).values_list("pk", flat=True))
    dossiers = _seen(parts, user)
    return [_place(part, part.item_id in items, part.dossier_id in dossiers, user) for part in parts]


def _place(part: SignalPart, item_seen: bool, dossier_seen: bool, user) -> Place:
    note = " · ".join(text for text in (part.note, instant_text(part.at) if part.at else "") if text)
    if item_seen:
        item = part.item
        return Place(shown_item(item, user)["title"], item.unit.name, note, reverse("progress:item", args=[item.pk]))
    if dossier_seen:
        url = reverse("reviews:appraise", args=[part.dossier_id])
        return Place(part.dossier.title, part.dossier.unit.name, note, url)
    whose = part.item or part.dossier
    return Place(DASH, whose.unit.get_kind_display() if whose else "", instant_text(part.at) if part.at else "", "")


def parts_of(signal: Signal, page, per_page: int):
    """Return one page of a signal's parts, works and dossiers loaded; two queries."""
    return Paginator(signal.parts.to_show(), per_page).get_page(page)


def answers_of(signal: Signal) -> list:
    """Return the answers given, newest first, each with who gave it by the name of then; one query."""
    found = signal.answers.select_related("by").annotate(who_then=name_then("by", "at"))
    return list(found[:20])
