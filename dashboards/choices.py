"""What a dashboard is asked for, read from its address: quarter, kind, rate, order. The link is the view."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django import forms
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from completion.quarters import Quarter
from completion.words import RATE_NAMES
from models_registry.models import WorkItem
from vietnamese.display import quarter_text
from vietnamese.forms import Form
from vietnamese.quarters import quarter_of

RATES = RATE_NAMES
ALL_KINDS = _("Tất cả các việc")
# The rows of the table of kinds: a label, and the kinds that are counted together.
KINDS = [
    (WorkItem.Kind.COLLECTIVE.label, (WorkItem.Kind.COLLECTIVE.value,)),
    (WorkItem.Kind.INDIVIDUAL.label, (WorkItem.Kind.INDIVIDUAL.value,)),
    (_("Tập thể và cá nhân, cộng lại"), (WorkItem.Kind.COLLECTIVE.value, WorkItem.Kind.INDIVIDUAL.value)),
    (WorkItem.Kind.ISSUE.label, (WorkItem.Kind.ISSUE.value,)),
]
# A view counts one of these rows together, or all; its name in an address joins the kinds.
KIND_CHOICES = [("ALL", ALL_KINDS), *(("-".join(kinds), label) for label, kinds in KINDS)]
RATES_OF_KINDS = ("r1", "r2", "r3", "r4", "r5")
# What a list of units behind a number is called; which units those are: dashboards/queries.py.
SILENT = {
    "registered": _("Chưa có việc được duyệt"),
    "freed": _("Được miễn đăng ký"),
    "members": _("Còn đảng viên chưa có việc được duyệt"),
    "members_exempt": _("Có đảng viên được miễn"),
    "uncounted": _("Chưa có số đảng viên"),
    "reported": _("Chưa gửi báo cáo quý"),
    "not_in_time": _("Chưa báo cáo, hoặc báo cáo muộn"),
    "exempt": _("Được miễn báo cáo quý"),
    "sent": _("Đã gửi báo cáo quý"),
    "sent_in_time": _("Đã gửi báo cáo quý đúng hạn"),
    "owed": _("Phải báo cáo quý"),
    "planned": _("Có việc được duyệt"),
    "obliged": _("Phải đăng ký"),
    "members_planned": _("Có đảng viên có việc được duyệt"),
    "members_owed": _("Có đảng viên phải đăng ký"),
}
# How the organisation of a figure is read; both are named wherever a figure stands.
VIEWS = {
    "dashboards:unit": _("Theo tổ chức tại thời điểm"),
    "dashboards:regrouped": _("Quy đổi theo tổ chức hiện nay"),
}
ITEM_RATES = ("r1", "r2", "r3", "r4", "r5", "r8")
PARTS = {
    "n": _("Hoàn thành (n)"),
    "N": _("Tính vào mẫu số (N)"),
    "rest": _("Chưa hoàn thành (N trừ n)"),
    "X": _("Được loại trừ (X)"),
}
PARTS_OF_CHECKS = {
    "n": _("Kiểm tra Đạt (n)"),
    "N": _("Phải kiểm tra (N)"),
    "rest": _("Chưa đạt hoặc chưa kiểm tra (N trừ n)"),
    "X": PARTS["X"],
}
# What N of a rate counts.
NOUNS = dict.fromkeys(ITEM_RATES, _("việc")) | {
    "r6": _("đơn vị"),
    "r6t": _("đơn vị"),
    "r7": _("đơn vị"),
    "r7m": _("đảng viên"),
    "r8": _("lần kiểm tra"),
}
MOST_YEARS = 10
SHOWN_BESIDE = ("r1", "r2", "r3", "r4", "r6", "r7")
SORTS = ("name", *RATES)


class ChoiceForm(Form):
    """Every field may be left out; what is not of the list is told, and the usual is shown."""

    quarter = forms.ChoiceField(label=_("Quý"), required=False)
    kind = forms.ChoiceField(label=_("Loại việc"), required=False)
    rate = forms.ChoiceField(label=_("Tỷ lệ"), choices=[("", ""), *RATES.items()], required=False)
    part = forms.ChoiceField(label=_("Phần của tỷ lệ"), choices=PARTS.items(), required=False)
    sort = forms.ChoiceField(label=_("Sắp xếp"), required=False)
    revision = forms.IntegerField(label=_("Bản"), required=False, min_value=1, max_value=9999)

    def __init__(self, data, *, quarters: list[Quarter]):
        super().__init__(data)
        self.fields["quarter"].choices = [(str(q), quarter_text(q.number, q.year)) for q in quarters]
        self.fields["kind"].choices = KIND_CHOICES
        self.fields["rate"].choices = RATES.items()
        self.fields["sort"].choices = [(name, name) for key in SORTS for name in (key, f"-{key}")]


@dataclass(frozen=True, slots=True)
class Choice:
    """One view of one unit's figures."""

    quarter: Quarter
    kind: str = "ALL"
    rate: str = "r2"
    part: str = "N"
    sort: str = "name"
    revision: int | None = None  # the newest

    @property
    def kind_label(self) -> str:
        return str(dict(KIND_CHOICES)[self.kind])

    @property
    def address(self) -> str:
        """Return the query that opens this view again; what narrows a list is added by the page."""
        asked = {"quarter": str(self.quarter), "kind": "" if self.kind == "ALL" else self.kind, "rate": self.rate}
        return urlencode({name: value for name, value in (asked | {"revision": self.revision}).items() if value})

    def of_rate(self, rate: str, kind: str = "") -> "Choice":
        """Return the same view of another rate and, where given, of another kind of works."""
        return replace(self, rate=rate, kind=kind or self.kind)


def unit_addresses(address: str, page: str = "dashboards:unit") -> Callable[[int], str]:
    """Return what gives the address of a unit's page in this view, by its id: a page of units reverses one URL."""
    before, after = reverse(page, args=[0]).rsplit("0", 1)
    return lambda unit: f"{before}{unit}{after}?{address}"


def present_quarter(today: date) -> Quarter:
    return Quarter(today.year, quarter_of(today))


def offered_quarters(first_year: int, today: date) -> list[Quarter]:
    """Return the quarters begun by today, newest first, back to the first year given, at most MOST_YEARS."""
    present = present_quarter(today)
    years = range(today.year, max(min(first_year, today.year), today.year - MOST_YEARS) - 1, -1)
    return [q for year in years for n in (4, 3, 2, 1) if (q := Quarter(year, n)) <= present]


def read_choice(data, *, quarters: list[Quarter], usual: Quarter) -> tuple[Choice, ChoiceForm]:
    """Return what was asked for, the usual where nothing or nothing sensible was, and the form that says so."""
    form = ChoiceForm(data, quarters=quarters)
    form.is_valid()
    asked = {name: value for name, value in form.cleaned_data.items() if value}
    asked["quarter"] = Quarter.parse(asked["quarter"]) if "quarter" in asked else usual
    if data.get("of", "") not in ("", str(asked["quarter"])):
        asked.pop("revision", None)  # it was another quarter's
    return Choice(**asked), form
