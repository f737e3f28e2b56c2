"""A year of a board with planted cases of each signal, and beside each the honest ones that look like it."""

import datetime as dt
import random
from dataclasses import dataclass, field

from models_registry.models import Attachment, Dossier, DossierVersion, PracticeModel, RegistrationRound, WorkItem
from models_registry.services.known_sentences import remember
from organizations.models import Person, Unit
from organizations.paths import path_of
from progress.models import ChangeRequest, CompletionReport, Evidence, Fact
from tests.factories import FOUNDED
from tests.progress.making import APPROVED_AT, instant

YEAR = 2026
VOCABULARY = """
ấp xã đường hộ dân cán bộ đảng viên họp vận động trồng cây rác thải nước sạch đèn chiếu sáng camera an ninh
trường học sinh giáo viên thư viện sách tiết kiệm quỹ vốn vay nghèo giúp nhà cửa cầu kênh mương ruộng lúa tôm
cá vườn rau chợ tiểu thương thuế hồ sơ trả kết quả đúng hẹn chuyển đổi số điện tử đọc báo nghe đài hòa giải
mâu thuẫn xóm tổ tự quản tuần tra đêm trẻ em người già neo đơn khám bệnh phát thuốc hiến đất mở rộng bê tông
cổng chào hàng rào hoa tập luyện bóng chuyền văn nghệ lễ hội cờ treo ngày lễ ghi chép sổ tay nêu gương tự phê
bình phân công theo dõi kiểm tra quý báo cáo tháng tuần sáng chiều chủ nhật
"""
WORDS = VOCABULARY.split()
SLOGANS = [
    "Đẩy mạnh học tập và làm theo tư tưởng đạo đức phong cách Hồ Chí Minh",
    "Nêu cao trách nhiệm nêu gương của cán bộ đảng viên nhất là người đứng đầu",
    "Gắn việc học tập và làm theo Bác với nhiệm vụ chính trị của đơn vị",
]
FIELDS = ("situation", "goal", "learning", "following", "solutions", "upkeep")


@dataclass
class SeededYear:
    """What was written: {kind: units (of texts: dossiers) that must be asked about}, and how many honest there are."""

    planted: dict[str, set[int]] = field(default_factory=dict)
    honest: dict[str, set[int]] = field(default_factory=dict)

    def plant(self, kind: str, pk: int) -> None:
        self.planted.setdefault(kind, set()).add(pk)

    def spare(self, kind: str, pk: int) -> None:
        self.honest.setdefault(kind, set()).add(pk)


