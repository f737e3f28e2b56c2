"""What an appraiser and a head type about one dossier."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext_lazy as _

from models_registry.content import Section
from models_registry.models import Criterion
from reviews.models import FAULT_MARKS, Assignment, Judgement
from reviews.services import Judged
from vietnamese.forms import DayField, Form

FAULT_CHOICES = [(mark.value, label) for mark, label in FAULT_MARKS.items()]
COUNTED = {"data-counter": _("Còn {n} ký tự"), "data-counter-over": _("Quá {n} ký tự")}
REASON = {"min_length": 10, "max_length": 2000, "widget": forms.Textarea(attrs={"rows": 4, **COUNTED})}
SHORT = _("Hãy nêu lý do, ít nhất 10 ký tự.")


class EditionForm(Form):
    """A page's step without words of its own: only the edition that was seen."""

    edition = forms.IntegerField(widget=forms.HiddenInput, required=False)


class DecisionForm(EditionForm):
    """A head's step: also which proposal was read."""

    proposed_at = forms.CharField(widget=forms.HiddenInput, required=False)

    def clean_proposed_at(self):
        return _instant(self.cleaned_data["proposed_at"])


def _instant(text: str) -> datetime | None:
    """Return the instant a hidden field carries; None for nothing and for what is none."""
    try:
        return parse_datetime(text)
    except ValueError:
        return None


class JudgementForm(EditionForm):
    """A mark and a remark for each criterion, and, when it is proposed, what and why."""

    seen = forms.CharField(widget=forms.HiddenInput, required=False)
    proposed = forms.ChoiceField(
        label=_("Đề xuất với lãnh đạo Ban"), choices=Assignment.Proposed, required=False, widget=forms.RadioSelect
    )
    proposed_reason = forms.CharField(
        label=_("Lý do (bắt buộc khi đề xuất không duyệt)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3, **COUNTED}),
    )

    def __init__(self, data=None, *, criteria: Sequence[Criterion], judged: Mapping[int, Judgement], initial=None):
        newest = max((one.at for one in judged.values()), default=None)
        super().__init__(data, initial={"seen": newest.isoformat() if newest else "", **(initial or {})})
        self.criteria = criteria
        for criterion in criteria:
            stored = judged.get(criterion.pk)
            choices = FAULT_CHOICES if criterion.group == Criterion.Group.FAULT else Judgement.Mark.choices
            self.fields[f"mark_{criterion.pk}"] = forms.ChoiceField(
                label=criterion.text,
                choices=choices,
                required=False,
                widget=forms.RadioSelect,
                initial=stored.mark if stored else "",
            )
            self.fields[f"remark_{criterion.pk}"] = forms.CharField(
                label=_("Nhận xét"),
                required=False,
                max_length=500,
                widget=forms.Textarea(attrs={"rows": 2, **COUNTED}),
                initial=stored.remark if stored else "",
            )

    def groups(self) -> Iterable[tuple[str, list]]:
        """Yield (group's name, [(criterion, mark field, remark field)]) in the set's order."""
        for group, members in groupby(self.criteria, key=lambda criterion: criterion.group):
            fields = [(one, self[f"mark_{one.pk}"], self[f"remark_{one.pk}"]) for one in members]
            yield Criterion.Group(group).label, fields

    def entries(self) -> dict[int, Judged]:
        given = self.cleaned_data
        return {one.pk: Judged(given[f"mark_{one.pk}"], given[f"remark_{one.pk}"]) for one in self.criteria}

    def clean_seen(self):
        return _instant(self.cleaned_data["seen"])


class ProposalForm(JudgementForm):
    """The same, posted to be proposed."""

    def clean(self):
        given = super().clean()
        if not given.get("proposed"):
            self.add_error("proposed", _("Hãy chọn đề xuất duyệt hoặc không duyệt."))
        if given.get("proposed") == Assignment.Proposed.REJECT and len(given.get("proposed_reason", "")) < 10:
            self.add_error("proposed_reason", SHORT)
        return given


class RefusalForm(DecisionForm):
    reason = forms.CharField(label=_("Lý do không duyệt"), error_messages={"min_length": SHORT}, **REASON)


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
        """Yield (section, its remark field, [(row, remark field or None)])."""
        for section in self.sections:
            rows = [(row, self[f"remark-{row.key}"] if row.key != section.key else None) for row in section.rows]
            yield section, self[f"remark-{section.key}"], rows

    def remarks(self) -> dict[str, str]:
        prefix = "remark-"
        given = self.cleaned_data.items()
        return {name.removeprefix(prefix): text for name, text in given if name.startswith(prefix) and text}

    def clean_due_on(self):
        day = self.cleaned_data["due_on"]
        if day <= self.today:
            raise forms.ValidationError(_("Hạn bổ sung phải sau ngày hôm nay."))
        return day
