"""What an appraiser says of one dossier, criterion by criterion, and proposes to the head."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.models import Criterion
from reviews.forms.steps import COUNTED, REMARK_WORDS, SHORT, EditionForm, instant, remark_words, told_at
from reviews.models import FAULT_MARKS, Assignment, Judgement
from reviews.services import Judged

FAULT_CHOICES = [(mark.value, label) for mark, label in FAULT_MARKS.items()]


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
        return instant(self.cleaned_data["seen"])


class ProposalForm(JudgementForm):
    """The same, posted to be proposed."""

    def clean(self):
        given = super().clean()
        if not given.get("proposed"):
            self.add_error("proposed", _("Hãy chọn đề xuất duyệt hoặc không duyệt."))
        if given.get("proposed") == Assignment.Proposed.REJECT and len(given.get("proposed_reason", "")) < 10:
            self.add_error("proposed_reason", SHORT)
        return given
