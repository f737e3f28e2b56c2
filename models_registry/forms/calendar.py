"""Entering days off and days worked instead."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import PageForm
from vietnamese.forms import DayField


class SpecialDaysForm(PageForm):
    name = forms.CharField(label=_("Tên ngày nghỉ"), max_length=100, help_text=_("Ví dụ: Tết Nguyên đán."))
    first_on = DayField(label=_("Từ ngày"))
    last_on = DayField(label=_("Đến hết ngày"), required=False, help_text=_("Để trống nếu chỉ một ngày."))
    works = forms.BooleanField(label=_("Đây là thứ Bảy, Chủ nhật đi làm bù"), required=False)

    def clean(self):
        given = super().clean()
        given["last_on"] = given.get("last_on") or given.get("first_on")
        return given
