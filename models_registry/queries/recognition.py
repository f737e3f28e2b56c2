"""Questions about recognition: the list and its counts, the 19/5 list, and what stands beside a model."""

from collections.abc import Collection
from dataclasses import dataclass

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.functions import ExtractYear

from models_registry.models import Dossier, Recognition
from organizations.models import Unit

Stage, Recipient, Level = Recognition.Stage, Recognition.Recipient, Recognition.Level
HIGHEST_FIRST = {level: rank for rank, level in enumerate(Level.values)}


def listed(user, *, year=None, stage="", level="", recipient="", honours=None, q="", withdrawn=False) -> QuerySet:
    """Return what was recorded within reach, newest first; `withdrawn` those taken back instead."""
    found = Recognition.objects.visible_to(user)
    found = found.filter(withdrawn_at__isnull=not withdrawn)
    if year:
        found = found.of_year(year)
    asked = {"stage": stage, "level": level, "recipient": recipient, "honours_year": honours}
    found = found.filter(**{field: value for field, value in asked.items() if value})
    if q.strip():
        found = found.filter(unit__in=Unit.objects.named_like(q))
    return found.with_names()


@dataclass(frozen=True, slots=True)
class CountRow:
    """Commendations of one year at one level: how many to whom."""

    year: int
    level: str
    label: str
    counts: dict[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())


def counts(user) -> list[CountRow]:
    """Return how many commendations stand within reach, by year and level, newest year and highest level first; one
    query."""
    found = Recognition.objects.visible_to(user).standing().commended().order_by()
    rows: dict[tuple[int, str], dict[str, int]] = {}
    grouped = found.annotate(of_year=ExtractYear("on")).values_list("of_year", "level", "recipient")
    for year, level, recipient, number in grouped.annotate(Count("pk")):
        rows.setdefault((year, level), dict.fromkeys(Recipient.values, 0))[recipient] = number
    ordered = sorted(rows, key=lambda key: (-key[0], HIGHEST_FIRST[key[1]]))
    return [CountRow(year, level, Level(level).label, rows[year, level]) for year, level in ordered]


def years_recorded(user) -> list[int]:
    """Return the years something was recorded of within reach, newest first; one query."""
    years = Recognition.objects.visible_to(user).order_by().annotate(of=ExtractYear("on")).values_list("of", flat=True)
    return sorted(set(years.distinct()), reverse=True)


def honoured(user, year: int) -> QuerySet[Recognition]:
    """Return the 19/5 list of a year: who is commended, highest level first, then who is proposed and not commended."""
    found = Recognition.objects.visible_to(user).standing().honoured_in(year)
    same = Recognition.objects.standing().filter(
        Q(dossier=OuterRef("dossier")) | Q(dossier__isnull=True),
        stage=Stage.COMMENDED,
        honours_year=year,
        unit=OuterRef("unit"),
        recipient=OuterRef("recipient"),
        name=OuterRef("name"),
        position=OuterRef("position"),
    )
    found = found.exclude(Exists(same), stage=Stage.SELECTED)
    return found.with_names().order_by("stage", "recipient", "unit__sort_key", "id")


def of_model(dossier: Dossier) -> list[Recognition]:
    """Return what a model was recognised for, oldest first; one query, none where it was loaded as not recognised."""
    if not getattr(dossier, "is_recognised", True):
        return []
    return list(dossier.recognitions.standing().order_by("on", "id"))


def with_recognition(dossiers: QuerySet[Dossier]) -> QuerySet[Dossier]:
    """Add `is_recognised`, whether anything stands recorded of it; part of the one query."""
    return dossiers.annotate(is_recognised=Exists(Recognition.objects.standing().filter(dossier=OuterRef("pk"))))


@dataclass(frozen=True, slots=True)
class Step:
    """One step from choosing to spreading: the facts recorded of it, oldest first."""

    label: str
    facts: list[Recognition]


def steps_of(facts: Collection[Recognition]) -> list[Step]:
    """Return the four steps in their order, each with its facts, none where none was recorded; no query."""
    return [Step(stage.label, [one for one in facts if one.stage == stage]) for stage in Stage]


def honours_of(dossiers: Collection[int]) -> dict[int, str]:
    """Return {model: its highest commendation in words}, those of none left out; one query."""
    found = Recognition.objects.standing().commended().filter(dossier__in=dossiers)
    best: dict[int, Recognition] = {}
    for one in found.order_by("on").only("dossier", "level", "award", "on"):
        if one.dossier_id not in best or HIGHEST_FIRST[one.level] <= HIGHEST_FIRST[best[one.dossier_id].level]:
            best[one.dossier_id] = one
    return {pk: honour_text(one) for pk, one in best.items()}


def honour_text(one: Recognition) -> str:
    """Return "Giấy khen, cấp huyện, 2024": what was given, at which level, in which year."""
    level = one.get_level_display()
    first = one.award or one.get_stage_display()
    return f"{first}, {level[:1].lower()}{level[1:]}, {one.on.year}" if level else f"{first}, {one.on.year}"
