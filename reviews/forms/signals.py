"""What the board asks of its signals, and what it answers."""

from django import forms
from django.utils.functional import lazy
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from reviews.models import Signal, SignalThresholds
from reviews.queries.signals import ALL, ANSWERED, ENDED, OPEN
from vietnamese import forms as vietnamese_forms


class SignalFilter(vietnamese_forms.Form):
    """Which signals to list; a value nobody offers is as if it were not there."""

    STATUSES = [
        (OPEN, _("Chưa xem")),
        (ANSWERED, _("Đã xem")),
        (ENDED, _("Không còn")),
        (ALL, _("Tất cả")),
    ]

    q = forms.CharField(label=_("Tìm đơn vị"), required=False, max_length=100)
    kind = forms.ChoiceField(required=False, choices=Signal.Kind.choices, widget=forms.HiddenInput)
    status = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=STATUSES)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int)
    unit = forms.IntegerField(required=False, min_value=1, max_value=10**15, widget=forms.HiddenInput)

    def __init__(self, data, *, this_year: int):
        super().__init__(data)
        self.fields["year"].choices = [(year, str(year)) for year in range(this_year + 1, this_year - 4, -1)]
        self.this_year = this_year
        self.data = self.data.copy()
        self.data.setdefault("year", str(this_year))

    @property
    def selects(self) -> list:
        return [self[name] for name in ("status", "year")]

    @property
    def values(self) -> dict:
        self.is_valid()
        found = {name: self.cleaned_data.get(name) for name in self.fields}
        return found | {
            "year": found["year"] or self.this_year,
            "status": found["status"] or OPEN,
            "q": found["q"] or "",
            "kind": found["kind"] or "",
        }


class AnswerForm(vietnamese_forms.Form):
    note = forms.CharField(
        label=_("Đã xem thế nào"),
        max_length=500,
        help_text=_("Ví dụ: Đã xem, không vướng gì: hai chi bộ cùng ra quân một buổi, chung một biên bản."),
        widget=forms.Textarea(attrs={"rows": 3}),
    )


def _limit(name: str, least: int, most: int) -> forms.IntegerField:
    field = SignalThresholds._meta.get_field(name)
    told = {"least": least, "most": most, "usual": field.default}
    said = _("Từ %(least)d đến %(most)d; thường dùng %(usual)d.")
    return forms.IntegerField(
        label=capfirst(field.verbose_name), min_value=least, max_value=most, help_text=lazy(lambda: said % told, str)()
    )


class ThresholdsForm(vietnamese_forms.Form):
    """From when on the board is asked; the limits keep a question from being asked of everybody."""

    alike_passages = _limit("alike_passages", 1, 50)
    alike_percent = _limit("alike_percent", 1, 100)
    common_units = _limit("common_units", 2, 500)
    file_days = _limit("file_days", 0, 366)
    burst_count = _limit("burst_count", 2, 1000)
    burst_minutes = _limit("burst_minutes", 1, 240)
    last_day_works = _limit("last_day_works", 2, 100)
    last_day_percent = _limit("last_day_percent", 50, 100)
    exclusions = _limit("exclusions", 1, 100)
    exclusion_days = _limit("exclusion_days", 1, 90)

    GROUPS = (
        (Signal.Kind.TEXT, ("alike_passages", "alike_percent", "common_units")),
        (Signal.Kind.FILE, ("file_days",)),
        (Signal.Kind.BURST, ("burst_count", "burst_minutes")),
        (Signal.Kind.LAST_DAY, ("last_day_works", "last_day_percent")),
        (Signal.Kind.EXCLUSION, ("exclusions", "exclusion_days")),
    )

    def groups(self):
        """Yield (what is asked, its fields), in the order of the kinds."""
        for kind, names in self.GROUPS:
            yield kind.label, [self[name] for name in names]
