"""What an appraiser says of one dossier, criterion by criterion, and proposes to the head."""

from collections.abc import Iterable, Mapping, Sequence
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.models import Criterion
from models_registry.scales import Mark, levels_of
from reviews.forms.steps import COUNTED, REMARK_WORDS, SHORT, EditionForm, instant, remark_words, told_at
from reviews.models import Assignment, Judgement
from reviews.services import Judged


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
            self.fields[f"mark_{criterion.pk}"] = forms.ChoiceField(
                label=criterion.text,
                choices=[(level.key, level.label) for level in levels_of(criterion)],
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

    def groups(self) -> Iterable[tuple[str, str, tuple[str, ...], list[dict]]]:
        """Yield (group's name, kind, keys of the levels, its criteria as words for `rows`) in the set's order.

        Criteria stand together while their group, kind and levels are alike; the name stands at the first of a group.
        """
        named = None
        for (group, kind, keys), members in groupby(self.criteria, key=_alike):
            label = "" if group == named else Criterion.Group(group).label
            named = group
            yield label, kind, keys, [self._words(one) for one in members]

    def _words(self, criterion: Criterion) -> dict[str, str]:
        mark, remark = self[f"mark_{criterion.pk}"], self[f"remark_{criterion.pk}"]
        chosen, words = mark.value(), remark_words(remark)
        told = {"text": criterion.text, "id": mark.auto_id, "name": mark.html_name, "errors": told_at(mark)}
        for level in levels_of(criterion):
            told |= {
                f"label_{level.key}": str(level.label),
                f"text_{level.key}": level.text,
                f"checked_{level.key}": "checked" if level.key == chosen else "",
            }
        return told | {f"remark_{name}": word for name, word in words.items()}

    @property
    def remark_places(self) -> dict[str, str]:
        """Where `rows` fills the words of a criterion's remark."""
        return {name: f"[[remark_{name}]]" for name in REMARK_WORDS}

    def entries(self) -> dict[int, Judged]:
        """Return what is right of each criterion; asked after is_valid(), also when something else is wrong."""
        names = {one.pk: (f"mark_{one.pk}", f"remark_{one.pk}") for one in self.criteria}
        right = [one for one in self.criteria if not any(name in self.errors for name in names[one.pk])]
        return {one.pk: self._entry(one) for one in right}

    def _entry(self, criterion: Criterion) -> Judged:
        mark, remark = (self.cleaned_data[f"{name}_{criterion.pk}"] for name in ("mark", "remark"))
        if criterion.kind == Criterion.Kind.TEXT and mark != Mark.NOT_APPLICABLE:
            mark = Mark.ANSWERED.value if remark else ""
        return Judged(mark, remark)

    def clean_seen(self):
        return instant(self.cleaned_data["seen"])


def _alike(criterion: Criterion) -> tuple:
    return criterion.group, criterion.kind, tuple(level.key for level in levels_of(criterion))


class ProposalForm(JudgementForm):
    """The same, posted to be proposed."""

    def clean(self):
        given = super().clean()
        if not given.get("proposed"):
            self.add_error("proposed", _("Hãy chọn đề xuất duyệt hoặc không duyệt."))
        if given.get("proposed") == Assignment.Proposed.REJECT and len(given.get("proposed_reason", "")) < 10:
            self.add_error("proposed_reason", SHORT)
        return given
