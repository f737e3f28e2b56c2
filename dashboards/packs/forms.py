"""What is asked for when a pack is made: a period, of those its unit has sealed figures of."""

from django import forms
from django.utils.translation import gettext_lazy as _

from completion.queries.packs import spanned_text
from vietnamese.forms import Form


class PackForm(Form):
    period = forms.ChoiceField(label=_("Kỳ báo cáo"))

    def __init__(self, *args, periods, **kwargs):
        super().__init__(*args, **kwargs)
        said = _("%(period)s (bản %(number)s)")
        self.fields["period"].choices = [
            (spanned.key, said % {"period": spanned_text(spanned), "number": revision.number})
            for spanned, revision in periods
        ]
