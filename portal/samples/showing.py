"""The showcase of the samples: approved models of made-up cells, who carried them on, and what people think of them."""

from datetime import date

from models_registry import services
from models_registry.lifecycle import State
from models_registry.models import Dossier
from models_registry.services.recognition import recognise_model, recognise_unit
from portal.samples.appraising import Appraising
from portal.samples.calendar import SampleYear, instant
from portal.samples.people import People
from portal.samples.writing import Writing

# (cell, the record whose text it has, its title), then who carried it on, from whom: (cell, from which cell).
MODELS = (
    ("CB-THO-A1", "R05", "Phân loại rác tại nhà, đổi rác lấy cây (giả lập)"),
    ("CB-THO-A3", "R03", "Hiến đất mở đường, trồng hoa hai bên (giả lập)"),
    ("CB-THO-B3", "R11", "Quỹ “Tấm lòng vàng” của ấp (giả lập)"),
)
CARRIED_ON = (
    ("CB-THO-A4", "CB-THO-A1"),
    ("CB-THO-B2", "CB-THO-A1"),
    ("CB-THO-B4", "CB-THO-B2"),
    ("CB-THO-B1", "CB-THO-A3"),
)
# Whose of these are shown besides the first ones: what is carried on from them was seen there.
ALSO_SHOWN = ("CB-THO-B2",)
SYMBOL = {"document_symbol": "Số mẫu 01-QĐ/HU"}
STARS = {"CB-THO-A1": (5, 4, 5, 4, 4, 5, 3), "CB-THO-A3": (4, 5, 4, 4, 3), "CB-THO-B3": (5, 4)}
SUMMARIES = {
    "R05": "Mỗi nhà hai thùng rác, cuối tuần đổi rác tái chế lấy cây giống; rác để lẫn giảm rõ sau ba tháng.",
    "R03": "Dân bàn, dân hiến đất, chi bộ đứng ra vận động; đường mở rộng, hai bên là hoa do các hộ tự chăm.",
    "R11": "Mỗi đảng viên góp một phần nhỏ hằng tháng, ấp bình chọn công khai hộ được giúp.",
}


class Showing:
    def __init__(self, people: People, writing: Writing, appraising: Appraising, year: SampleYear):
        self.people, self.writing, self.appraising, self.year = people, writing, appraising, year
        self.made: dict[str, Dossier] = {}
        self.records: dict[str, dict] = {}

    def show(self, records: dict[str, dict]) -> int:
        """Publish the models, let others carry them on, and judge them; returns how many dossiers there are."""
        for code, source, title in MODELS:
            self.records[code] = records[source] | {"unit": code, "title": title, "co_units": []}
            sent = self._day(12)
            dossier = self.writing.write(self.records[code], "main", sent, starts=sent, due=[self.year.quarter_end])
            self._approved(code, dossier, sent)
            self._publish(code, source, self._day(16))
        for number, (code, source) in enumerate(CARRIED_ON):
            self._carry_on(code, source, self._day(17 + number))
        for code, stars in STARS.items():
            self._judge(code, stars)
        self._recognise("CB-THO-A1")
        return len(self.made)

    def _day(self, day: int) -> date:
        return date(self.year.plan_year, 1, day)

    def _approved(self, code: str, dossier: Dossier, on: date) -> None:
        self.appraising.bring_to(State.APPROVED, dossier, sent=on)
        self.made[code] = dossier

    def _publish(self, code: str, record: str, on: date) -> None:
        dossier = self.made[code]
        head = self.people.acting("head", self.people.board_of(dossier.unit).code)
        services.publish(dossier.pk, summary=SUMMARIES[record], agreed=True, by=head, at=instant(on, 8))

    def _carry_on(self, code: str, source: str, on: date) -> None:
        found, record = self.made[source], self.records[source] | {"unit": code}
        self.records[code] = record
        draft = services.adopt(found.pk, round=found.round, by=self.people.acting("secretary", code), at=instant(on, 7))
        filled = self.writing.fill(draft, record, on, starts=on, due=[self.year.quarter_end])
        self._approved(code, filled, on)
        if code in ALSO_SHOWN:
            self._publish(code, "R05", on)

    def _recognise(self, code: str) -> None:
        """Tell how the most liked model was chosen, fostered and commended, and who else was proposed for 19/5."""
        dossier, year = self.made[code], self.year.plan_year
        head = self.people.acting("head", self.people.board_of(dossier.unit).code)
        steps = (
            ("selected", 23, {"honours_year": year}),
            ("fostered", 25, {"note": "Ban cùng chi bộ hoàn thiện cách cân, cách đổi."}),
            ("commended", 27, {"honours_year": year, "level": "district", "award": "Giấy khen"} | SYMBOL),
        )
        for stage, day, said in steps:
            at = instant(self._day(day), 9)
            recognise_model(dossier.pk, stage=stage, on=self._day(day), by=head, at=at, **said)
        unit, on = self.made["CB-THO-B3"].unit, self._day(28)
        proposed = {"stage": "selected", "on": on, "honours_year": year, "by": head, "at": instant(on, 9)}
        recognise_unit(unit, recipient="collective", **proposed)
        recognise_unit(unit, recipient="individual", position="Trưởng ấp", **proposed)

    def _judge(self, code: str, stars: tuple[int, ...]) -> None:
        """Let people of the district judge, one after another; nobody's own model."""
        cells = [one for one in ("CB-THO-A2", "CB-THO-A4", "CB-THO-B1", "CB-THO-B4", "CB-THO-B2") if one != code]
        judges = [("leader", "HU-THO"), ("committee", "DU-THO-A"), *(("secretary", cell) for cell in cells)]
        for (role, unit), given in zip(judges, stars, strict=False):
            services.vote(
                self.made[code].pk, stars=given, by=self.people.acting(role, unit), at=instant(self._day(22), 9)
            )
