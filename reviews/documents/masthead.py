"""What a paper of the board says around its content: who issues it, under which number, on which day, who signs."""

from dataclasses import dataclass
from datetime import date

from models_registry.documents.compose import BLANK, MARK
from models_registry.documents.paper import Head, Paper, Part, Signature
from models_registry.documents.profiles import ROOM, Profile, profile_for
from reviews.check_codes import shown
from reviews.models import IssuedPaper
from vietnamese.display import document_date

SYMBOLS = {IssuedPaper.Kind.APPRAISAL: "PTĐ", IssuedPaper.Kind.DECISION: "QĐ", IssuedPaper.Kind.MINUTES: "BB"}


@dataclass(frozen=True, slots=True)
class Masthead:
    """A draft has no number and no code yet. `post` are the lines above the place to sign, `place` may be ""."""

    kind: str  # of the issuing unit
    issuer: str
    superior: str
    day: date
    post: str
    signer: str
    place: str = ""
    unit_symbol: str = ""
    number: int | None = None
    edition: int = 1
    code: str = ""
    site: str = ""

    @property
    def profile(self) -> Profile:
        return profile_for(self.kind, self.day)

    def symbol(self, kind: str) -> str:
        """Return "12-QĐ/BTG", as the layout of the day writes it; room for a pen where the number is still open."""
        number = ROOM if self.number is None else f" {self.number}"
        written = self.profile.number.replace(ROOM, number)
        said = written.format(document=SYMBOLS[kind], unit=self.unit_symbol or BLANK)
        return said if self.number is None else said.removeprefix("Số").lstrip(": ")

    def head(self, kind: str) -> Head:
        profile = self.profile
        written = document_date(self.day)
        symbol = self.symbol(kind)
        if self.number is None:  # whoever signs writes the day
            written = f"ngày{ROOM}tháng" + written.partition("tháng")[2]
        else:
            symbol = f"Số{':' if profile.number.startswith('Số:') else ''} {symbol}"
        return Head(
            superior=profile.superior(self.superior, self.kind).upper(),
            issuer=self.issuer.upper(),
            number=symbol,
            place_and_day=f"{self.place or BLANK}, {written}",
        )

    def signature(self) -> Signature:
        return Signature(tuple(line.strip() for line in self.post.split("\n") if line.strip()), self.signer)

    def paper(self, kind: str, title: str, parts: tuple[Part, ...]) -> Paper:
        """Return the paper: marked and without a code while it is a draft, with both version and code once issued."""
        if self.number is None:
            return Paper(title, self.profile, parts, mark=MARK, trace="Bản dự thảo, chưa phát hành")
        trace = f"Số {self.symbol(kind)}, bản {self.edition}. Mã kiểm tra {shown(self.code)}"
        trace += f", xem tại {self.site}" if self.site else ""
        return Paper(title, self.profile, parts, mark="", trace=trace)
