"""Why a dossier goes back to its unit, and what about each of its places."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.content import Section
from models_registry.models import Criterion
from reviews.forms.steps import COUNTED, REASON, SHORT, EditionForm, remark_words
from vietnamese.forms import DayField


class ReturnForm(EditionForm):
    """Why a dossier goes back: criteria, a reason, a day, and remarks at its sections and fields."""

    criteria = forms.TypedMultipleChoiceField(
        label=_("Tiêu chí chưa đạt"),
        coerce=int,
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy chọn ít nhất một tiêu chí mà hồ sơ chưa đạt.")},
    )
    reason = forms.CharField(label=_("Lý do yêu cầu bổ sung"), error_messages={"min_length": SHORT}, **REASON)
    due_on = DayField(label=_("Hạn bổ sung"))

    def __init__(self, data=None, *, criteria: Sequence[Criterion], sections: Sequence[Section], today: date, initial):
        super().__init__(data, initial=initial)
        self.today, self.sections = today, sections
        groups = groupby(criteria, key=lambda criterion: criterion.group)
        self.fields["criteria"].choices = [
            (Criterion.Group(group).label, [(one.pk, one.text) for one in members]) for group, members in groups
        ]
        for key, label in self._places():
            self.fields[f"remark-{key}"] = forms.CharField(
                label=_("Nhận xét về “%(place)s”") % {"place": label},
                required=False,
                max_length=1000,
                widget=forms.Textarea(attrs={"rows": 2, **COUNTED}),
            )

    def _places(self) -> Iterable[tuple[str, str]]:
        for section in self.sections:
            yield section.key, section.title
            # A section of one row of the same key takes one remark, not two.
            yield from ((row.key, row.label) for row in section.rows if row.key != section.key)

    def criteria_groups(self) -> Iterable[tuple[str, list[tuple[str, str, bool]]]]:
        """Yield (group's name, [(id, text, whether it is chosen)])."""
        chosen = {str(pk) for pk in self["criteria"].value() or ()}
        for group, options in self.fields["criteria"].choices:
            yield group, [(str(pk), text, str(pk) in chosen) for pk, text in options]

    def places(self) -> Iterable[tuple]:
        """Yield (section, the words of its remark, [(row, the words of its remark or None)])."""
        for section in self.sections:
            rows = [(row, self._remark(row.key) if row.key != section.key else None) for row in section.rows]
            yield section, self._remark(section.key), rows

    def _remark(self, key: str) -> dict[str, str]:
        return remark_words(self[f"remark-{key}"])

    def remarks(self) -> dict[str, str]:
        prefix = "remark-"
        given = self.cleaned_data.items()
        return {name.removeprefix(prefix): text for name, text in given if name.startswith(prefix) and text}

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day <= self.today:
            raise forms.ValidationError(_("Hạn bổ sung phải sau ngày hôm nay."))
        return day
