"""Units, boards, people and posts of the samples. The first of each role stands in Thạnh Hóa and has a short name."""

from datetime import date

from django.contrib.auth.hashers import make_password

from organizations import services
from organizations.models import Person, Post, Unit
from portal.samples.calendar import instant
from vietnamese.folding import slug

FOUNDED = date(2015, 1, 1)
MAIN = "HU-THO"
# Added so that one district has a tree worth looking at; all of it made up.
FICTIONAL = [
    ("DU-THO-A", "Đảng ủy xã mẫu A (giả lập)", Unit.Kind.GRASSROOTS_COMMITTEE, MAIN),
    ("DU-THO-B", "Đảng ủy xã mẫu B (giả lập)", Unit.Kind.GRASSROOTS_COMMITTEE, MAIN),
    *[
        (f"CB-THO-{letter}{n}", f"Chi bộ ấp {n} xã mẫu {letter} (giả lập)", Unit.Kind.CELL, f"DU-THO-{letter}")
        for letter in "AB"
        for n in range(1, 5)
    ],
]
BOARD_KINDS = (
    Unit.Kind.PROVINCE_COMMITTEE,
    Unit.Kind.DISTRICT_COMMITTEE,
    Unit.Kind.UPPER_GRASSROOTS_COMMITTEE,
)
SHORT = {
    "secretary": ("bithu", "CB-THO-01"),
    "deputy": ("phobithu", "CB-THO-A1"),
    "clerk": ("nhaplieu", "CB-THO-01"),
    "committee": ("capuy", "DU-THO-A"),
    "appraiser": ("chuyenvien", "BTG-THO"),
    "head": ("truongban", "BTG-THO"),
    "leader": ("lanhdao", MAIN),
    "administrator": ("quantri", None),
}


class People:
    """Makes units and people, and finds who acts where: `people.acting("secretary", unit)`."""

    def __init__(self, year, password: str, at):
        self.year, self.password, self.at = year, password, at
        self.begun = instant(date(year.plan_year - 1, 1, 2))
        self.units: dict[str, Unit] = {}
        self.boards: dict[str, Unit] = {}  # by the code of the unit served
        self.made: list[Person] = []
        self._posts: dict[tuple[str, str | None], Post] = {}

    def make_units(self, rows: list[dict]) -> None:
        for row in rows:
            self._unit(row["code"], row["name"], row["kind"], row["parent"], self._end(row.get("last_day")))
        for code, name, kind, parent in FICTIONAL:
            self._unit(code, name, kind, parent)
        for unit in [unit for unit in self.units.values() if unit.kind in BOARD_KINDS]:
            self._make_board(unit)

    def count_members(self) -> None:
        """Say how many members most cells have; one in seven was never counted."""
        cells = [unit for unit in self.units.values() if unit.has_members]
        for number, unit in enumerate(cells):
            if number % 7 == 5:
                continue
            exempt = number % 3
            services.record_head_count(
                unit,
                valid_from=date(self.year.plan_year - 1, 1, 2),
                members=4 + number * 5 % 19,
                exempt=exempt,
                exempt_reason="Tuổi cao, sức yếu (giả lập)" if exempt else "",
                by=None,
                at=self.begun,
            )

    def _unit(self, code, name, kind, parent, valid_to=None) -> Unit:
        made = services.add_unit(
            code=code,
            name=name,
            kind=kind,
            parent=self.units.get(parent),
            valid_from=FOUNDED,
            valid_to=valid_to,
            by=None,
            at=self.begun,
        )
        self.units[code] = made
        return made

    def _end(self, last_day: str | None) -> date | None:
        """Return the first day after a unit's last one, moved with the sample year so that the unit still stands."""
        if last_day is None:
            return None
        day = date.fromisoformat(last_day)
        return date(day.year - 2024 + self.year.plan_year + (day.month == 12), day.month % 12 + 1, 1)

    def _make_board(self, unit: Unit) -> None:
        code = "BTG-" + unit.code.removeprefix("HU-")
        board = self.units.get(code) or self._unit(
            code, f"Ban Tuyên giáo {unit.name}", Unit.Kind.ADVISORY_BODY, unit.code
        )
        services.let_appraise(board, unit, valid_from=FOUNDED, by=None, at=self.begun)
        self.boards[unit.code] = board

    def make_main_accounts(self) -> None:
        for role, (username, code) in SHORT.items():
            self._post(username, role, code)

    def acting(self, role: str, code: str) -> Person:
        """Return the person of this role at the unit, acting in that post; made when first asked for."""
        post = self._posts.get((role, code)) or self._post(f"{role}-{slug(code)}", role, code)
        return post.person.acting_as(post)

    def another(self, username: str, role: str, code: str) -> Person:
        """Return a second person of a role at a unit, acting in that post; `acting` still finds the first."""
        post = self._post(username, role, code)
        return post.person.acting_as(post)

    def let_in(self) -> None:
        """Give everybody made so far the one password, hashed once: a hash is slow on purpose."""
        Person.objects.filter(pk__in=[person.pk for person in self.made]).update(password=make_password(self.password))

    def _post(self, username: str, role: str, code: str | None) -> Post:
        unit = self.units[code] if code else None
        label = Post.Role(role).label
        person = services.add_person(
            username=username,
            full_name=f"{label} mẫu {len(self.made) + 1:02d}",
            by=None,
            at=self.begun,
        )
        self.made.append(person)
        post = services.give_post(person, unit=unit, role=role, starts_at=self.begun, by=None, at=self.begun)
        self._posts.setdefault((role, code), post)
        return post

    def board_of(self, unit: Unit) -> Unit:
        line = [*unit.ancestor_ids, unit.pk]
        served = {self.units[code].pk: board for code, board in self.boards.items()}
        return next(served[pk] for pk in reversed(line) if pk in served)
