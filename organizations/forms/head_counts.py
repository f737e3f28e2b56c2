"""What is typed about the members of a cell, and how the list of cells is narrowed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import PageForm
from organizations.models import MOST_MEMBERS
from vietnamese.forms import DayField, Form


class HeadCountForm(PageForm):
    members = forms.IntegerField(label=_("Số đảng viên của chi bộ"), min_value=0, max_value=MOST_MEMBERS)
    exempt = forms.IntegerField(
        label=_("Trong đó được miễn sinh hoạt"),
        min_value=0,
        max_value=MOST_MEMBERS,
        initial=0,
        help_text=_("Những đảng viên này không phải đăng ký việc cá nhân."),
    )
    exempt_reason = forms.CharField(
        label=_("Lý do miễn"),
        max_length=300,
        required=False,
        help_text=_("Cần ghi khi có người được miễn, ví dụ: tuổi cao, sức yếu. Không ghi tên ai."),
    )
    valid_from = DayField(label=_("Tính từ ngày"))


class CellFilter(Form):
    """What is in the address of the list; a value that cannot be read is left out."""

    STATES = [
        ("", _("Tất cả chi bộ")),
        ("ask", _("Chưa có hoặc đã cũ")),
        ("none", _("Chưa có số đảng viên")),
        ("old", _("Đã quá một năm")),
    ]

    q = forms.CharField(label=_("Tên hoặc mã"), max_length=100, required=False)
    state = forms.ChoiceField(label=_("Số đảng viên"), choices=STATES, required=False)
