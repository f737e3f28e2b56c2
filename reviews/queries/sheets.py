"""The scoresheets of a dossier, as far as the reader may see them, and how far they stand apart."""

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from itertools import chain

from django.db.models import F
from django.utils.functional import cached_property

from journal.names import name_then
from journal.questions import Blank, Question
from models_registry.models import Criterion, Dossier
from models_registry.scales import points
from organizations.models import Post
from organizations.permissions import Action, may
from reviews.models import Assignment, Judgement
from reviews.queries.appraisal import criteria_by_set
from reviews.scoring import divided, outliers, spread, total


@dataclass
class Sheet:
    """One appraiser's marks on one version. `seat` is their hand on it; `counts` says that it was handed in and stood
    when the board spoke, or stands now. `exact` is its total out of 100, None unless it counts."""

    seat: Assignment
    name: str
    judgements: list[Judgement]
    exact: Fraction | None
    counts: bool

    @property
    def total(self) -> Decimal | None:
        return points(self.exact)


@dataclass
class Panel:
    """Who scores one version, and the sheets the reader may see (own drafts too, nobody else's)."""

    seats: list[Assignment]
    sheets: list[Sheet]
    criteria: list[Criterion]
    asked: int
    limit: int

    def own(self, user) -> list[Judgement]:
        return [one for sheet in self.sheets if sheet.seat.appraiser_id == user.pk for one in sheet.judgements]

    @property
    def open_seats(self) -> list[Assignment]:
        return [seat for seat in self.seats if seat.released_at is None]

    @property
    def standing(self) -> list[Assignment]:
        """Those held now, or those the board spoke upon."""
        return standing(self.seats)

    @property
    def waited_for(self) -> list[Assignment]:
        return [seat for seat in self.standing if seat.finished_at is None]

    @property
    def done(self) -> int:
        return len(self.standing) - len(self.waited_for)

    @property
    def is_handed_in(self) -> bool:
        """Whether any sheet was, by somebody who has left since too."""
        return any(seat.finished_at for seat in self.seats)

    @property
    def wanted(self) -> int:
        return max(self.asked, len(self.standing))

    @property
    def is_complete(self) -> bool:
        return self.done >= self.wanted

    @property
    def several(self) -> bool:
        return self.wanted > 1

    @property
    def readable(self) -> list[Sheet]:
        """All but the own one that is still being filled in."""
        return [one for one in self.sheets if one.seat.finished_at or one.seat.released_at]

    @cached_property
    def counted(self) -> list[Sheet]:
        return [sheet for sheet in self.sheets if sheet.exact is not None]

    @cached_property
    def spread(self) -> dict | None:
        """Lowest, highest, mean and difference as printed; None with fewer than two totals."""
        found = spread([sheet.exact for sheet in self.counted])
        return found and {name: points(getattr(found, name)) for name in ("low", "high", "mean", "apart")}

    @cached_property
    def outliers(self) -> list[dict]:
        """Sheets at least the round's limit away from the median of the others: name, points and which way."""
        totals = {sheet.seat.pk: sheet.exact for sheet in self.counted}
        names = {sheet.seat.pk: sheet.name for sheet in self.counted}
        found = outliers(totals, self.limit)
        return [{"name": names[pk], "points": points(abs(by)), "above": by > 0} for pk, by in found.items()]

    @cached_property
    def rows(self) -> list[dict]:
        """Each criterion with what every counted sheet says, and whether they are half its weight apart or more."""
        said = [{one.criterion_id: one for one in sheet.judgements} for sheet in self.counted]
        rows = []
        for criterion in self.criteria:
            found = [marks[criterion.pk] for marks in said]
            apart = divided(criterion, (one.mark for one in found))
            told = [(sheet.name, one.mark_label) for sheet, one in zip(self.counted, found, strict=True)]
            rows.append({"criterion": criterion, "said": told, "divided": apart is not None and apart * 2 >= 1})
        return rows


def panels_of(dossier: Dossier, user) -> dict[int, Panel]:
    """Return {version: its panel} of a dossier this reader sees, as far as they may; none outside the board.

    Three queries. The one of the version at hand is always there, with its criteria, also before anybody took it.
    """
    if not may(user, Action.APPRAISE):
        return {}
    by_version, said = defaultdict(list), defaultdict(list)
    for one in _seats(dossier=dossier.pk):
        by_version[one.version].append(one)
    is_head = user.post.role == Post.Role.HEAD
    found = _judged(is_head, dossier=dossier.pk, person=user.pk, body=user.post.unit_id)
    at_hand, by_set = criteria_by_set(dossier, {one.of_set for one in found})
    criteria = {one.pk: one for one in chain(at_hand, *by_set.values())}
    for one in found:
        one.criterion = criteria[one.criterion_id]
        said[one.number].append(one)
    panels = {}
    for number in {*by_version, dossier.version}:
        first = next(iter(said[number]), None)
        asked = at_hand if number == dossier.version else by_set[first.of_set] if first else []
        panels[number] = _panel(by_version[number], said[number], asked, dossier.round)
    return panels


@Question
def _seats():
    seats = Assignment.objects.filter(dossier=Blank("dossier")).select_related("appraiser").order_by("id")
    return seats.annotate(appraiser_then=name_then("appraiser", "taken_at"))


@Question
def _judged(is_head: bool):
    found = Judgement.objects.filter(version__dossier=Blank("dossier"), version__dossier__body=Blank("body"))
    found = found.told_to(Blank("person"), is_head=is_head)
    # The criteria are read beside, once for all sheets.
    return found.annotate(number=F("version__number"), of_set=F("criterion__criterion_set"))


def _panel(seats: list[Assignment], judged: list[Judgement], criteria: list[Criterion], round_) -> Panel:
    said = defaultdict(list)
    for one in judged:
        said[one.appraiser_id].append(one)
    stand = {seat.pk for seat in standing(seats)}
    latest = {seat.appraiser_id: seat for seat in seats}
    sheets = [_sheet(seat, said[who], criteria, seat.pk in stand) for who, seat in latest.items() if said[who]]
    return Panel(seats, sheets, criteria, round_.appraisers, round_.apart_points)


def _sheet(seat: Assignment, judged: list[Judgement], criteria: list[Criterion], stands: bool) -> Sheet:
    counts = stands and seat.finished_at is not None
    exact = total(criteria, {one.criterion_id: one.mark for one in judged}) if counts else None
    return Sheet(seat, seat.appraiser_then or str(seat.appraiser), judged, exact, counts)


def standing(seats: list[Assignment]) -> list[Assignment]:
    """Those held now; of a version the board has spoken on, those that ended with its word: all at the same instant."""
    held = [seat for seat in seats if seat.released_at is None]
    last = max((seat.released_at for seat in seats if seat.released_at), default=None)
    return held or [seat for seat in seats if seat.released_at == last]