class Writer:
    def __init__(self, district, round_: RegistrationRound, seed: int):
        self.district, self.round = district, round_
        self.random = random.Random(seed)
        self.year = SeededYear()
        self.units = iter(self._units(330))
        self.files = 0

    def _units(self, count: int) -> list[Unit]:
        names = [f"Chi bộ mẫu {n}" for n in range(count)]
        made = [
            Unit(code=f"M{n:04d}", name=name, kind="cell", valid_from=FOUNDED, folded_name=name.lower(), sort_key=name)
            for n, name in enumerate(names)
        ]
        Unit.objects.bulk_create(made)
        for unit in made:
            unit.path = self.district.commune.path + path_of([unit.pk])
        Unit.objects.bulk_update(made, ["path"])
        return made

    def sheet(self, unit=None, *, kind="registration_sheet", state="approved", at=None, **values) -> Dossier:
        at = at or instant("2026-01-05")
        sent = {"version": 1, "submitted_at": at, "created_at": at, "changed_at": at, "body": self.district.board}
        return Dossier.objects.create(
            kind=kind,
            unit=unit or next(self.units),
            round=self.round,
            year=YEAR,
            title="Hồ sơ mẫu",
            state=state,
            author=self.district.secretary,
            submitted_by=self.district.secretary,
            supplementary=kind == "registration_sheet",
            **sent | values,
        )

    # Texts

    def sentence(self, words: int = 12) -> str:
        return " ".join(self.random.choices(WORDS, k=words)).capitalize()

    def text(self) -> list[str]:
        own = [self.sentence(self.random.randint(10, 18)) for _ in range(8)]
        return [*own, *self.random.sample(SLOGANS, 2)]

    def model(self, sentences: list[str], day: int, **values) -> Dossier:
        at = instant("2026-02-01") + dt.timedelta(hours=day)
        dossier = self.sheet(kind="practice_model", state="under_appraisal", at=at, **values)
        PracticeModel.objects.create(dossier=dossier)
        lines = {key: ". ".join(sentences[n :: len(FIELDS)]) + "." for n, key in enumerate(FIELDS)}
        content = {"kind": dossier.kind, "title": dossier.title, "practice": lines, "items": [], "outputs": []}
        DossierVersion.objects.create(
            dossier=dossier, number=1, content=content, submitted_at=at, submitted_by=dossier.submitted_by
        )
        remember(dossier, content)
        return dossier

    def reworded(self, sentence: str) -> str:
        """The same sentence with one word in twelve another, and other numbers."""
        words = sentence.split()
        words[self.random.randrange(len(words))] = self.random.choice(WORDS)
        return " ".join(words) + f" {self.random.randint(2, 90)}"

    def texts(self) -> None:
        for n in range(15):
            first = self.text()
            self.year.spare("text", self.model(first, 4 * n).pk)
            case = n % 3
            taken = self.random.sample(first[:8], (2, 5, 8)[case])
            copied = [self.reworded(one) if self.random.random() < 0.5 else one for one in taken]
            copy = self.model([*copied, *self.text()[: 8 - len(copied)]], 4 * n + 1)
            self.year.plant("text", copy.pk)
        for n in range(8):
            first = self.text()
            source = self.model(first, 200 + 4 * n)
            self.year.spare("text", source.pk)
            one_alike = [first[0], *self.text()[1:]]
            shuffled = [" ".join(self.random.sample(one.split(), len(one.split()))) for one in first]
            alone = [self.model(one_alike, 201 + 4 * n), self.model(shuffled, 202 + 4 * n)]
            kin = [
                self.model(first, 203 + 4 * n, copied_from=source),
                self.model(first, 203 + 4 * n, unit=source.unit),
            ]
            for dossier in (*alone, *kin):
                self.year.spare("text", dossier.pk)

    # Works and files

    def works(self, sheet: Dossier, count: int, **fields) -> list[WorkItem]:
        values = {"title": "Trồng cây đường ấp", "kind": "COL", "state": "in_progress", "approved_at": APPROVED_AT}
        values |= {"due_on": dt.date(YEAR, 6, 30), "due_in_force": dt.date(YEAR, 6, 30)} | fields
        return WorkItem.objects.bulk_create(
            WorkItem(dossier=sheet, unit=sheet.unit, year=YEAR, folded="trong cay", **values) for _ in range(count)
        )

    def evidence(self, item: WorkItem, day: str, digest: str = "") -> str:
        self.files += 1
        digest = digest or f"{self.files:064x}"
        report = CompletionReport.objects.create(
            item=item,
            completed_on=dt.date.fromisoformat(day),
            result="Xong",
            reported_by=self.district.secretary,
            reported_at=instant(day),
        )
        kept = {"name": "bien-ban.pdf", "content_type": "application/pdf", "size": 9, "file": f"evidence/{self.files}"}
        Evidence.objects.create(report=report, digest=digest, **kept)
        return digest

    def file_cases(self) -> None:
        for n in range(12):
            mine, other = self.sheet(), self.sheet()
            first, second, third = self.works(mine, 3)
            digest = self.evidence(first, "2026-02-10")
            self.evidence(third, "2026-03-20")
            if n % 2:
                self.evidence(self.works(other, 1)[0], "2026-03-01", digest)
                self.year.plant("file", other.unit_id)
            else:
                self.evidence(second, "2026-04-15", digest)
                self.year.plant("file", mine.unit_id)
        for n in range(20):
            mine, other = self.sheet(), self.sheet()
            first, second = self.works(mine, 2)
            digest = self.evidence(first, "2026-02-10")
            match n % 4:
                case 0:  # one meeting, two works
                    self.evidence(second, "2026-02-12", digest)
                case 1:  # two units did it together
                    other.co_units.add(mine.unit)
                    self.evidence(self.works(other, 1)[0], "2026-05-12", digest)
                case 2:  # refused, and reported anew with the same file
                    self.evidence(first, "2026-05-12", digest)
                case 3:  # the work goes on in the next year
                    self.evidence(self.works(mine, 1, carried_from=first)[0], "2026-06-12", digest)
            for sheet in (mine, other):
                self.year.spare("file", sheet.unit_id)
        circular = "c" * 64
        for _ in range(9):  # a circular everybody attaches
            sheet = self.sheet()
            at, kept = instant("2026-01-04"), {"name": "cong-van.pdf", "content_type": "application/pdf", "size": 9}
            Attachment.objects.create(
                dossier=sheet, digest=circular, file="dossiers/c", added_by=self.district.secretary, added_at=at, **kept
            )
            self.year.spare("file", sheet.unit_id)

    # Confirming, finishing, excluding

    def confirm(self, by, items: list[WorkItem], start: dt.datetime, seconds: float, **fields) -> None:
        Fact.objects.bulk_create(
            Fact(item=item, kind="confirmed", at=start + dt.timedelta(seconds=seconds * n), by=by, **fields)
            for n, item in enumerate(items)
        )

    def burst_cases(self) -> None:
        made = [Person(username=f"capuy-{n}", full_name=f"Cấp ủy {n}") for n in range(45)]
        people_here = iter(Person.objects.bulk_create(made))
        for n in range(15):
            sheet = self.sheet()
            works = self.works(sheet, self.random.randint(20, 30))
            self.confirm(next(people_here), works, instant("2026-06-20", 8, n), 600 / len(works))
            self.year.plant("burst", sheet.unit_id)
        for n in range(30):
            sheet = self.sheet()
            start = instant("2026-06-21", 8, n)
            match n % 3:
                case 0:  # a morning's careful work
                    self.confirm(next(people_here), self.works(sheet, 30), start, 90)
                case 1:  # quick, but few
                    self.confirm(next(people_here), self.works(sheet, 19), start, 20)
                case 2:  # brought in from an old register
                    self.confirm(next(people_here), self.works(sheet, 30), start, 0, imported=True)
            self.year.spare("burst", sheet.unit_id)

    def done(self, sheet: Dossier, days: list[str], due: str, **fields) -> None:
        for day in days:
            on = dt.date.fromisoformat(day)
            fields = {"state": "completed", "due_in_force": dt.date.fromisoformat(due)} | fields
            self.works(sheet, 1, completed_on=on, confirmed_at=instant(day), **fields)

    def last_day_cases(self) -> None:
        for n in range(25):
            sheet = self.sheet()
            day = ("2026-03-31", "2026-05-15")[n % 2]
            self.done(sheet, [day] * self.random.randint(3, 8), due="2026-05-15" if n % 2 else "2026-06-30")
            self.year.plant("last_day", sheet.unit_id)
        for n in range(50):
            sheet = self.sheet()
            match n % 4:
                case 0:
                    self.done(sheet, ["2026-03-31"] * 2, due="2026-06-30")
                case 1:
                    self.done(sheet, ["2026-03-12", "2026-03-31", "2026-03-31", "2026-03-31"], due="2026-03-31")
                case 2:
                    self.done(sheet, ["2026-12-31"] * 4, due="2026-12-31", ongoing=True)
                case 3:
                    days = [f"2026-04-{self.random.randint(1, 28):02d}" for _ in range(5)]
                    self.done(sheet, days, due="2026-06-30")
            self.year.spare("last_day", sheet.unit_id)

    def ask(self, items: list[WorkItem], day: str, outcome: str = "granted") -> None:
        decided = {"decided_by": self.district.head, "decided_at": instant(day, 16)} if outcome else {}
        for item in items:
            ChangeRequest.objects.create(
                item=item,
                kind="exclude",
                exclusion="changed_plan",
                effective_on=dt.date.fromisoformat(day),
                reason="Đổi kế hoạch của xã",
                asked_by=self.district.secretary,
                asked_at=instant(day),
                outcome=outcome,
                **decided,
            )

    def exclusion_cases(self) -> None:
        for n in range(20):
            sheet = self.sheet()
            self.ask(
                self.works(sheet, self.random.randint(2, 4)),
                f"2026-06-{self.random.randint(23, 30)}",
                ("", "granted")[n % 2],
            )
            self.year.plant("exclusion", sheet.unit_id)
        for n in range(32):
            sheet = self.sheet()
            match n % 4:
                case 0:
                    self.ask(self.works(sheet, 1), "2026-06-28")
                case 1:
                    self.ask(self.works(sheet, 3), "2026-04-20")
                case 2:
                    self.ask(self.works(sheet, 2), "2026-06-28", "refused")
                case 3:
                    self.ask(self.works(sheet, 1), "2026-06-28")
                    self.ask(self.works(sheet, 1, due_in_force=dt.date(YEAR, 9, 30)), "2026-09-28")
            self.year.spare("exclusion", sheet.unit_id)


def seeded_year(district, round_, seed: int = 19) -> SeededYear:
    """Write the year and return what should and should not be asked about."""
    writer = Writer(district, round_, seed)
    for write in (
        writer.texts,
        writer.file_cases,
        writer.burst_cases,
        writer.last_day_cases,
        writer.exclusion_cases,
    ):
        write()
    return writer.year
