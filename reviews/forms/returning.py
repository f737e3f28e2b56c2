"""Why a dossier goes back to its unit, and what about each of its places."""

from collections.abc import Iterable, Sequence
from datetime import date
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.describing import Row, Section
from models_registry.models import Criterion
from models_registry.reopening import WHOLE
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
    whole = forms.BooleanField(
        label=_("Mở lại toàn bộ hồ sơ"),
        required=False,
        help_text=_("Lý do trên là nhận xét về toàn bộ hồ sơ; đơn vị được sửa mọi mục."),
    )
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
            yield from ((row.key, row.name or row.label) for row in section.rows if _takes_remark(section, row))

    def criteria_groups(self) -> Iterable[tuple[str, list[tuple[str, str, bool]]]]:
        """Yield (group's name, [(id, text, whether it is chosen)])."""
        chosen = {str(pk) for pk in self["criteria"].value() or ()}
        for group, options in self.fields["criteria"].choices:
            yield group, [(str(pk), text, str(pk) in chosen) for pk, text in options]

    def places(self) -> Iterable[tuple]:
        """Yield (section, the words of its remark, [(row, the words of its remark or None)])."""
        for section in self.sections:
            rows = [(row, self._remark(row.key) if _takes_remark(section, row) else None) for row in section.rows]
            yield section, self._remark(section.key), rows

    def _remark(self, key: str) -> dict[str, str]:
        return remark_words(self[f"remark-{key}"])

    def remarks(self) -> dict[str, str]:
        """Return {place: text} of what is pinned; nothing pinned leaves the reason, which is about the whole."""
        prefix, given = "remark-", self.cleaned_data
        said = {name.removeprefix(prefix): text for name, text in given.items() if name.startswith(prefix) and text}
        return ({WHOLE: given["reason"]} if given["whole"] else {}) | said

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day <= self.today:
            raise forms.ValidationError(_("Hạn bổ sung phải sau ngày hôm nay."))
        return day


def _takes_remark(section: Section, row: Row) -> bool:
    """Whether a row takes a remark of its own: not where the section's is the same, nor of what no unit can change."""
    return row.key not in (section.key, "round")
