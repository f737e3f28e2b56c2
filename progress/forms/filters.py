"""The filters of the lists, read from the address; a value nobody offers is as if it were not there."""

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import ItemState
from models_registry.models import WorkItem
from progress.models import QuarterlyCheck
from vietnamese import forms as vietnamese_forms
from vietnamese.display import quarter_text

WHEN = [
    ("overdue", _("Quá hạn")),
    ("soon", _("Sắp đến hạn")),
    ("untouched", _("Đến hạn trong 14 ngày, chưa có tiến độ")),
    ("refused", _("Báo cáo chưa được xác nhận")),
]
SORTS = [("due", _("Hạn gần trước")), ("-due", _("Hạn xa trước")), ("-id", _("Mới trước"))]
_quarter_text = lazy(quarter_text, str)
QUARTERS = [(str(number), _quarter_text(number)) for number in (1, 2, 3, 4)]


def _any(choices):
    return [("", _("Tất cả")), *choices]


def years_around(this_year: int, chosen: str = "") -> list[int]:
    """Return the years to choose from, newest first: next year, the three past, and the one asked for."""
    years = set(range(this_year - 3, this_year + 2))
    if chosen.isdecimal() and 2000 <= int(chosen[:6]) <= 2200:
        years.add(int(chosen[:6]))
    return sorted(years, reverse=True)


class ItemFilter(vietnamese_forms.Form):
    """Which items to list. `values` holds what could be understood, with its defaults."""

    q = forms.CharField(label=_("Tìm"), required=False, max_length=100)
    unit = forms.ChoiceField(label=_("Đơn vị"), required=False)
    kind = forms.ChoiceField(label=_("Loại việc"), required=False, choices=_any(WorkItem.Kind.choices))
    state = forms.ChoiceField(
        label=_("Trạng thái"),
        required=False,
        choices=_any([choice for choice in ItemState.choices if choice[0] != ItemState.PLANNED]),
    )
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int)
    quarter = forms.TypedChoiceField(
        label=_("Quý đến hạn"), required=False, coerce=int, empty_value=None, choices=_any(QUARTERS)
    )
    when = forms.ChoiceField(label=_("Hạn"), required=False, choices=_any(WHEN))
    sort = forms.ChoiceField(label=_("Sắp xếp"), required=False, choices=SORTS)
    mine = forms.BooleanField(label=_("Chờ tôi xác nhận"), required=False)

    def __init__(self, data, *, units, this_year, confirms: bool):
        super().__init__(data)
        self.fields["unit"].choices = _any([(str(unit.pk), unit.name) for unit in units])
        self.fields["year"].choices = [(y, str(y)) for y in years_around(this_year, data.get("year", ""))]
        self.this_year = this_year
        self.confirms = confirms
        self.data = self.data.copy()
        self.data.setdefault("year", str(this_year))

    @property
    def selects(self) -> list:
        """The lists to choose from; units only where there are some."""
        names = ("unit", "kind", "state", "year", "quarter", "when", "sort")
        return [self[name] for name in names if name != "unit" or len(self.fields["unit"].choices) > 1]

    @property
    def checks(self) -> list:
        return [self["mine"]] if self.confirms else []

    @property
    def values(self) -> dict:
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return found | {"year": found["year"] or self.this_year, "sort": found["sort"] or "due"}


class LaggingFilter(vietnamese_forms.Form):
    """Which lagging units to list: below which unit, by which kind of works."""

    unit = forms.ChoiceField(label=_("Đơn vị"), required=False)
    kind = forms.ChoiceField(label=_("Loại việc"), required=False, choices=_any(WorkItem.Kind.choices))

    def __init__(self, data, *, units):
        super().__init__(data)
        self.fields["unit"].choices = _any([(str(unit.pk), unit.name) for unit in units])

    @property
    def values(self) -> dict:
        self.is_valid()
        return {name: self.cleaned_data.get(name) or "" for name in self.fields}


class ReportFilter(vietnamese_forms.Form):
    """Which units to list for one quarter."""

    STATUSES = [
        ("missing", _("Chưa báo cáo")),
        ("sent", _("Báo cáo đúng hạn")),
        ("late", _("Báo cáo muộn")),
        ("exempt", _("Được miễn")),
        ("all", _("Tất cả")),
    ]

    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int)
    quarter = forms.TypedChoiceField(label=_("Quý"), required=False, coerce=int, choices=QUARTERS)
    status = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=STATUSES)
    q = forms.CharField(label=_("Tìm đơn vị"), required=False, max_length=100)

    def __init__(self, data, *, quarter: tuple[int, int]):
        super().__init__(data)
        self.fields["year"].choices = [(y, str(y)) for y in years_around(quarter[0], data.get("year", ""))]
        self.quarter = quarter
        self.data = self.data.copy()
        for name, value in zip(("year", "quarter", "status"), (*quarter, "missing"), strict=True):
            self.data.setdefault(name, str(value))

    @property
    def selects(self) -> list:
        return [self[name] for name in ("year", "quarter", "status")]

    @property
    def values(self) -> dict:
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return found | {
            "year": found["year"] or self.quarter[0],
            "quarter": found["quarter"] or self.quarter[1],
            "status": found["status"] or "missing",
        }


class CheckFilter(vietnamese_forms.Form):
    """Which checks of ongoing work to list: of one quarter, by what stands of them."""

    NOT_YET = "missing"
    VERDICTS = [(NOT_YET, _("Chưa kiểm tra")), *QuarterlyCheck.Verdict.choices]

    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int)
    quarter = forms.TypedChoiceField(label=_("Quý"), required=False, coerce=int, choices=QUARTERS)
    verdict = forms.ChoiceField(label=_("Kết quả"), required=False, choices=VERDICTS)

    def __init__(self, data, *, quarter: tuple[int, int]):
        super().__init__(data)
        self.fields["year"].choices = [(y, str(y)) for y in years_around(quarter[0], data.get("year", ""))]
        self.quarter = quarter
        self.data = self.data.copy()
        for name, value in zip(("year", "quarter", "verdict"), (*quarter, self.NOT_YET), strict=True):
            self.data.setdefault(name, str(value))

    @property
    def values(self) -> dict:
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        usual = dict(zip(("year", "quarter", "verdict"), (*self.quarter, self.NOT_YET), strict=True))
        return {name: value or usual[name] for name, value in found.items()}
