"""Forms around a dossier: filtering the list, starting, copying, commenting, adding a file."""

from collections import Counter
from itertools import groupby

from django import forms
from django.utils.translation import gettext_lazy as _

from models_registry.lifecycle import State
from models_registry.models import Comment, Dossier, WorkItem
from models_registry.services.comments import LONGEST
from models_registry.uploads import ACCEPT, take_in
from vietnamese.display import day_text
from vietnamese.folding import fold
from vietnamese.forms import Form
from vietnamese.searching import asked


class FilterForm(Form):
    """What the address of the list says; what cannot be read is left out."""

    q = forms.CharField(label=_("Tìm"), max_length=200, required=False)
    year = forms.IntegerField(label=_("Năm"), required=False, min_value=2000, max_value=2200)
    kind = forms.ChoiceField(label=_("Loại"), required=False, choices=[("", _("Tất cả")), *Dossier.Kind.choices])
    state = forms.ChoiceField(label=_("Tình trạng"), required=False, choices=[("", _("Tất cả")), *State.choices])

    def narrow(self, found):
        """Return the dossiers this address asks for."""
        self.is_valid()
        wanted = {name: value for name, value in self.cleaned_data.items() if value}
        if text := wanted.pop("q", ""):
            found = found.speaking_of(asked(text).terms)
        return found.filter(**wanted)


class RoundField(forms.ModelChoiceField):
    """One of the rounds that receive now, told with its last days."""

    def __init__(self, **kwargs):
        super().__init__(queryset=None, widget=forms.RadioSelect, empty_label=None, blank=False, **kwargs)

    def label_from_instance(self, one):
        return _("%(round)s (hạn %(closes)s, nhận muộn đến %(late)s)") % {
            "round": one.name,
            "closes": day_text(one.closes_on),
            "late": day_text(one.late_until),
        }


class StartForm(Form):
    """Which round and what to register in it."""

    kind = forms.ChoiceField(
        label=_("Đăng ký"),
        choices=[
            (Dossier.Kind.REGISTRATION_SHEET, _("Bản đăng ký: việc của tập thể, vấn đề bức xúc, việc của cá nhân")),
            (Dossier.Kind.PRACTICE_MODEL, _("Mô hình, cách làm hay")),
        ],
        widget=forms.RadioSelect,
    )
    round = RoundField(label=_("Đợt đăng ký"))

    def __init__(self, *args, rounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds


class CopyForm(Form):
    round = RoundField(label=_("Sao chép vào đợt"))

    def __init__(self, *args, rounds, **kwargs):
        super().__init__(*args, **kwargs)
        self.fields["round"].queryset = rounds


class BringForm(Form):
    """Which works of an earlier year go on in a sheet: nobody more than the round allows, with what stands there."""

    works = forms.MultipleChoiceField(
        label=_("Chọn việc tiếp tục làm năm nay"),
        widget=forms.CheckboxSelectMultiple,
        error_messages={"required": _("Hãy đánh dấu ít nhất một việc, hoặc chọn không chép.")},
    )

    def __init__(self, *args, works, sheet, **kwargs):
        super().__init__(*args, **kwargs)
        self._works, self._sheet = {str(one.pk): one for one in works}, sheet
        groups = groupby(works, key=lambda one: (one.kind, one.subject_name))
        self.fields["works"].choices = [
            (name or WorkItem.Kind(kind).label, [(str(one.pk), _told(one)) for one in of_one])
            for (kind, name), of_one in groups
        ]

    def clean_works(self):
        chosen = [self._works[pk] for pk in self.cleaned_data["works"]]
        counted = Counter(
            (one.kind, fold(one.subject_name))
            for one in (*self._sheet.items.all(), *chosen)
            if one.kind != WorkItem.Kind.ISSUE
        )
        most = self._sheet.round.max_works
        if counted and max(counted.values()) > most:
            raise forms.ValidationError(
                _("Mỗi chủ thể đăng ký nhiều nhất %(most)d việc một năm. Hãy bỏ bớt.") % {"most": most}
            )
        return self.cleaned_data["works"]


def _told(work: WorkItem) -> str:
    return f"{work.title} ({work.expected_result})" if work.expected_result else work.title


class CommentForm(Form):
    """A comment; whom it is for is asked only where there is a choice."""

    text = forms.CharField(label=_("Ý kiến"), max_length=LONGEST)
    audience = forms.ChoiceField(label=_("Gửi tới"), choices=Comment.Audience.choices, widget=forms.RadioSelect)

    def __init__(self, *args, audiences, **kwargs):
        super().__init__(*args, **kwargs)
        choices = [choice for choice in Comment.Audience.choices if choice[0] in audiences]
        self.fields["audience"].choices = choices
        if len(choices) == 1:
            self.fields["audience"].widget = forms.HiddenInput()
        self.initial.setdefault("audience", choices[0][0])


class FileForm(Form):
    file = forms.FileField(
        label=_("Chọn tệp"),
        allow_empty_file=True,
        max_length=None,
        help_text=_("PDF, DOCX, XLSX, JPG hoặc PNG. Không tải lên tài liệu mật, giấy tờ tùy thân."),
        widget=forms.FileInput(attrs={"accept": ACCEPT}),
    )

    def clean_file(self):
        return take_in(self.cleaned_data["file"])
