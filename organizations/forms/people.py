"""What an administrator types about people and their posts."""

from datetime import datetime, timedelta

from django import forms
from django.core.validators import RegexValidator
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import KnownPersonField, PageForm, UnitField
from organizations.models import Post, Unit
from organizations.phones import normal_phone
from organizations.services.units import midnight
from vietnamese.forms import DayField, Form

_USERNAME = RegexValidator(
    r"^[A-Za-z0-9._-]{3,60}$", _("Tên đăng nhập gồm chữ không dấu, số, dấu chấm, từ 3 đến 60 ký tự, viết liền.")
)


class PersonForm(PageForm):
    full_name = forms.CharField(
        label=_("Họ và tên"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "off"})
    )
    username = forms.CharField(
        label=_("Tên đăng nhập"),
        max_length=60,
        validators=[_USERNAME],
        help_text=_("Chữ không dấu, số, dấu chấm, viết liền; ví dụ an.nguyen."),
        widget=forms.TextInput(attrs={"autocomplete": "off", "autocapitalize": "none", "spellcheck": "false"}),
    )
    phone = forms.CharField(
        label=_("Số điện thoại"),
        max_length=20,
        required=False,
        help_text=_("Dùng để đăng nhập thay cho tên đăng nhập."),
        widget=forms.TextInput(attrs={"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(
        label=_("Thư điện tử (không bắt buộc)"), required=False, widget=forms.EmailInput(attrs={"autocomplete": "off"})
    )

    def clean_phone(self):
        typed = self.cleaned_data["phone"]
        if typed and not normal_phone(typed):
            raise forms.ValidationError(_("Số điện thoại không đúng. Ví dụ 0912 345 678."))
        return normal_phone(typed)


class PostForm(PageForm):
    """A role at a unit, from a day on: today means from now on."""

    role = forms.ChoiceField(label=_("Vai trò"), choices=[("", _("— Chọn —")), *Post.Role.choices])
    unit = UnitField(label=_("Tại đơn vị"))
    title = forms.CharField(
        label=_("Chức danh"), max_length=150, required=False, help_text=_("Như ghi trên văn bản, ví dụ Phó Bí thư.")
    )
    starts_on = DayField(label=_("Từ ngày"))
    ends_on = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chưa biết."))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].units = Unit.objects.visible_to(user)
        if user.post.unit_id is None:
            self.fields["unit"].required = False
            self.fields["unit"].help_text = _("Chỉ để trống cho quản trị viên chung của cả cổng.")

    def clean(self):
        data = super().clean()
        starts, ends = data.get("starts_on"), data.get("ends_on")
        if starts and ends and ends < starts:
            self.add_error("ends_on", _("Ngày kết thúc phải từ ngày bắt đầu trở đi."))
        if "unit" in data and data["unit"] is None and data.get("role") not in (None, "", Post.Role.ADMINISTRATOR):
            self.add_error("unit", _("Hãy chọn đơn vị."))
        return data

    def post(self, at: datetime) -> dict:
        """Return role, unit, title, starts_at and ends_at as `give_post` takes them."""
        data = self.cleaned_data
        starts_on, ends_on = data["starts_on"], data["ends_on"]
        return {
            "role": data["role"],
            "unit": data["unit"],
            "title": data["title"],
            "starts_at": at if starts_on == timezone.localdate(at) else midnight(starts_on),
            "ends_at": midnight(ends_on + timedelta(days=1)) if ends_on else None,
        }


class NewPersonForm(PersonForm, PostForm):
    """A new person with a first post: nobody is added who belongs nowhere."""

    field_order = ["full_name", "username", "phone", "email", "role", "unit", "title", "starts_on", "ends_on"]


class GivePostForm(PostForm):
    """A post for somebody who is known already, wherever they are."""

    person = KnownPersonField(label=_("Tên đăng nhập hoặc số điện thoại của người được giao"), max_length=60)
    field_order = ["person", "role", "unit", "title", "starts_on", "ends_on"]


class EndPostForm(PageForm):
    ends_on = DayField(
        label=_("Đến hết ngày"), required=False, help_text=_("Để trống để kết thúc ngay bây giờ, tính đến từng giây.")
    )

    def ends_at(self, at: datetime) -> datetime:
        day = self.cleaned_data["ends_on"]
        return midnight(day + timedelta(days=1)) if day else at


class PeopleFilter(Form):
    STANDING = [("", _("Đang dùng")), ("out", _("Đã ngừng")), ("all", _("Tất cả"))]

    q = forms.CharField(label=_("Tên, tên đăng nhập, số điện thoại"), max_length=100, required=False)
    unit = UnitField(label=_("Đơn vị (và cấp dưới)"), required=False, help_text="")
    standing = forms.ChoiceField(label=_("Tài khoản"), choices=STANDING, required=False)

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["unit"].units = Unit.objects.visible_to(user)
