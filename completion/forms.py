"""The ZIP of an old register an administrator hands in; what is wrong in a sealed quarter, and why."""

from django import forms
from django.utils.translation import gettext_lazy as _

from completion.history.zipped import refuse_bad_zip
from completion.models import CorrectionLine
from models_registry.lifecycle import Reason
from organizations.forms.fields import PageForm, UnitField, UploadForm
from vietnamese.forms import DayField


class ArchiveForm(UploadForm):
    file = forms.FileField(
        label=_("Tệp ZIP của sổ cũ"),
        max_length=150,
        help_text=_("Gồm units.csv, items.csv và events.csv, chữ UTF-8."),
        widget=forms.FileInput(attrs={"accept": ".zip"}),
    )

    def clean_file(self):
        file = super().clean_file()
        refuse_bad_zip(file)
        return file


class CorrectionLineForm(PageForm):
    """What is wrong with one work of a sealed quarter, and what is right where that must be told."""

    error = forms.ChoiceField(
        label=_("Sai sót"), choices=[("", _("Hãy chọn")), *CorrectionLine.Error.choices], initial=""
    )
    day = DayField(label=_("Ngày đúng"), required=False, help_text=_("Chỉ khi sai ngày hoàn thành hoặc sai hạn."))
    to_unit = UnitField(
        label=_("Đơn vị đúng"),
        required=False,
        help_text=_("Chỉ khi sai đơn vị: nhập mã hoặc vài chữ của tên (không cần dấu)."),
    )

    def __init__(self, *args, units, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to_unit"].units = units


class MoveForm(PageForm):
    """Until when the closing of a quarter is put off, and why."""

    day = DayField(label=_("Chốt vào đầu ngày"), help_text=_("Số liệu lấy đến 0 giờ của ngày này."))
    reason = forms.CharField(
        label=_("Lý do dời"),
        max_length=1000,
        min_length=Reason.REQUIRED.value,
        widget=forms.Textarea({"rows": 3, "data-autosize": 3}),
        help_text=_("Ít nhất %(count)d ký tự.") % {"count": Reason.REQUIRED.value},
    )


class ReasonForm(PageForm):
    """The reason of one who asks, or the answer of one who decides."""

    reason = forms.CharField(max_length=1000, required=False, widget=forms.Textarea({"rows": 3, "data-autosize": 3}))

    def __init__(self, *args, label: str, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["reason"].label = label
        self.fields["reason"].help_text = _("Ít nhất %(count)d ký tự.") % {"count": Reason.REQUIRED.value}
