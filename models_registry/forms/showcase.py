"""Forms of the showcase: filtering the gallery, publishing, taking out, judging, and what to adopt a model for."""

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.forms.writing import NoSecrets
from models_registry.models import Programme, Vote
from models_registry.services.showcase import REASON_LENGTH
from organizations.models import Unit
from vietnamese.forms import Form
from vietnamese.searching import asked

ALL = ("", _("Tất cả"))
SEARCH_BOX = forms.TextInput(attrs={"type": "search", "placeholder": _("Gõ có dấu hoặc không dấu")})
COUNTED = {"data-counter": _("Còn {n} ký tự"), "data-counter-over": _("Quá {n} ký tự")}


class GalleryForm(Form):
    """What the address of the gallery says; what cannot be read is left out."""

    q = forms.CharField(label=_("Tìm"), max_length=200, required=False, widget=SEARCH_BOX)
    year = forms.TypedChoiceField(label=_("Năm"), required=False, coerce=int, empty_value=None)
    programme = forms.ChoiceField(label=_("Chương trình"), required=False, choices=[ALL, *Programme.choices])
    kind = forms.ChoiceField(label=_("Loại đơn vị"), required=False, choices=[ALL, *Unit.Kind.choices])
    sort = forms.ChoiceField(
        label=_("Sắp xếp"),
        required=False,
        choices=[("", _("Mới đưa vào trước")), ("votes", _("Đánh giá cao trước"))],
    )
    tag = forms.CharField(max_length=40, required=False, widget=forms.HiddenInput)

    def __init__(self, *args, years, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["year"].choices = [ALL, *((year, str(year)) for year in years)]

    def more(self) -> list:
        """Return the fields besides the words and the tag."""
        return [self[name] for name in ("year", "programme", "kind", "sort")]

    def wanted(self) -> dict:
        """Return what `queries.showcase.gallery` takes."""
        self.is_valid()
        said = {name: value for name, value in self.cleaned_data.items() if value}
        return said | {"terms": asked(said.pop("q", "")).terms}


class PublishForm(NoSecrets, Form):
    summary = forms.CharField(
        label=_("Tóm tắt trên thẻ"),
        max_length=300,
        help_text=_("Một, hai câu: làm gì, được gì. Không nêu tên người, số điện thoại."),
        widget=forms.Textarea(attrs={"rows": 3} | COUNTED),
    )
    agreed = forms.BooleanField(
        label=_("Đơn vị đã biết và đồng ý giới thiệu mô hình này"),
        error_messages={"required": _("Chỉ giới thiệu mô hình khi đơn vị đã biết và đồng ý.")},
    )


class UnpublishForm(NoSecrets, Form):
    reason = forms.CharField(
        label=_("Lý do gỡ"),
        min_length=REASON_LENGTH,
        max_length=500,
        help_text=_("Đơn vị có mô hình sẽ đọc được."),
        widget=forms.Textarea(attrs={"rows": 3} | COUNTED),
    )


class VoteForm(Form):
    stars = forms.TypedChoiceField(label=_("Đánh giá của bạn"), coerce=int, choices=Vote.Stars.choices)
