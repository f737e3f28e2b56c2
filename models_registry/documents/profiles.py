"""How documents are laid out: versioned profiles, by kind of unit and day.

Rules change; a new rule is a new row with the day it begins, and older documents keep theirs. Where a rule is known to
exist but no source we hold says what it changed, its row repeats the measures of the one before and says so.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from organizations.models import Unit

_K = Unit.Kind
PARTY = frozenset(
    {
        _K.PROVINCE_COMMITTEE,
        _K.DISTRICT_COMMITTEE,
        _K.UPPER_GRASSROOTS_COMMITTEE,
        _K.GRASSROOTS_COMMITTEE,
        _K.SECTION_COMMITTEE,
        _K.GRASSROOTS_CELL,
        _K.CELL,
        _K.ADVISORY_BODY,
    }
)
GOVERNMENT = frozenset({_K.GOVERNMENT, _K.ARMED_FORCE, _K.PUBLIC_SERVICE_UNIT, _K.ENTERPRISE})
FRONT = frozenset({_K.FRONT, _K.MASS_ORG})
YOUTH_UNION = frozenset({_K.YOUTH_UNION})

# Where a pen writes the number or the day.
ROOM = "\u00a0" * 8


@dataclass(frozen=True, slots=True)
class Signing:
    """On whose behalf documents of a kind of unit are signed ("" where the signer speaks alone), and by whom."""

    on_behalf: str
    secretary: str
    deputy: str
    # Whether the title of the signer's own post, where it has one, stands in their place.
    by_title: bool = False

    def lines(self, role: str, title: str) -> tuple[str, ...]:
        """Return what stands above the place to sign of who holds this role (a secretary's, where nobody does)."""
        post = self.deputy if role == "deputy" else self.secretary
        post = title.upper() if self.by_title and title else post
        return tuple(filter(None, [self.on_behalf, *post.split("\n")]))


@dataclass(frozen=True, slots=True)
class Profile:
    """One layout. Sizes are points, margins millimetres: top, right, bottom, left."""

    key: str
    basis: str
    valid_from: date
    kinds: frozenset[str]
    national: tuple[str, ...]  # the right head's lines; the rule stands under the last
    national_sizes: tuple[int, ...]
    national_rule: int  # millimetres, as long as the line above it
    under_issuer: str  # "" for a rule of `issuer_rule` millimetres
    number: str  # filled with the document's and the unit's symbol; the number itself is written by hand
    signing: Mapping[str, Signing]
    margins: tuple[int, int, int, int] = (20, 15, 20, 30)
    issuer_rule: int = 25
    head_size: int = 14
    place_size: int = 14
    title_size: int = 16
    body_size: int = 14
    # How a superior is named above its own committees and cells.
    superior_words: tuple[tuple[str, str], ...] = field(default=())

    def superior(self, name: str, issuer_kind: str) -> str:
        """Return the superior's name as the head of a unit of this kind writes it."""
        if issuer_kind == _K.ADVISORY_BODY:
            return name
        for word, written in self.superior_words:
            if name.startswith(word):
                return written + name.removeprefix(word)
        return name


def profile_for(kind: str, day: date) -> Profile:
    """Return the profile in force for a kind of unit on a day; before the first known one, that one."""
    known = [profile for profile in PROFILES if kind in profile.kinds]
    begun = [profile for profile in known if profile.valid_from <= day]
    return max(begun, key=lambda profile: profile.valid_from) if begun else known[0]


UNIT_SYMBOLS = {
    _K.PROVINCE_COMMITTEE: "TU",
    _K.DISTRICT_COMMITTEE: "HU",
    _K.UPPER_GRASSROOTS_COMMITTEE: "ĐU",
    _K.GRASSROOTS_COMMITTEE: "ĐU",
    _K.SECTION_COMMITTEE: "ĐUBP",
    _K.GRASSROOTS_CELL: "CB",
    _K.CELL: "CB",
}

_CELL = Signing("T/M CHI BỘ", "BÍ THƯ", "PHÓ BÍ THƯ")
_COMMITTEE = Signing("T/M ĐẢNG ỦY", "BÍ THƯ", "PHÓ BÍ THƯ")
_STANDING = Signing("T/M BAN THƯỜNG VỤ", "BÍ THƯ", "PHÓ BÍ THƯ")
_BODY = Signing("", "TRƯỞNG BAN", "PHÓ TRƯỞNG BAN")
_OFFICE = Signing("", "THỦ TRƯỞNG ĐƠN VỊ", "KT. THỦ TRƯỞNG ĐƠN VỊ\nCẤP PHÓ", by_title=True)

PARTY_2018 = Profile(
    key="party-2018",
    basis="Hướng dẫn 36-HD/VPTW ngày 03/4/2018",
    valid_from=date(2018, 4, 3),
    kinds=PARTY,
    national=("ĐẢNG CỘNG SẢN VIỆT NAM",),
    national_sizes=(15,),
    national_rule=65,
    under_issuer="*",
    number=f"Số{ROOM}-{{document}}/{{unit}}",
    signing={
        _K.PROVINCE_COMMITTEE: _STANDING,
        _K.DISTRICT_COMMITTEE: _STANDING,
        _K.UPPER_GRASSROOTS_COMMITTEE: _STANDING,
        _K.GRASSROOTS_COMMITTEE: _COMMITTEE,
        _K.SECTION_COMMITTEE: _COMMITTEE,
        _K.GRASSROOTS_CELL: _CELL,
        _K.CELL: _CELL,
        _K.ADVISORY_BODY: _BODY,
    },
    superior_words=(
        ("Đảng ủy ", "Đảng bộ "),
        ("Huyện ủy ", "Đảng bộ huyện "),
        ("Thành ủy ", "Đảng bộ thành phố "),
        ("Tỉnh ủy ", "Đảng bộ tỉnh "),
    ),
)
# No source we hold says what 399-QĐ/TW changed in the layout: the measures of 2018 stand until one does.
PARTY_2026 = replace(
    PARTY_2018, key="party-2026", basis="Quyết định 399-QĐ/TW ngày 09/01/2026", valid_from=date(2026, 1, 9)
)
GOVERNMENT_2020 = Profile(
    key="government-2020",
    basis="Nghị định 30/2020/NĐ-CP",
    valid_from=date(2020, 3, 5),
    kinds=GOVERNMENT,
    national=("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc"),
    national_sizes=(12, 13),
    national_rule=53,
    under_issuer="",
    number=f"Số:{ROOM}/{{document}}-{{unit}}",
    signing=dict.fromkeys(GOVERNMENT, _OFFICE),
    head_size=13,
    title_size=14,
)
# Ours: the Front and the mass organisations follow the state's layout, with their own heads and signers.
FRONT_2020 = replace(
    GOVERNMENT_2020,
    key="front-2020",
    kinds=FRONT,
    signing={
        _K.FRONT: Signing("TM. BAN THƯỜNG TRỰC", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", by_title=True),
        _K.MASS_ORG: Signing("TM. BAN THƯỜNG VỤ", "CHỦ TỊCH", "PHÓ CHỦ TỊCH", by_title=True),
    },
)
YOUTH_2013 = replace(
    PARTY_2018,
    key="youth-2013",
    basis="Hướng dẫn 29-HD/TWĐTN-VP năm 2013",
    valid_from=date(2013, 10, 29),
    kinds=YOUTH_UNION,
    national=("ĐOÀN TNCS HỒ CHÍ MINH",),
    national_rule=66,
    under_issuer="***",
    number=f"Số:{ROOM}-{{document}}/{{unit}}",
    signing={_K.YOUTH_UNION: Signing("TM. BAN CHẤP HÀNH", "BÍ THƯ", "PHÓ BÍ THƯ")},
    margins=(20, 20, 20, 30),
    superior_words=(),
)
PROFILES = (PARTY_2018, PARTY_2026, GOVERNMENT_2020, FRONT_2020, YOUTH_2013)
