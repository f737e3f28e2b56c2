"""What a head types to give dossiers out, who is away, and what conflicts with somebody's interest."""

from collections.abc import Sequence
from urllib.parse import urlencode

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.models import Dossier, Programme, RegistrationRound, Theme
from organizations.forms.fields import PageForm, UnitField
from organizations.models import Unit
from reviews.queries.assigning import Seat
from reviews.queries.planning import EVENLY, HAND, MOST, RULE
from vietnamese.forms import DayField

WAITING, SHORT, UNFIT = "waiting", "short", "unfit"
METHODS = [
    (EVENLY, _("Chia đều, tránh xung đột lợi ích")),
    (RULE, _("Theo quy tắc phân công")),
    (HAND, _("Tất cả cho một người")),
]
ANY = ("", _("Tất cả"))
REASON = {
    "label": _("Lý do"),
    "min_length": 10,
    "max_length": 500,
    "widget": forms.Textarea(attrs={"rows": 3}),
    "error_messages": {"min_length": _("Hãy nêu lý do, ít nhất 10 ký tự.")},
}


def _typed_unit(user, **kwargs) -> UnitField:
    field = UnitField(**kwargs)
    field.units = Unit.objects.visible_to(user)
    for name in [name for name in field.widget.attrs if name == "list" or name.startswith("hx-")]:
        del field.widget.attrs[name]
    return field


class PlanForm(PageForm):
    """Which dossiers are to be given out and how; it stands in the address, so that a rehearsal is a link."""

    source = forms.ChoiceField(label=_("Hồ sơ nào"))
    round = forms.TypedChoiceField(label=_("Đợt đăng ký"), coerce=int, empty_value=None, required=False)
    kind = forms.ChoiceField(label=_("Loại hồ sơ"), choices=[ANY, *Dossier.Kind.choices], required=False)
    method = forms.ChoiceField(label=_("Cách phân công"), choices=METHODS)
    to = forms.TypedChoiceField(
        label=_("Giao cho (khi chọn tất cả cho một người)"), coerce=int, empty_value=None, required=False
    )
    cap = forms.IntegerField(
        label=_("Mỗi người giữ nhiều nhất (hồ sơ)"), min_value=1, max_value=MOST, required=False,
        help_text=_("Tính cả hồ sơ đang giữ. Để trống nếu không giới hạn."),
    )  # fmt: skip

    def __init__(self, data, *, user, seats: Sequence[Seat]):
        super().__init__(data, initial={"source": WAITING, "method": EVENLY})
        holders = [(str(seat.person.pk), _("Đang ở %(who)s") % {"who": seat.person}) for seat in seats if seat.holds]
        unfit = _("Trong tay người vắng mặt, đã thôi vai trò hoặc có xung đột lợi ích")
        self.fields["source"].choices = [
            (WAITING, _("Đang chờ nhận")),
            (SHORT, _("Còn thiếu người chấm")),
            (UNFIT, unfit),
            *holders,
        ]
        people = [(seat.person.pk, str(seat.person)) for seat in seats if seat.current and seat.away is None]
        self.fields["to"].choices = [("", _("Chọn một người")), *people]
        rounds = RegistrationRound.objects.filter(body=user.post.unit_id).only("name")
        self.fields["round"].choices = [ANY, *((one.pk, str(one)) for one in rounds)]

    def clean(self):
        given = super().clean()
        if given.get("method") == HAND and not given.get("to") and "to" not in self.errors:
            self.add_error("to", _("Hãy chọn một người."))
        return given

    def address(self) -> str:
        return urlencode({name: value for name, value in self.cleaned_data.items() if value not in (None, "")})


class PersonForm(PageForm):
    """A form about one of the board's people."""

    person = forms.TypedChoiceField(label=_("Người của Ban"), coerce=int)

    def __init__(self, data=None, *, people, **kwargs):
        super().__init__(data, **kwargs)
        self.fields["person"].choices = [(one.pk, str(one)) for one in people]


class AbsenceForm(PersonForm):
    first_day = DayField(label=_("Từ ngày"))
    last_day = DayField(label=_("Đến hết ngày"))
    reason = forms.CharField(label=_("Lý do (không bắt buộc)"), max_length=200, required=False)


class RuleForm(PageForm):
    """A rule of who gets which dossiers; a field left empty fits all."""

    order = forms.IntegerField(label=_("Thứ tự"), min_value=1, max_value=999, initial=1)
    kind = forms.ChoiceField(label=_("Loại hồ sơ"), choices=[ANY, *Dossier.Kind.choices], required=False)
    programme = forms.ChoiceField(label=_("Lĩnh vực, chương trình"), choices=[ANY, *Programme.choices], required=False)
    theme = forms.ModelChoiceField(
        label=_("Chuyên đề"), queryset=Theme.objects.none(), required=False, empty_label=_("Tất cả")
    )
    appraiser = forms.TypedChoiceField(label=_("Giao cho"), coerce=int)

    def __init__(self, data=None, *, user, people):
        super().__init__(data)
        self.fields["theme"].queryset = Theme.objects.visible_to(user)
        self.fields["unit"] = _typed_unit(
            user, label=_("Địa bàn: đơn vị và mọi cấp dưới"), required=False,
            help_text=_("Mã hoặc tên đơn vị; để trống là mọi nơi."),
        )  # fmt: skip
        self.fields["appraiser"].choices = [(one.pk, str(one)) for one in people]
        self.order_fields(["order", "kind", "programme", "theme", "unit", "appraiser"])

    def rule(self, people) -> dict:
        """Return the rule as `add_rule` takes it."""
        chosen = next(one for one in people if one.pk == self.cleaned_data["appraiser"])
        return self.cleaned_data | {"appraiser": chosen}


class ConflictForm(PersonForm):
    """A conflict of interest with one dossier, or an override asked for."""

    reason = forms.CharField(**REASON)


class UnitConflictForm(ConflictForm):
    def __init__(self, data=None, *, user, people, **kwargs):
        super().__init__(data, people=people, **kwargs)
        self.fields["unit"] = _typed_unit(
            user, label=_("Đơn vị (gồm mọi cấp dưới)"), help_text=_("Mã hoặc tên đơn vị.")
        )
        self.order_fields(["person", "unit", "reason"])


class LiftForm(PageForm):
    reason = forms.CharField(**REASON)


class AnswerForm(PageForm):
    granted = forms.TypedChoiceField(
        label=_("Trả lời"),
        choices=[("1", _("Đồng ý")), ("0", _("Không đồng ý"))],
        coerce=lambda value: value == "1",
        widget=forms.RadioSelect,
    )
    answer = forms.CharField(
        label=_("Ý kiến (bắt buộc khi không đồng ý)"), max_length=500, required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
    )  # fmt: skip
