"""Forms of a criterion set: its head and its lines."""

from crispy_forms.helper import FormHelper
from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from models_registry.forms.plans import YearField
from models_registry.models import Criterion, CriterionSet
from models_registry.services.criteria import CriterionRow
from vietnamese.forms import Form

MOST = 60


class CriterionSetForm(Form):
    """The head of a set; the year and the dossier kind are chosen once."""

    name = forms.CharField(label=_("Tên bộ tiêu chí"), max_length=200)
    dossier_kind = forms.ChoiceField(label=_("Dùng cho"), choices=CriterionSet.DossierKind)
    year = YearField(label=_("Năm"))
    edition = forms.IntegerField(widget=forms.HiddenInput, initial=0, min_value=0)

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


class CriterionFormSet(forms.BaseFormSet):
    """The lines of a set: an emptied or struck line goes, a filled blank line comes."""

    default_error_messages = {"missing_management_form": _("Trang đã cũ hoặc thiếu dữ liệu. Hãy tải lại trang.")}

    def add_fields(self, form, index):
        super().add_fields(form, index)
        form.fields["DELETE"].label = _("Xóa tiêu chí này")

    def rows(self) -> list[CriterionRow]:
        """Return the lines to keep, in the order shown; asked after is_valid()."""
        kept = [form.cleaned_data for form in self.forms if form.cleaned_data and form not in self.deleted_forms]
        return [CriterionRow(row["group"], row["text"], row["code"]) for row in kept if row["text"]]

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
    initial = [{"group": row.group, "text": row.text, "code": row.code} for row in rows]
    return lines(data, initial=initial, prefix="lines")
