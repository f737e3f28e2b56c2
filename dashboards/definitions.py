"""What each rate counts, in one sentence, and where a figure comes from: on pages, in files and in print."""

from collections.abc import Iterator

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from completion.queries.figures import Passport
from dashboards.choices import RATES, Choice
from vietnamese.display import day_text, instant_text, quarter_text

DEFINITIONS = {
    "r1": gettext_lazy("Trong các việc đến hạn trong quý, không kể việc được loại trừ, bao nhiêu việc đã hoàn thành."),
    "r2": gettext_lazy(
        "Trong các việc đến hạn từ 01/01 đến hết quý, không kể việc được loại trừ, bao nhiêu việc đã hoàn thành."
    ),
    "r3": gettext_lazy(
        "Trong các việc của cả năm đã được duyệt đến hết quý, không kể việc được loại trừ, bao nhiêu việc hoàn thành."
    ),
    "r4": gettext_lazy(
        "Trong các việc đến hạn trong quý, không kể việc được loại trừ, bao nhiêu việc hoàn thành không muộn hơn hạn."
    ),
    "r5": gettext_lazy(
        "Trong các việc đến hạn ở các quý trước của năm mà lúc chốt quý trước chưa xong, bao nhiêu việc nay đã xong."
    ),
    "r6": gettext_lazy("Trong các đơn vị phải báo cáo quý, không kể đơn vị được miễn, bao nhiêu đơn vị đã gửi."),
    "r6t": gettext_lazy("Trong các đơn vị phải báo cáo quý, không kể đơn vị được miễn, bao nhiêu đơn vị gửi đúng hạn."),
    "r7": gettext_lazy(
        "Trong các đơn vị phải đăng ký, không kể đơn vị được miễn, bao nhiêu đơn vị có ít nhất một việc được duyệt."
    ),
    "r7m": gettext_lazy(
        "Trong số đảng viên phải đăng ký, không kể người được miễn, bao nhiêu người có ít nhất một việc được duyệt."
    ),
    "r8": gettext_lazy("Trong các lần kiểm tra việc thường xuyên phải có trong quý, bao nhiêu lần Đạt."),
}


def told(passport: Passport) -> Iterator[tuple[str, str]]:
    """Yield (what, value) of all a figure of this revision says of itself, the period first."""
    low, high = passport.thresholds
    yield _("Kỳ"), quarter_text(passport.quarter.number, passport.quarter.year)
    yield _("Bản số liệu"), state_text(passport)
    yield _("Số liệu đến"), instant_text(passport.as_of)
    yield _("Tính lúc"), instant_text(passport.computed_at)
    yield _("Cây tổ chức"), tree_text(passport)
    yield _("Quy tắc tính"), passport.rule_version
    yield _("Ngưỡng"), _("thấp: dưới %(low)s%%; cao: từ %(high)s%%") % {"low": low, "high": high}
    yield _("Ít việc"), _("dưới %(few)s việc thì không xếp hạng") % {"few": passport.few_items}
    if passport.input_hash:
        yield _("Mã băm"), passport.input_hash


def state_text(passport: Passport) -> str:
    """Return "Đã chốt, bản 1" or "Tạm tính"."""
    return _("Đã chốt, bản %(number)d") % {"number": passport.revision} if passport.sealed else _("Tạm tính")


def tree_text(passport: Passport) -> str:
    """Return of which day the tree is that the figures were summed over."""
    return _("tại thời điểm hết ngày %(day)s") % {"day": day_text(passport.tree_day)}


def above_of(passport: Passport, choice: Choice) -> list[str]:
    """Return the lines that say what a list counts and where its figures come from."""
    lines = [f"{RATES[choice.rate]}. {DEFINITIONS[choice.rate]}", choice.kind_label]
    return lines + [f"{what}: {value}" for what, value in told(passport)]
