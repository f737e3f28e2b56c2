"""What is typed when somebody is to stand in for a secretary, or to take over."""

from datetime import datetime, timedelta

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import KnownPersonField, PageForm
from organizations.forms.people import PersonForm
from organizations.models import Person
from organizations.services.units import midnight
from vietnamese.forms import DayField


def from_day(day, at: datetime) -> datetime:
    """Return the instant a day chosen now begins to count: today means from now on."""
    return at if day == timezone.localdate(at) else midnight(day)


class DelegateForm(PageForm):
    """Who stands in, and from when until when."""

    person = forms.ModelChoiceField(
        label=_("Người được ủy quyền"),
        queryset=Person.objects.none(),
        widget=forms.RadioSelect,
        empty_label=None,
        error_messages={"required": _("Hãy chọn một người.")},
    )
    starts_on = DayField(label=_("Từ ngày"), help_text=_("Hôm nay nghĩa là từ lúc này."))
    ends_on = DayField(
        label=_("Đến hết ngày"), help_text=_("Muộn nhất là 31/12 của năm bắt đầu. Có thể thôi bất cứ lúc nào.")
    )

    def __init__(self, *args, people, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people

    def times(self, at: datetime) -> dict:
        """Return starts_at and ends_at as `delegate` takes them."""
        first, last = self.cleaned_data["starts_on"], self.cleaned_data["ends_on"]
        return {"starts_at": from_day(first, at), "ends_at": midnight(last + timedelta(days=1))}


class HandOverForm(PersonForm):
    """Who takes over: somebody known already, or somebody new by name; and from when."""

    person = KnownPersonField(
        label=_("Người đã có tài khoản: tên đăng nhập hoặc số điện thoại"),
        max_length=60,
        required=False,
        help_text=_("Để trống nếu bí thư mới chưa có tài khoản, rồi điền ba ô dưới."),
    )
    title = forms.CharField(
        label=_("Chức danh"), max_length=150, required=False, help_text=_("Như ghi trên văn bản, ví dụ Bí thư chi bộ.")
    )
    starts_on = DayField(
        label=_("Nhận bàn giao từ ngày"), help_text=_("Hôm nay nghĩa là từ lúc này, tính đến từng giây.")
    )
    field_order = ["person", "full_name", "username", "phone", "title", "starts_on"]

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        del self.fields["email"]
        for name in ("full_name", "username"):
            self.fields[name].required = False

    def clean(self):
        data = super().clean()
        typed = [name for name in ("full_name", "username") if data.get(name)]
        if data.get("person") and typed:
            self.add_error("person", _("Hãy chọn người đã có tài khoản, hoặc điền người mới; không cả hai."))
        if not data.get("person") and "person" not in self.errors:
            for name in ("full_name", "username"):
                if name not in typed and name not in self.errors:
                    self.add_error(name, _("Hãy điền người nhận bàn giao."))
        return data

    def newcomer(self) -> dict:
        """Return who is to be added, as `add_person` takes it."""
        return {name: self.cleaned_data[name] for name in ("full_name", "username", "phone")}
