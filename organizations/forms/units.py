"""What an administrator types about units."""

from django import forms
from django.core.validators import RegexValidator
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import PageForm, UnitField
from organizations.models import Unit
from vietnamese.forms import DayField, Form

_CODE = RegexValidator(r"^[^\s·]+$", _("Mã viết liền, không có dấu cách."))


class UnitForm(PageForm):
    name = forms.CharField(label=_("Tên đơn vị"), max_length=300)
    kind = forms.ChoiceField(label=_("Loại"), choices=[("", _("— Chọn —")), *Unit.Kind.choices])
    code = forms.CharField(
        label=_("Mã"), max_length=40, validators=[_CODE], help_text=_("Ngắn, không trùng, ví dụ CB-AP1.")
    )
    parent = UnitField(label=_("Trực thuộc"))
    valid_from = DayField(label=_("Hoạt động từ ngày"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].units = Unit.objects.visible_to(user)
        self.fields["parent"].required = user.post.unit_id is not None

    def clean_code(self):
        code = self.cleaned_data["code"]
        if Unit.objects.filter(code__iexact=code).exists():
            raise forms.ValidationError(_("Mã này đã có đơn vị khác dùng."))
        return code


class _Decided(PageForm):
    on = DayField(label=_("Từ ngày"))
    decision = forms.CharField(
        label=_("Số, ký hiệu quyết định"), max_length=100, required=False, help_text=_("Ví dụ 12-QĐ/HU.")
    )


class CorrectUnitForm(_Decided):
    name = forms.CharField(label=_("Tên đơn vị"), max_length=300)
    kind = forms.ChoiceField(label=_("Loại"), choices=Unit.Kind)
    code = forms.CharField(label=_("Mã"), max_length=40, validators=[_CODE])
    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    field_order = ["name", "kind", "code", "on", "decision"]

    def __init__(self, *args, unit: Unit, **kwargs):
        super().__init__(*args, **kwargs)
        self.unit = unit

    def clean_code(self):
        code = self.cleaned_data["code"]
        if Unit.objects.filter(code__iexact=code).exclude(pk=self.unit.pk).exists():
            raise forms.ValidationError(_("Mã này đã có đơn vị khác dùng."))
        return code


class MoveUnitForm(_Decided):
    parent = UnitField(label=_("Chuyển về trực thuộc"))
    field_order = ["parent", "on", "decision"]

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["parent"].units = Unit.objects.visible_to(user)
        if user.post.unit_id is None:
            self.fields["parent"].required = False
            self.fields["parent"].help_text = _("Để trống nếu đơn vị trở thành đơn vị đứng đầu.")


class EndUnitForm(_Decided):
    on = DayField(
        label=_("Kết thúc từ ngày"), help_text=_("Ngày đầu tiên đơn vị không còn hoạt động."),
    )  # fmt: skip


class BodyForm(PageForm):
    body = UnitField(label=_("Cơ quan thẩm định"))
    valid_from = DayField(label=_("Từ ngày"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["body"].units = Unit.objects.visible_to(user)


class EndBodyForm(PageForm):
    on = DayField(label=_("Thôi thẩm định từ ngày"))


class UnitFilter(Form):
    """What is in the address of the list; a value that cannot be read is left out."""

    STANDING = [("", _("Đang hoạt động")), ("ended", _("Đã kết thúc")), ("all", _("Tất cả"))]

    q = forms.CharField(label=_("Tên hoặc mã"), max_length=100, required=False)
    kind = forms.ChoiceField(label=_("Loại"), choices=[("", _("Mọi loại")), *Unit.Kind.choices], required=False)
    standing = forms.ChoiceField(label=_("Tình trạng"), choices=STANDING, required=False)
    day = DayField(label=_("Tính đến ngày"), required=False)
