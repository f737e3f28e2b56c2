"""Forms of a round's roster: what to show of it, and whom to exempt."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.plans import ReasonForm
from models_registry.models import Obligation
from organizations.models import Unit
from vietnamese.forms import Form


class RosterFilter(Form):
    """The filters of a roster, from the address; what makes no sense is left out, not refused."""

    status = forms.ChoiceField(label=_("Tình trạng"), required=False)
    kind = forms.ChoiceField(label=_("Loại đơn vị"), required=False)
    owes = forms.ChoiceField(label=_("Phải gửi"), required=False)
    q = forms.CharField(
        label=_("Tên đơn vị"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )

    # Everything below this unit: set by the pages that lead here.
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["status"].choices = [("", _("Tất cả")), *Obligation.Status.choices]
        self.fields["kind"].choices = [("", _("Tất cả")), *Unit.Kind.choices]
        self.fields["owes"].choices = [("", _("Tất cả")), *Obligation.Owes.choices]
        for field in (self.fields[name] for name in ("status", "kind", "owes", "q")):
            small = isinstance(field.widget, forms.Select)
            field.widget.attrs["class"] = "form-select" if small else "form-control"

    def chosen(self) -> dict:
        self.is_valid()
        good = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in good:
            good["name"] = good.pop("q")
        return good


class MemberFilter(Form):
    """The filters of the members of a round, from the address; what makes no sense is left out."""

    STATUSES = [
        ("", _("Tất cả chi bộ")),
        ("missing", _("Còn đảng viên chưa đăng ký")),
        ("sent", _("Có đảng viên gửi đúng hạn")),
        ("late", _("Có đảng viên gửi muộn")),
        ("exempt", _("Có đảng viên được miễn")),
        ("beyond", _("Đăng ký ngoài số phải đăng ký")),
        ("uncounted", _("Chưa có số đảng viên")),
    ]

    status = forms.ChoiceField(label=_("Tình trạng"), choices=STATUSES, required=False)
    q = forms.CharField(
        label=_("Tên chi bộ"), required=False, max_length=100, widget=forms.TextInput(attrs={"type": "search"})
    )
    unit = forms.ModelChoiceField(queryset=Unit.objects.none(), required=False, widget=forms.HiddenInput)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = Unit.objects.visible_to(user)
        self.fields["status"].widget.attrs["class"] = "form-select"
        self.fields["q"].widget.attrs["class"] = "form-control"

    def chosen(self) -> dict:
        self.is_valid()
        good = {name: value for name, value in self.cleaned_data.items() if value}
        if "q" in good:
            good["name"] = good.pop("q")
        return good


class ExemptForm(ReasonForm):
    rows = forms.ModelMultipleChoiceField(
        queryset=None,
        widget=forms.MultipleHiddenInput,
        error_messages={"required": _("Hãy đánh dấu ít nhất một đơn vị.")},
    )

    def __init__(self, *args, rows, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["rows"].queryset = rows
