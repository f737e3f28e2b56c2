"""What an appraiser and a head type about one dossier."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from django import forms
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html_join
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


REMARK_WORDS = ("id", "name", "value", "errors", "open", "invalid")


def remark_words(field) -> dict[str, str]:
    """Return what `_place_remark.html` prints of a remark's bound field."""
    value = field.value() or ""
    return {
        "id": field.auto_id,
        "name": field.html_name,
        "value": value,
        "errors": told_at(field),
        "open": "open" if value or field.errors else "",
        "invalid": "is-invalid" if field.errors else "",
    }


def told_at(field) -> str:
    """Return the errors of a bound field as paragraphs."""
    return format_html_join("", '<p class="invalid-feedback">{}</p>', ((error,) for error in field.errors))


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

    def groups(self) -> Iterable[tuple[str, list, list[dict]]]:
        """Yield (group's name, its marks as (value, label), its criteria as words for `rows`) in the set's order."""
        for group, members in groupby(self.criteria, key=lambda criterion: criterion.group):
            choices = FAULT_CHOICES if group == Criterion.Group.FAULT else Judgement.Mark.choices
            yield Criterion.Group(group).label, choices, [self._words(one, choices) for one in members]

    def _words(self, criterion: Criterion, choices) -> dict[str, str]:
        mark, remark = self[f"mark_{criterion.pk}"], self[f"remark_{criterion.pk}"]
        chosen, words = mark.value(), remark_words(remark)
        return {
            "text": criterion.text,
            "id": mark.auto_id,
            "name": mark.html_name,
            "errors": told_at(mark),
            **{f"checked_{value}": "checked" if value == chosen else "" for value, _label in choices},
            **{f"remark_{name}": word for name, word in words.items()},
        }

    @property
    def remark_places(self) -> dict[str, str]:
        """Where `rows` fills the words of a criterion's remark."""
        return {name: f"[[remark_{name}]]" for name in REMARK_WORDS}

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
