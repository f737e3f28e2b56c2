"""Themes, criterion sets and rounds of every board of the samples."""

from datetime import date, timedelta

from models_registry.models import CriterionSet, RegistrationRound, ResolutionTarget, Shortcoming, Theme
from models_registry.services.criteria import seed_default_criteria
from models_registry.services.rounds import keep_round, open_round
from organizations.models import Unit
from portal.samples.calendar import SampleYear, instant
from portal.samples.people import People

REGISTRANTS = [
    Unit.Kind.PROVINCE_COMMITTEE,
    Unit.Kind.DISTRICT_COMMITTEE,
    Unit.Kind.GRASSROOTS_COMMITTEE,
    Unit.Kind.GRASSROOTS_CELL,
    Unit.Kind.CELL,
    Unit.Kind.FRONT,
    Unit.Kind.MASS_ORG,
    Unit.Kind.GOVERNMENT,
    Unit.Kind.ENTERPRISE,
]


class Plans:
    """Makes what a board lays down for a year, and finds the rounds by (board, "last" | "main" | "extra")."""

    def __init__(self, people: People, year: SampleYear, themes: list[dict]):
        self.people, self.year = people, year
        self.themes = {row["owner"]: row for row in themes}
        self._rounds: dict[tuple[int, str], RegistrationRound] = {}

    def make(self) -> None:
        for served, board in self.people.boards.items():
            head = self.people.acting("head", board.code)
            for which, plan_year, days in self._calendar():
                self._rounds[board.pk, which] = self._make_round(board, served, head, which, plan_year, days)

    def round_of(self, unit: Unit, which: str) -> RegistrationRound:
        return self._rounds[self.people.board_of(unit).pk, which]

    def add_round(self, registration_round: RegistrationRound, which: str) -> None:
        self._rounds[registration_round.body_id, which] = registration_round

    def _calendar(self):
        """Yield (which, plan year, (opens, closes, late until)) of last year's, this year's and the open round."""
        year, today = self.year.plan_year, self.year.today
        for which, plan_year in (("last", year - 1), ("main", year)):
            yield which, plan_year, (date(plan_year, 1, 5), date(plan_year, 3, 31), date(plan_year, 4, 15))
        last_day = date(today.year, 12, 31)
        closes = min(today + timedelta(days=25), last_day)
        yield "extra", today.year, (today - timedelta(days=20), closes, min(closes + timedelta(days=10), last_day))

    def _make_round(self, board, served: str, head, which: str, plan_year: int, days) -> RegistrationRound:
        opens, closes, late = days
        at = instant(opens, 8)
        seed_default_criteria(board, plan_year, by=head, at=at)
        criteria = {row.dossier_kind: row for row in CriterionSet.objects.filter(owner=board, year=plan_year)}
        extra = which == "extra"
        made = RegistrationRound(
            name=f"Đợt đăng ký bổ sung năm {plan_year}" if extra else f"Đợt đăng ký năm {plan_year}",
            year=plan_year,
            body=board,
            theme=self._theme(board, served, plan_year),
            model_criteria=criteria["practice_model"],
            sheet_criteria=criteria["registration_sheet"],
            opens_on=opens,
            closes_on=closes,
            late_until=late,
            target_kinds=REGISTRANTS,
            members_required=not extra,
        )
        keep_round(made, edition=0, by=head, at=at)
        open_round(made.pk, by=head, at=at)
        made.refresh_from_db()
        return made

    def _theme(self, board: Unit, served: str, plan_year: int) -> Theme:
        root = self._root_code(served)
        row = self.themes.get(served) or self.themes[root]
        theme, _made = Theme.objects.get_or_create(
            owner=board, title=row["title"], year_from=plan_year, year_to=plan_year
        )
        return theme

    def _root_code(self, code: str) -> str:
        root = self.people.units[code].path[:8]
        return next(code for code, unit in self.people.units.items() if unit.path == root)

    def target(self, unit: Unit, text: str) -> ResolutionTarget:
        found = {"owner": self.people.board_of(unit), "text": text}
        years = {"year_from": self.year.plan_year - 1, "year_to": self.year.plan_year + 4}
        return ResolutionTarget.objects.get_or_create(**found, defaults=years)[0]

    def shortcoming(self, unit: Unit, text: str) -> Shortcoming:
        found = {"owner": self.people.board_of(unit), "text": text, "year": self.year.plan_year}
        return Shortcoming.objects.get_or_create(**found, defaults={"source": "Kiểm điểm cuối năm"})[0]
