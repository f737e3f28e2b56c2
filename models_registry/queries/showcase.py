"""What the showcase shows: cards, one model without what is nobody else's, and how it was judged."""

from collections.abc import Collection
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext as _

from models_registry.describing import Section, describe
from models_registry.hidden_names import replaced, without_contacts
from models_registry.lifecycle import State
from models_registry.models import Attachment, Dossier, Programme, Publication
from models_registry.queries.adoption import Adopter, Spread, adoption_tree, flat, spread_of
from models_registry.queries.recognition import Step, of_model, steps_of
from models_registry.querysets.search import is_in_programme, is_tagged, speaks_of
from models_registry.querysets.showcase import RANKED_FROM
from vietnamese.display import number_text

PROGRAMMES = dict(Programme.choices)
OF_CARD = (
    "summary",
    "published_at",
    "dossier__title",
    "dossier__year",
    "dossier__tags",
    "dossier__programmes",
    "dossier__unit__name",
)
# Of an exemplar the consent itself is not shown, and of a dossier not what its page says above.
EXEMPLAR_PARTS = 3
LEFT_OUT = {"title", "round", "programmes", "tags"}


@dataclass(frozen=True, slots=True)
class Card:
    """One model as the gallery shows it; `votes` is told, `units` counts who adopted it to any depth.

    `honour` is its highest commendation in words.
    """

    pk: int
    title: str
    unit: str
    year: int
    programmes: list[str]
    tags: list[str]
    summary: str
    votes: str
    units: int
    honour: str = ""


def gallery(user, *, terms=(), year=None, programme="", kind="", tag="", sort=""):
    """Return the publications before this person, filtered and sorted, with their votes; one query when read."""
    wanted = speaks_of(terms, of="dossier__")
    if year:
        wanted &= Q(dossier__year=year)
    if programme:
        wanted &= is_in_programme(programme, of="dossier__")
    if kind:
        wanted &= Q(dossier__unit__kind=kind)
    if tag:
        wanted &= is_tagged(tag, of="dossier__")
    found = Publication.objects.visible_to(user).filter(wanted).with_votes()
    found = found.best_first() if sort == "votes" else found.newest_first()
    return found.select_related("dossier__unit").only(*OF_CARD)


def card(publication: Publication, units: dict[int, int], honours: dict[int, str] | None = None) -> Card:
    dossier = publication.dossier
    return Card(
        pk=dossier.pk,
        title=dossier.title,
        unit=dossier.unit.name,
        year=dossier.year,
        programmes=[str(PROGRAMMES[code]) for code in dossier.programmes if code in PROGRAMMES],
        tags=dossier.tags,
        summary=publication.summary,
        votes=votes_text(publication.votes, publication.stars),
        units=units.get(dossier.pk, 0),
        honour=(honours or {}).get(dossier.pk, ""),
    )


def votes_text(votes: int, stars: int) -> str:
    """Return "4,3 (12 lượt)", or that there are fewer than five votes."""
    if not votes:
        return _("Chưa có lượt đánh giá")
    if votes < RANKED_FROM:
        return _("Chưa đủ %(least)d lượt (có %(votes)d)") % {"least": RANKED_FROM, "votes": votes}
    average = (Decimal(stars) / votes).quantize(Decimal("0.1"), ROUND_HALF_UP)
    text = f"{average:.1f}".replace(".", ",")
    return _("%(average)s (%(votes)s lượt)") % {"average": text, "votes": number_text(votes)}


def years_shown(user) -> list[int]:
    """Return the years of the models before this person, newest first; one query."""
    years = Publication.objects.visible_to(user).order_by().values_list("dossier__year", flat=True).distinct()
    return sorted(years, reverse=True)


def public_sections(dossier: Dossier) -> list[Section]:
    """Return what everybody may read of a model as it was approved; two queries.

    Names stand only where consent stands now; who carries out which work, telephone numbers, addresses and files are
    left out, and so is what says nothing.
    """
    content = dossier.versions.values_list("content", flat=True).get(number=dossier.version)
    named = dict(dossier.practice.exemplars.filter(consent=True).values_list("pk", "name"))
    content = replaced(content, without_contacts)
    people = [one | {"name": named.get(one["id"], "")} for one in content.get("exemplars", [])]
    works = [item | {"assignee": "", "accountable": ""} for item in content.get("items", [])]
    shown = describe(content | {"exemplars": people, "items": works, "attachments": []}, mask_names=True)
    return [section for section in map(_told, shown) if section.rows]


