"""What is typed about one item: a report with its evidence, a step's reason, a request, an answer."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import Reason
from models_registry.models import MeasureUnit
from models_registry.uploads import ACCEPT, take_in
from progress.models import ChangeRequest, Fact, QuarterlyCheck
from vietnamese import forms as vietnamese_forms

MOST_FILES = 10
LONGEST_TEXT = 5000


def long_text(label, *, rows=4, longest=LONGEST_TEXT, **kwargs):
    attrs = {
        "rows": rows,
        "data-autosize": rows,
        "data-counter": _("Còn {n} ký tự"),
        "data-counter-over": _("Quá {n} ký tự"),
    }
    return forms.CharField(label=label, max_length=longest, widget=forms.Textarea(attrs=attrs), **kwargs)


def reason_field(label=None, **kwargs):
    """A reason of at least as many characters as the gate asks for."""
    return long_text(
        label or _("Lý do"),
        rows=3,
        longest=1000,
        min_length=Reason.REQUIRED.value,
        help_text=_("Ít nhất %(count)d ký tự.") % {"count": Reason.REQUIRED.value},
        **kwargs,
    )


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """Several files at once, each judged by its content; one bad file is told by its name."""

    widget = ManyFilesInput(attrs={"accept": ACCEPT})

    def clean(self, data, initial=None):
        files = [super(ManyFilesField, self).clean(file, initial) for file in data or [None]]
        files = [file for file in files if file]
        if len(files) > MOST_FILES:
            raise ValidationError(gettext("Mỗi lần gửi tối đa %(most)d tệp.") % {"most": MOST_FILES})
        taken, refusals = [], []
        for file in files:
            try:
                taken.append(take_in(file))
            except ValidationError as refusal:
                refusals += refusal.messages
        if refusals:
            raise ValidationError(refusals)
        return taken


class CrispyForm(vietnamese_forms.Form):
    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_tag = False
        helper.disable_csrf = True
        return helper

    def take(self, refusal: ValidationError) -> None:
        """Show what a service refused, at its field where the form has it."""
        if not hasattr(refusal, "error_dict"):
            self.add_error(None, refusal)
            return
        for name, errors in refusal.error_dict.items():
            self.add_error(name if name in self.fields else None, errors)


class CompletionForm(CrispyForm):
    """The unit's report that an item is done."""

    completed_on = vietnamese_forms.DayField(label=_("Ngày hoàn thành"))
    result = long_text(_("Kết quả"), help_text=_("Nêu việc đã làm được, không cần khẩu hiệu."))
    value = vietnamese_forms.NumberField(
        label=_("Số lượng đạt được"), required=False, min_value=0, max_digits=14, decimal_places=2
    )
    measure = forms.ModelChoiceField(
        label=_("Đơn vị tính"), queryset=MeasureUnit.objects.none(), required=False, empty_label=_("Chọn đơn vị tính")
    )
    files = ManyFilesField(
        label=_("Minh chứng"),
        help_text=_("Ít nhất một tệp: ảnh, biên bản, danh sách… PDF, DOCX, XLSX, JPG hoặc PNG."),
        error_messages={"required": _("Hãy đính kèm ít nhất một minh chứng.")},
    )

    def __init__(self, *args, draft: bool = False, has_files: bool = False, interim: bool = False, **kwargs):
        """A draft may lack anything; files kept before need not be chosen again. How far an item is needs no day."""
        super().__init__(*args, **kwargs)
        if interim:
            del self.fields["completed_on"]
            self.fields["result"].label = _("Đã làm được gì")
            self.fields["value"].label = _("Số lượng đạt được đến nay")
            self.fields["files"].help_text = _("Không bắt buộc: ảnh, biên bản, danh sách…")
        self.fields["measure"].queryset = MeasureUnit.objects.all()
        self.fields["files"].required = not (has_files or draft or interim)
        if draft:
            for name in {"completed_on", "result"} & set(self.fields):
                self.fields[name].required = False

    def clean(self):
        cleaned = super().clean()
        if cleaned.get("value") is not None and not cleaned.get("measure") and "measure" not in self.errors:
            self.add_error("measure", _("Hãy chọn đơn vị tính của số lượng."))
        return cleaned


class StepForm(CrispyForm):
    """What a step of the superior asks: a reason, or nothing."""

    reason = reason_field()

    def __init__(self, *args, needs_reason: bool, **kwargs):
        super().__init__(*args, **kwargs)
        if not needs_reason:
            del self.fields["reason"]


class CheckForm(CrispyForm):
    """What the check of one quarter of ongoing work found; `replaces` is the check the page showed."""

    verdict = forms.ChoiceField(
        label=_("Kết quả kiểm tra"), choices=QuarterlyCheck.Verdict.choices, widget=forms.RadioSelect
    )
    remark = long_text(
        _("Nhận xét"), rows=3, longest=1000, required=False, help_text=_("Bắt buộc khi chưa đạt, ít nhất 10 ký tự.")
    )
    replaces = forms.IntegerField(required=False, widget=forms.HiddenInput)


# The fields each kind of request asks beyond its reason.
REQUEST_FIELDS = {
    ChangeRequest.Kind.EXTEND: ("due_on",),
    ChangeRequest.Kind.EXCLUDE: ("exclusion", "effective_on"),
    ChangeRequest.Kind.SUSPEND: ("effective_on",),
    ChangeRequest.Kind.RESUME: ("effective_on",),
    ChangeRequest.Kind.TERMINATE: ("effective_on",),
    ChangeRequest.Kind.CARRY_OVER: ("due_on",),
}


class RequestForm(CrispyForm):
    """What a unit asks of the board head."""

    due_on = vietnamese_forms.DayField(label=_("Hạn mới"))
    exclusion = forms.ChoiceField(label=_("Lý do loại trừ"), choices=[("", _("Hãy chọn")), *Fact.Exclusion.choices])
    effective_on = vietnamese_forms.DayField(label=_("Có hiệu lực từ ngày"))
    reason = reason_field(_("Giải trình"))

    def __init__(self, *args, kind: str, **kwargs):
        super().__init__(*args, **kwargs)
        for name in {"due_on", "exclusion", "effective_on"} - set(REQUEST_FIELDS[kind]):
            del self.fields[name]


class CarryOverForm(CrispyForm):
    """Which works a unit asks into the next year, until when and why."""

    items = forms.TypedMultipleChoiceField(
        label=_("Việc chuyển tiếp"), coerce=int, error_messages={"required": _("Hãy chọn ít nhất một việc.")}
    )
    due_on = vietnamese_forms.DayField(label=_("Hạn mới của các việc đã chọn"))
    reason = reason_field(_("Lý do chưa xong"))

    def __init__(self, *args, offered, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["items"].choices = [(pk, str(pk)) for pk in offered]


class AnswerForm(CrispyForm):
    """The board head's answer: a reason when it is no."""

    answers = (ChangeRequest.Outcome.GRANTED, ChangeRequest.Outcome.REFUSED)
    outcome = forms.ChoiceField(
        choices=[(one.value, one.label) for one in answers], widget=forms.HiddenInput, required=False
    )
    answer = long_text(_("Ý kiến"), rows=3, longest=1000, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["answer"].help_text = _("Bắt buộc khi không đồng ý, ít nhất %(count)d ký tự.") % {
            "count": Reason.REQUIRED.value
        }
