"""Advice on one dossier: the rules over its content, and what is alike in others of the same tree."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, chain

from django.db.models import Count, Exists, OuterRef, Q

from models_registry.advice import (
    ALIKE_SEEN,
    ALIKE_UNSEEN,
    LED_SEEN,
    LED_UNSEEN,
    RULES,
    Passage,
    alike,
    is_led_elsewhere,
    passages_of,
    scope_of,
    signature,
)
from models_registry.hidden_names import without_contacts
from models_registry.lifecycle import State
from models_registry.models import Dossier, SentenceMark, SentenceUse
from models_registry.queries.adoption import family_of
from organizations.queries import appraising_body_of

GONE = (State.DRAFT, State.WITHDRAWN, State.REJECTED)
# What is looked through at most: for one sentence, for one page, and compared with one sentence in full.
MOST_HOLDERS, MOST_USES, MOST_ALIKE = 200, 300, 6


@dataclass(frozen=True, slots=True)
class Advice:
    """One piece of advice: what kind, where (a key of `describing.describe`), on which passage, in which words."""

    kind: str
    key: str
    passage: str
    text: str


def advice_on(dossier: Dossier, content: dict, user, *, day: date) -> list[Advice]:
    """Return the advice on a dossier's content, whole or a section's.

    What stands in a dossier this person does not see is told without whose it is. At most seven
    queries, none where no sentence is long enough.
    """
    found = [
        Advice(kind, key, passage, str(text)) for kind, (rule, text) in RULES.items() for key, passage in rule(content)
    ]
    return [*found, *_alike(dossier, passages_of(content), user, day)]


def _alike(dossier: Dossier, passages: list[Passage], user, day: date) -> Iterator[Advice]:
    body = dossier.body_id or getattr(appraising_body_of(dossier.unit, day), "pk", None)
    if body is None or not passages:
        return
    pairs = dict(known_alike(passages, dossier))
    for passage, use in _uses(dossier, pairs, user, body):
        kind = _kind(dossier, passage, use)
        if kind is not None:
            yield Advice(kind, passage.key, passage.text, _told(kind, use))


def known_alike(passages: list[Passage], dossier: Dossier) -> Iterator[tuple[int, Passage]]:
    """Yield (id of a sentence known in the dossier's whole tree, own passage it is like), looking where its rarest
    marks lead; two queries, its unit loaded."""
    scopes = [scope_of(dossier.unit.path, year) for year in (dossier.year, dossier.year - 1)]
    marks = {one: {mark for scope in scopes for mark in signature(one.folded, scope)} for one in passages}
    held = SentenceMark.objects.filter(mark__in=set(chain(*marks.values()))).values_list("mark")
    number = dict(held.annotate(Count("pk")))
    rarest = {one: _rarest(of, number) for one, of in marks.items()}
    holders, texts = defaultdict(list), {}
    wanted = held.filter(mark__in=set(chain(*rarest.values())))
    for mark, pk, text in wanted.values_list("mark", "sentence_id", "sentence__text"):
        holders[mark].append(pk)
        texts[pk] = text
    for one, of in rarest.items():
        near = _nearest(holders[mark] for mark in of)
        yield from ((pk, one) for pk in near if alike(one.folded, texts[pk]))


def _rarest(marks: set[int], number: dict[int, int]) -> list[int]:
    """Return the marks fewest sentences hold, with MOST_HOLDERS together: what everybody writes leads nowhere."""
    known = sorted((number[mark], mark) for mark in marks if mark in number)
    together = accumulate(count for count, _mark in known)
    return [mark for total, (_count, mark) in zip(together, known, strict=True) if total <= MOST_HOLDERS]


def _nearest(holders: Iterable[list[int]]) -> list[int]:
    """Return the sentences that share most, a mark weighing the more the fewer hold it."""
    shared = Counter()
    for ids in holders:
        for pk in ids:
            shared[pk] += 1 / len(ids)
    return [pk for pk, _weight in shared.most_common(MOST_ALIKE)]


def _uses(dossier: Dossier, pairs: dict[int, Passage], user, body: int) -> Iterator[tuple[Passage, SentenceUse]]:
    """Yield each own passage with one dossier of another unit that holds its like, a visible one first; two queries.

    A like title says something only of the same board's.
    """
    if not pairs:
        return
    shown = Dossier.objects.shown_to(user) | Dossier.objects.visible_to(user)
    along = Dossier.co_units.through.objects.filter(dossier=OuterRef("dossier"), unit=dossier.unit_id)
    uses = SentenceUse.objects.filter(sentence__in=pairs).exclude(dossier__state__in=GONE)
    uses = uses.filter(Q(is_title=False) | Q(dossier__body=body))
    uses = uses.exclude(dossier__unit=dossier.unit_id).exclude(is_title=True, dossier=dossier.copied_from_id or 0)
    uses = uses.select_related("dossier__unit", "dossier__practice").annotate(
        is_seen=Exists(shown.filter(pk=OuterRef("dossier"))), works_along=Exists(along)
    )
    found = sorted(uses[:MOST_USES], key=lambda one: not one.is_seen)
    texts = [use for use in found if not pairs[use.sentence_id].is_title]
    kin = {*family_of(dossier)} if texts else set()
    # What a model was taken over with, or others took over from it, is no copying, whoever else writes the like.
    told = {pairs[use.sentence_id] for use in texts if use.dossier_id in kin}
    for use in found:
        passage = pairs[use.sentence_id]
        if passage not in told and passage.is_title == use.is_title:
            told.add(passage)
            yield passage, use


def _kind(dossier: Dossier, passage: Passage, use: SentenceUse) -> str | None:
    if not passage.is_title:
        return "alike"
    led = is_led_elsewhere(
        place=dossier.practice.place,
        their_place=use.dossier.practice.place,
        path=dossier.unit.path,
        their_path=use.dossier.unit.path,
        works_along=use.works_along,
    )
    return "led" if led else None


def _told(kind: str, use: SentenceUse) -> str:
    words = {"title": use.dossier.title, "unit": use.dossier.unit.name, "theirs": without_contacts(use.passage)}
    seen = use.is_seen or (kind == "led" and use.works_along)
    sentences = {"alike": (ALIKE_UNSEEN, ALIKE_SEEN), "led": (LED_UNSEEN, LED_SEEN)}
    return sentences[kind][seen] % words