def public_photos(dossier: Dossier) -> list[dict]:
    """Return the photos that stand beside a model in the showcase, as components/photos.html shows them; one query."""
    found = Attachment.objects.shown_with(dossier).only("pk", "name").order_by("pk")
    return [
        {
            "name": one.name,
            "url": reverse("models_registry:shown_photo", args=[dossier.pk, one.pk]),
            "thumbnail": reverse("models_registry:shown_thumbnail", args=[dossier.pk, one.pk]),
        }
        for one in found
    ]


def _told(section: Section) -> Section:
    rows = [row for row in section.rows if row.value and row.key not in LEFT_OUT]
    if section.key == "exemplars":
        rows = [replace(row, parts=row.parts[:EXEMPLAR_PARTS]) for row in rows]
    return replace(section, rows=tuple(rows))


def first_words(text: str, most: int = 300) -> str:
    """Return the beginning of a text as a summary to start from: cut at a sentence or, where none ends, at a word."""
    text = without_contacts(" ".join(text.split()))
    if len(text) <= most:
        return text
    cut = text[:most]
    return cut[: cut.rfind(". ") + 1] or cut[: cut.rfind(" ")]


@dataclass(frozen=True, slots=True)
class Standing:
    """Where an approved model stands: its publication or None, how far it went, what it was adopted from, and how
    it was recognised.
    """

    publication: Publication | None
    spread: Spread
    source: Dossier | None
    steps: list[Step]


def standing_of(user, dossier: Dossier) -> Standing | None:
    """Return what a dossier's page tells of the showcase, None of what is no approved model; four queries at most."""
    if not dossier.is_model or dossier.state != State.APPROVED:
        return None
    publication = dossier.publications.filter(withdrawn_at__isnull=True).first()
    spread = spread_of(dossier, adoption_tree(dossier))
    return Standing(publication, spread, source_shown(user, dossier), steps_of(of_model(dossier)))


def source_shown(user, dossier: Dossier) -> Dossier | None:
    """Return the model of another unit a dossier was made from, where this person may read it now; one query."""
    if dossier.copied_from_id is None:
        return None
    found = Dossier.objects.shown_to(user).filter(pk=dossier.copied_from_id).exclude(unit=dossier.unit_id)
    return found.select_related("unit").only("title", "unit__name").first()


@dataclass(frozen=True, slots=True)
class AdopterRow:
    """One line of the tree: the unit, its level, in which years; title and address where this person may read it."""

    unit: str
    level: int
    years: str
    units: int
    title: str
    url: str


def adopters(user, nodes: Collection[Adopter]) -> list[AdopterRow]:
    """Return lines of the tree as this person may read them; two queries."""
    pages = readable(user, [pk for node in nodes for pk in node.dossiers])
    return [_adopter_row(node, pages) for node in nodes]


def _adopter_row(node: Adopter, pages: dict[int, str]) -> AdopterRow:
    pk = next((pk for pk in node.dossiers if pk in pages), None)
    return AdopterRow(
        unit=node.unit,
        level=node.level,
        years=", ".join(map(str, sorted(node.years))),
        units=len({one.unit_id for one in flat(node.below)}),
        title=node.dossiers[pk] if pk else "",
        url=reverse(pages[pk], args=[pk]) if pk else "",
    )


def readable(user, ids: Collection[int]) -> dict[int, str]:
    """Return {dossier id: which page shows it to this person}, the dossier's own or the showcase's; two queries."""
    within = Dossier.objects.visible_to(user).filter(pk__in=ids).values_list("pk", flat=True)
    shown = Dossier.objects.shown_to(user).filter(pk__in=ids).values_list("pk", flat=True)
    return dict.fromkeys(shown, "models_registry:shown_model") | dict.fromkeys(within, "models_registry:dossier")
