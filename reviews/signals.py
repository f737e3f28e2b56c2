"""What a signal is made of and how it is asked: as a question, never as blame. Plain values, no queries."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from vietnamese.display import number_text, quarter_text


@dataclass(frozen=True, slots=True)
class Part:
    """One thing that makes a signal, by ids; `key` tells it from the others of the same signal."""

    key: str
    item: int | None = None
    dossier: int | None = None
    mine: int | None = None
    theirs: int | None = None
    note: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Found:
    """A signal as it was found just now; `key` is what it is about."""

    kind: str
    key: str
    unit: int
    year: int
    parts: tuple[Part, ...]
    dossier: int | None = None
    person: int | None = None
    facts: dict = field(default_factory=dict)


def question_of(signal) -> str:
    """Return what the appraiser is asked, with the numbers it rests on."""
    return _QUESTIONS[signal.kind](signal.facts)


def _text(facts) -> str:
    said = ngettext(
        "%(count)s câu giống từ 85%% trở lên với hồ sơ gửi trước của đơn vị khác.",
        "%(count)s câu giống từ 85%% trở lên với hồ sơ gửi trước của đơn vị khác.",
        facts["count"],
    )
    asked = _("Phần này đã viết theo việc của chính đơn vị chưa?")
    return f"{said % {'count': number_text(facts['count'])}} {asked}"


def _file(facts) -> str:
    return _("Tệp “%(name)s” đã dùng ở nơi khác trước đó. Tệp này chứng minh cho việc nào?") % facts


def _burst(facts) -> str:
    told = {"count": number_text(facts["count"]), "minutes": number_text(facts["minutes"])}
    return _("%(count)s việc được một người xác nhận trong %(minutes)s phút. Từng kết quả đã được xem chưa?") % told


def _last_day(facts) -> str:
    told = {
        "count": number_text(facts["count"]),
        "all": number_text(facts["all"]),
        "quarter": quarter_text(facts["quarter"], facts["year"]),
    }
    return (
        _("%(count)s trong %(all)s việc xong trong %(quarter)s ghi đúng ngày hạn hoặc ngày cuối quý.") % told
        + " "
        + _("Việc thực sự xong ngày nào?")
    )


def _exclusion(facts) -> str:
    told = {
        "count": number_text(facts["count"]),
        "days": number_text(facts["days"]),
        "quarter": quarter_text(facts["quarter"], facts["year"]),
    }
    return (
        _("%(count)s việc đến hạn %(quarter)s được xin loại khỏi chỉ tiêu trong %(days)s ngày trước hạn.") % told
        + " "
        + _("Lý do có từ bao giờ?")
    )


_QUESTIONS = {"text": _text, "file": _file, "burst": _burst, "last_day": _last_day, "exclusion": _exclusion}
