"""What is typed around a paper before it is issued: number, day, place, who signs."""

from datetime import date

from django import forms
from django.utils.translation import gettext_lazy as _

from reviews.models import IssuedPaper
from vietnamese.forms import DayField, Form


class IssueForm(Form):
    """`body` issues papers of `kind`; a number already given away that year is refused here, with the next one."""

    number = forms.IntegerField(label=_("Số"), min_value=1, max_value=99_999)
    unit_symbol = forms.CharField(
        label=_("Ký hiệu cơ quan ban hành"),
        max_length=30,
        help_text=_("Phần sau cùng của số, ký hiệu, ví dụ BTG trong “12-QĐ/BTG”."),
    )
    day = DayField(label=_("Ngày ban hành"))
    place = forms.CharField(label=_("Địa danh"), max_length=60, help_text=_("Ghi trước ngày tháng ở đầu văn bản."))
    post = forms.CharField(
        label=_("Chức vụ người ký"),
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("Đúng như in trên văn bản, ví dụ “KT. TRƯỞNG BAN” rồi xuống dòng “PHÓ TRƯỞNG BAN”."),
    )
    signer = forms.CharField(label=_("Họ và tên người ký"), max_length=120)

    def __init__(self, *args, body, kind: str, today: date, **kwargs):
        super().__init__(*args, **kwargs)
        self.body, self.kind, self.today = body, kind, today

    def clean_day(self):
        day = self.cleaned_data["day"]
        if day > self.today:
            raise forms.ValidationError(_("Ngày ban hành không thể ở sau hôm nay."))
        return day

    def clean(self):
        cleaned = super().clean()
        number, day = cleaned.get("number"), cleaned.get("day")
        if number and day:
            own = IssuedPaper.objects.filter(body=self.body, kind=self.kind, year=day.year)
            if own.filter(number=number).exists():
                self.add_error("number", _("Số này đã cấp cho văn bản khác trong năm. Hãy chọn số khác."))
        return cleaned


class DecisionIssueForm(IssueForm):
    """The same, with what the decision is based on."""

    grounds = forms.CharField(
        label=_("Căn cứ"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi căn cứ một dòng."),
    )


class DecisionFilter(Form):
    """Which decisions the next paper is about."""

    OUTCOMES = [
        ("", _("Duyệt và không duyệt")),
        ("approved", _("Chỉ hồ sơ được duyệt")),
        ("rejected", _("Chỉ hồ sơ không duyệt")),
    ]

    round = forms.TypedChoiceField(label=_("Đợt đăng ký"), coerce=int, empty_value=None, required=False)
    outcome = forms.ChoiceField(label=_("Kết quả"), choices=OUTCOMES, required=False)
    since = DayField(label=_("Công bố từ ngày"), required=False)
    until = DayField(label=_("đến ngày"), required=False)

    def __init__(self, data, *, rounds):
        super().__init__(data)
        self.fields["round"].choices = [("", _("Tất cả các đợt")), *((one.pk, str(one)) for one in rounds)]


class PaperFilter(Form):
    kind = forms.ChoiceField(
        label=_("Loại văn bản"), choices=[("", _("Tất cả")), *IssuedPaper.Kind.choices], required=False
    )
    year = forms.IntegerField(label=_("Năm"), min_value=2000, max_value=2200, required=False)
    number = forms.IntegerField(label=_("Số"), min_value=1, max_value=99_999, required=False)


class CodeForm(Form):
    """What a visitor types: the code, and maybe the file in hand."""

    code = forms.CharField(
        label=_("Mã kiểm tra"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}),
        help_text=_("In ở chân trang văn bản, gồm 16 chữ và số. Không có số 0, số 1, chữ O, I, L."),
    )
