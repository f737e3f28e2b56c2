"""What the address of the search page says; what cannot be read is left out."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.showcase import ALL, SEARCH_BOX
from models_registry.lifecycle import ItemState, State
from models_registry.models import Programme, WorkItem
from models_registry.queries.search import MODELS, SHEETS, WORKS
from vietnamese.forms import Form

PLACES = {MODELS: _("Mô hình"), SHEETS: _("Bản đăng ký"), WORKS: _("Phần việc")}
# Which filters each place knows, besides words, year and unit.
OWN_FILTERS = {MODELS: ("state", "programme", "tag"), SHEETS: ("state", "tag"), WORKS: ("state", "kind")}


class SearchForm(Form):
    q = forms.CharField(label=_("Tìm"), max_length=200, required=False, widget=SEARCH_BOX)
    year = forms.IntegerField(label=_("Năm"), required=False, min_value=2000, max_value=2200, localize=True)
    state = forms.ChoiceField(label=_("Tình trạng"), required=False)
    kind = forms.ChoiceField(label=_("Loại việc"), required=False, choices=[ALL, *WorkItem.Kind.choices])
    programme = forms.ChoiceField(label=_("Chương trình"), required=False, choices=[ALL, *Programme.choices])
    unit = forms.ChoiceField(label=_("Đơn vị và cấp dưới"), required=False)
    tag = forms.CharField(label=_("Từ khóa"), max_length=40, required=False)

    def __init__(self, data, *, place: str, units):
        super().__init__(data)
        self._units = {str(unit.pk): unit for unit in units}
        self.fields["unit"].choices = [ALL, *((pk, unit.name) for pk, unit in self._units.items())]
        states = ItemState if place == WORKS else State
        self.fields["state"].choices = [ALL, *states.choices]
        for name in {"state", "kind", "programme", "tag"} - set(OWN_FILTERS[place]):
            del self.fields[name]
        if not units:
            del self.fields["unit"]

    def more(self) -> list:
        """Return the fields besides the words."""
        return [field for field in self if field.name != "q"]

    def wanted(self) -> dict:
        """Return what was asked for, `unit` as a Unit; names without a value are left out."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return said | {"unit": self._units[said["unit"]]} if "unit" in said else said
