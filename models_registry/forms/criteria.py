"""Forms of a criterion set: its head and its lines."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from models_registry.forms.plans import YearField
from models_registry.models import Criterion, CriterionSet, RegistrationRound
from models_registry.scales import MOST_LEVELS
from models_registry.services.criteria import CriterionRow, refuse_odd_scale
from vietnamese.forms import Form

MOST = 60


class CriterionSetForm(Form):
    """The head of a set; the year and the dossier kind are chosen once."""

    name = forms.CharField(label=_("Tên bộ tiêu chí"), max_length=200)
    dossier_kind = forms.ChoiceField(label=_("Dùng cho"), choices=CriterionSet.DossierKind)
    year = YearField(label=_("Năm"))
    edition = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)
    # The newest version that stood when the page was opened.
    newest = forms.IntegerField(widget=forms.HiddenInput, required=False, min_value=1)

    def __init__(self, *args, standing: CriterionSet | None = None, **kwargs):
        super().__init__(*args, **kwargs)
        if standing is not None:
            del self.fields["dossier_kind"], self.fields["year"]
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True


class CriterionForm(Form):
    group = forms.ChoiceField(label=_("Nhóm"), choices=Criterion.Group, initial=Criterion.Group.CONTENT)
    text = forms.CharField(
        label=_("Nội dung"), max_length=300, required=False, widget=forms.Textarea(attrs={"rows": 2})
    )
    code = forms.SlugField(required=False, max_length=40, widget=forms.HiddenInput)
    kind = forms.ChoiceField(label=_("Cách chấm"), choices=Criterion.Kind, initial=Criterion.Kind.CHECK, required=False)
    weight = forms.IntegerField(label=_("Trọng số"), min_value=0, max_value=100, initial=1, required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        for n in range(MOST_LEVELS):
            self.fields[f"points_{n}"] = forms.IntegerField(label=_("Điểm"), min_value=0, max_value=100, required=False)
            self.fields[f"level_{n}"] = forms.CharField(label=_("Mô tả mức"), max_length=300, required=False)

    def levels(self) -> list[tuple]:
        """Yield (bound field of the points, bound field of the descriptor)."""
        return [(self[f"points_{n}"], self[f"level_{n}"]) for n in range(MOST_LEVELS)]

    @property
    def is_score(self) -> bool:
        return self["kind"].value() == Criterion.Kind.SCORE

    def clean(self):
        given = super().clean()
        if given.get("text") and not self.errors:
            refuse_odd_scale(self.row())
        return given

    def row(self) -> CriterionRow:
        """Return the line as it is written: levels best first, none where it is no score; words weigh nothing."""
        given = self.cleaned_data
        kind = given["kind"] or Criterion.Kind.CHECK
        weight = 1 if given["weight"] is None else given["weight"]
        if kind == Criterion.Kind.TEXT:
            weight = 0
        typed = [(given[f"points_{n}"], given[f"level_{n}"]) for n in range(MOST_LEVELS)]
        levels = [(points or 0, text) for points, text in typed if points is not None or text]
        if kind != Criterion.Kind.SCORE:
            levels = []
        best_first = tuple(sorted(levels, key=lambda level: -level[0]))
        return CriterionRow(given["group"], given["text"], given["code"], kind, weight, best_first)


class CriterionFormSet(forms.BaseFormSet):
    """The lines of a set: an emptied or struck line goes, a filled blank line comes."""

    default_error_messages = {"missing_management_form": _("Trang đã cũ hoặc thiếu dữ liệu. Hãy tải lại trang.")}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Xóa tiêu chí này")

    def rows(self) -> list[CriterionRow]:
        """Return the lines to keep, in the order shown; asked after is_valid()."""
        kept = [form for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [form.row() for form in kept if form.cleaned_data.get("text")]

    def clean(self):
        if any(self.errors):
            return
        rows = self.rows()
        if not rows:
            raise ValidationError(_("Bộ tiêu chí cần ít nhất một tiêu chí."))
        codes = [row.code for row in rows if row.code]
        if len(codes) != len(set(codes)):
            raise ValidationError(_("Có hai tiêu chí trùng mã. Hãy tải lại trang."))


def criterion_lines(data=None, *, rows=(), extra: int = 3):
    """Return the formset of a set's lines with blank ones beneath."""
    lines = forms.formset_factory(
        CriterionForm, formset=CriterionFormSet, extra=extra, can_delete=True, max_num=MOST, absolute_max=MOST + 20
    )
    initial = [_initial(row) for row in rows]
    return lines(data, initial=initial, prefix="lines")


def _initial(row) -> dict:
    """Return what the form of a standing criterion starts from."""
    levels = {f"points_{n}": points for n, (points, _text) in enumerate(row.levels)}
    levels |= {f"level_{n}": text for n, (_points, text) in enumerate(row.levels)}
    return {name: getattr(row, name) for name in ("group", "text", "code", "kind", "weight")} | levels


class RoundsField(forms.ModelMultipleChoiceField):
    def label_from_instance(self, round_: RegistrationRound) -> str:
        return _("%(name)s (đang theo bản %(n)d)") % {"name": round_.name, "n": round_.by_version}


class MovedRoundsForm(Form):
    """Which rounds take up what is being written; at first those that use what it is written from."""

    rounds = RoundsField(
        label=_("Đợt dùng bản mới cho hồ sơ chưa chấm"),
        queryset=RegistrationRound.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Hồ sơ đã có phiếu chấm giữ bộ tiêu chí cũ và điểm cũ. Đợt không chọn vẫn dùng bản cũ."),
    )

    def __init__(self, *args, standing: CriterionSet, **kwargs):
        rounds = standing.rounds_to_move()
        super().__init__(*args, initial={"rounds": rounds.filter(by_version=standing.version)}, **kwargs)
        # A set that is changed in place need not be taken up by those that use it.
        self.fields["rounds"].queryset = rounds if standing.frozen_at else rounds.exclude(by_version=standing.version)
        self.helper = FormHelper()
        self.helper.form_tag = False
        self.helper.disable_csrf = True
