"""The forms of a session: its facts, the dossiers on its agenda, what was concluded on one."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.writing import NoSecrets
from reviews.models import Session, SessionPoint
from vietnamese.forms import DayField, Form, ModelForm

TIME = {"placeholder": "08:00", "inputmode": "numeric", "autocomplete": "off"}


class SessionForm(NoSecrets, ModelForm):
    """People are written as the minutes name them: somebody invited need not have an account here."""

    edition = forms.IntegerField(widget=forms.HiddenInput, initial=0)
    held_on = DayField(label=_("Ngày họp"))
    begins_at = forms.TimeField(label=_("Bắt đầu lúc"), widget=forms.TimeInput(format="%H:%M", attrs=TIME))
    ends_at = forms.TimeField(
        label=_("Kết thúc lúc"), required=False, widget=forms.TimeInput(format="%H:%M", attrs=TIME)
    )

    class Meta:
        model = Session
        fields = (
            "title",
            "held_on",
            "begins_at",
            "ends_at",
            "place",
            "chair",
            "secretary",
            "attendees",
            "absent",
            "conclusion",
        )
        help_texts = {
            "chair": _("Họ và tên, chức vụ, cách nhau bằng dấu phẩy."),
            "secretary": _("Họ và tên, chức vụ, cách nhau bằng dấu phẩy."),
            "attendees": _("Mỗi người một dòng: họ và tên, chức vụ."),
            "conclusion": _("Có thể điền sau phiên họp."),
        }
        widgets = {
            "attendees": forms.Textarea(attrs={"rows": 6}),
            "absent": forms.Textarea(attrs={"rows": 2}),
            "conclusion": forms.Textarea(attrs={"rows": 6}),
        }

    def clean(self):
        cleaned = super().clean()
        begins, ends = cleaned.get("begins_at"), cleaned.get("ends_at")
        if begins and ends and ends <= begins:
            self.add_error("ends_at", _("Giờ kết thúc phải sau giờ bắt đầu."))
        return cleaned


class PointForm(NoSecrets, ModelForm):
    edition = forms.IntegerField(widget=forms.HiddenInput)

    class Meta:
        model = SessionPoint
        fields = ("discussion", "conclusion")
        widgets = {
            "discussion": forms.Textarea(attrs={"rows": 8}),
            "conclusion": forms.Textarea(attrs={"rows": 4}),
        }


class PointFilter(Form):
    """Which dossiers may come on the agenda."""

    q = forms.CharField(
        label=_("Tên mô hình, bản đăng ký"),
        max_length=200,
        required=False,
        widget=forms.TextInput(attrs={"type": "search", "placeholder": _("Gõ có dấu hoặc không dấu")}),
    )
    decided = forms.BooleanField(label=_("Cả hồ sơ đã có kết luận"), required=False)
