"""What an administrator types of a decision on the organisation, a form for each kind."""

from django import forms
from django.utils.translation import gettext_lazy as _

from organizations.forms.fields import BETWEEN, PageForm, UnitField
from organizations.models import Post, Unit
from organizations.services.reorganising import Decision, Founded
from progress.services.depending import coming_unit
from progress.services.plans import Plan
from vietnamese.display import day_text
from vietnamese.forms import DayField

MOST_UNITS = 100


class ComingUnitField(UnitField):
    """A unit that stands, or one that a waiting plan within reach of `user` founds: that one is not saved yet."""

    user = None

    def clean(self, value):
        try:
            return super().clean(value)
        except forms.ValidationError:
            coming = coming_unit(value.split(BETWEEN)[0].strip(), self.user) if value else None
            if coming is None:
                raise
            return coming


class ReorganiseForm(PageForm):
    """The paper and the units; subclasses say what becomes of them. `plan` is what it asks for."""

    units = forms.CharField(
        label=_("Các đơn vị"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Mỗi dòng một mã đơn vị, hoặc tên đầy đủ."),
    )
    number = forms.CharField(label=_("Số quyết định"), max_length=60, help_text=_("Ví dụ 12-QĐ/TU."))
    decided_on = DayField(label=_("Ngày ban hành"))
    effective_on = DayField(label=_("Có hiệu lực từ ngày"))
    note = forms.CharField(label=_("Ghi chú"), widget=forms.Textarea(attrs={"rows": 2}), required=False)
    kind = ""
    single = False

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.user = user
        seen = Unit.objects.visible_to(user)
        for field in self.fields.values():
            if isinstance(field, UnitField):
                field.units, field.user = seen, user
        if self.single:
            self.fields["units"].label = _("Đơn vị")

    def clean_units(self):
        field = UnitField(required=False)
        field.units = Unit.objects.visible_to(self.user).filter(valid_to=None)
        lines = [line for line in self.cleaned_data["units"].splitlines() if line.strip()]
        if len(lines) > (1 if self.single else MOST_UNITS):
            most = 1 if self.single else MOST_UNITS
            raise forms.ValidationError(_("Nhiều nhất %(most)d đơn vị."), params={"most": most})
        found = {unit.pk: unit for unit in (self._standing(field, line) for line in lines)}
        return list(found.values())

    def _standing(self, field: UnitField, line: str) -> Unit:
        try:
            return field.clean(line)
        except forms.ValidationError:
            coming = coming_unit(line.split(BETWEEN)[0].strip(), self.user)
            if coming is None:
                raise
            said = _("%(unit)s chưa hoạt động, đến %(day)s mới thành lập. Ở đây hãy nêu đơn vị đang hoạt động.")
            told = {"unit": coming.code, "day": day_text(coming.valid_from)}
            raise forms.ValidationError(said, params=told) from None

    def plan(self, posts, shares=None, rest: str = "") -> Plan:
        data = self.cleaned_data
        names = ("number", "decided_on", "effective_on", "note")
        decision = Decision(self.kind, **{name: data[name] for name in names})
        return Plan(decision, data["units"], posts=posts, shares=shares or {}, rest=rest, **self.asks(data))

    def asks(self, data) -> dict:
        return {}


class MergeForm(ReorganiseForm):
    kind = "merge"
    name = forms.CharField(label=_("Tên đơn vị mới"), max_length=300)
    code = forms.CharField(label=_("Mã đơn vị mới"), max_length=40)
    unit_kind = forms.ChoiceField(label=_("Loại"), choices=Unit.Kind.choices)
    parent = ComingUnitField(label=_("Trực thuộc"))
    board = ComingUnitField(label=_("Cơ quan thẩm định cho đơn vị mới"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["board"].help_text = _(
            "Nêu khi các đơn vị cũ có cơ quan thẩm định khác nhau: cơ quan này nhận tiếp hồ sơ, đợt đăng ký của các cơ "
            "quan cũ. Để trống thì giữ cơ quan chung của các đơn vị cũ, không có thì do cơ quan của cấp trên."
        )

    def asks(self, data):
        founded = Founded(data["code"], data["name"], data["unit_kind"], data["parent"])
        return {"founds": [founded], "board": data["board"]}


class SplitForm(ReorganiseForm):
    kind, single = "split", True
    new_units = forms.CharField(
        label=_("Các đơn vị mới"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Mỗi dòng một đơn vị: mã · tên. Cùng loại và cùng nơi trực thuộc với đơn vị cũ."),
    )

    def clean_new_units(self):
        lines = [line.partition(BETWEEN.strip()) for line in self.cleaned_data["new_units"].splitlines()]
        pairs = [(code.strip(), name.strip()) for code, _between, name in lines if code.strip()]
        if not all(name for _code, name in pairs):
            raise forms.ValidationError(_("Mỗi dòng viết mã, dấu “·”, rồi tên đơn vị."))
        return pairs

    def asks(self, data):
        unit = data["units"][0]
        parent = Unit.objects.filter(pk__in=unit.ancestor_ids[-1:]).first()
        return {"founds": [Founded(code, name, unit.kind, parent) for code, name in data["new_units"]]}


class MoveForm(ReorganiseForm):
    kind = "move"
    parent = ComingUnitField(label=_("Chuyển về trực thuộc"))

    def asks(self, data):
        return {"to": data["parent"]}


class RenameForm(ReorganiseForm):
    kind, single = "rename", True
    name = forms.CharField(label=_("Tên mới"), max_length=300)

    def asks(self, data):
        return {"name": data["name"]}


class DissolveForm(ReorganiseForm):
    kind = "dissolve"
    to = ComingUnitField(label=_("Bàn giao việc đang làm cho"), required=False)
    board = ComingUnitField(label=_("Cơ quan tiếp nhận việc thẩm định"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].help_text = _("Để trống thì các việc ở mục “chưa bàn giao” cho đến khi được giao.")
        self.fields["board"].help_text = _(
            "Chỉ cần khi giải thể một cơ quan thẩm định. Để trống thì cơ quan của cấp trên gần nhất tiếp nhận."
        )

    def asks(self, data):
        return {"to": data["to"], "board": data["board"]}


FORMS = {form.kind: form for form in (MergeForm, MoveForm, RenameForm, DissolveForm, SplitForm)}


class HandOverForm(PageForm):
    to = UnitField(label=_("Bàn giao cho đơn vị"))

    def __init__(self, *args, user, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["to"].units = Unit.objects.visible_to(user).filter(valid_to=None)


def chosen_posts(data) -> dict[int, str]:
    """Return {post id: role or ""} of the fields `post_<id>`."""
    known = {"", *Post.Role.values}
    return {
        int(name[5:]): value
        for name, value in data.items()
        if name.startswith("post_") and name[5:].isdecimal() and len(name) < 23 and value in known
    }


SORTS = ("item", "dossier", "unit", "post")


def chosen_shares(data) -> dict[str, str]:
    """Return {"item-1": code of a new unit} of the fields `to_item-1`, for each sort of thing a split deals out."""
    shares = {}
    for name, code in data.items():
        sort, _dash, pk = name.removeprefix("to_").partition("-")
        if name.startswith("to_") and sort in SORTS and pk.isdecimal() and len(pk) < 18 and code:
            shares[f"{sort}-{pk}"] = code[:40]
    return shares


def initial_of(plan: Plan) -> dict:
    """Return what the form of a plan's kind is filled with when the plan is looked at again."""
    decision, founds = plan.decision, plan.founds
    initial = {name: getattr(decision, name) for name in ("number", "decided_on", "effective_on", "note")}
    initial |= {"units": "\n".join(unit.code for unit in plan.units), "to": plan.to, "parent": plan.to}
    initial["board"] = plan.board
    initial["name"] = plan.name
    if decision.kind == MergeForm.kind:
        new = founds[0]
        initial |= {"name": new.name, "code": new.code, "unit_kind": new.kind, "parent": new.parent}
    if decision.kind == SplitForm.kind:
        initial["new_units"] = "\n".join(f"{new.code}{BETWEEN}{new.name}" for new in founds)
    return initial
