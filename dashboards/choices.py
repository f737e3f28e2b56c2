"""What a dashboard is asked for, read from its address: quarter, kind, rate, order. The link is the view."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache

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


# Of what was asked sensibly no form has anything to say.
SENSIBLE = Form({})


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
        kind = "" if self.kind == "ALL" else f"&kind={self.kind}"
        revision = f"&revision={self.revision}" if self.revision else ""
        return f"quarter={self.quarter}{kind}&rate={self.rate}{revision}"

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


@dataclass(frozen=True, slots=True)
class Offered:
    """The fields of the form of a view with their choices; alike for all who look at the same, and so drawn once.

    Iterated, it gives each with `options` as words for `rows`. `wrong` are those whose value was told to be none.
    """

    chosen: tuple[tuple[str, str], ...]
    quarters: tuple[Quarter, ...]
    wrong: frozenset[str]

    def __iter__(self):
        form = ChoiceForm({}, quarters=list(self.quarters))
        for name, chosen in self.chosen:
            field = form[name]
            field.is_wrong = name in self.wrong
            field.options = [
                {"value": value, "label": label, "selected": "selected" if value == chosen else ""}
                for value, label in field.field.choices
            ]
            yield field


def read_choice(data, *, quarters: list[Quarter], usual: Quarter) -> tuple[Choice, Form, Offered]:
    """Return what was asked for, the usual where nothing or nothing sensible was; the form that says so; its fields."""
    offered = tuple(quarters)
    asked = _asked(tuple((name, data[name]) for name in ChoiceForm.base_fields if name in data), offered)
    form = SENSIBLE if asked is not None else ChoiceForm(data, quarters=quarters)
    found = dict(asked) if form.is_valid() else {name: value for name, value in form.cleaned_data.items() if value}
    found["quarter"] = Quarter.parse(found["quarter"]) if "quarter" in found else usual
    if data.get("of", "") not in ("", str(found["quarter"])):
        found.pop("revision", None)  # it was another quarter's
    choice = Choice(**found)
    chosen = tuple((name, str(getattr(choice, name))) for name in ("quarter", "kind", "rate"))
    return choice, form, Offered(chosen, offered, frozenset(form.errors))


@lru_cache(maxsize=512)
def _asked(data: tuple[tuple[str, str], ...], quarters: tuple[Quarter, ...]) -> dict | None:
    """Return what an address asks for, None where a form must say what of it is none."""
    form = ChoiceForm(dict(data), quarters=list(quarters))
    return {name: value for name, value in form.cleaned_data.items() if value} if form.is_valid() else None
