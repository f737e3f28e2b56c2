"""One individual of a registration sheet: who it is, and the works."""

from collections.abc import Mapping

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.forms.steps import Screen, open_rows
from models_registry.forms.works import due_days, work_initial, works_formset
from models_registry.forms.writing import WritingForm, short_text
from models_registry.models import Dossier, WorkItem, subject_key
from models_registry.reopening import EVERYTHING, NotReopened, Reopened

KEY = "individual"


class SubjectForm(WritingForm):
    subject_name = forms.CharField(label=gettext_lazy("Họ và tên"), max_length=150)
    subject_position = short_text(
        gettext_lazy("Chức danh"), 150, help_text=gettext_lazy("Ví dụ: Đảng viên, Chi ủy viên, Bí thư chi bộ")
    )
    subject_is_head = forms.BooleanField(label=gettext_lazy("Là người đứng đầu"), required=False)

    def __init__(self, *args, others, **kwargs):
        super().__init__(*args, **kwargs)
        self._others = others

    def clean(self):
        cleaned = super().clean()
        key = subject_key(cleaned.get("subject_name", ""), cleaned.get("subject_position", ""))
        if key[0] and key in self._others:
            self.add_error("subject_name", _("Cá nhân này đã có trong bản đăng ký. Hãy mở người đó để sửa."))
        return cleaned


def individuals_of(dossier: Dossier) -> list[dict]:
    """Return the individuals of a sheet with their number and works, in the order they were entered; one query."""
    found: dict[int | None, dict] = {}
    for item in dossier.items.filter(kind=WorkItem.Kind.INDIVIDUAL).order_by("subject_number", "order", "id"):
        one = found.setdefault(item.subject_number, {"number": item.subject_number, "first": item, "works": []})
        one["works"].append(item)
    return list(found.values())


def individual_screen(
    dossier: Dossier, number: int | None, data=None, reopened: Reopened = EVERYTHING
) -> Screen | None:
    """Return the screen of one individual, None where the sheet has none with this number; two queries.

    Who it is may be changed where all of the individual's works may. Raises NotReopened as `screen_for` does.
    """
    everyone = individuals_of(dossier)
    mine = next((one for one in everyone if one["number"] == number), None)
    if number is not None and mine is None:
        return None
    others = {
        subject_key(one["first"].subject_name, one["first"].subject_position) for one in everyone if one is not mine
    }
    names = SubjectForm.base_fields
    initial = {name: getattr(mine["first"], name) for name in names} if mine else {}
    works = [work_initial(item) for item in mine["works"]] if mine else []
    saved = open_rows(works, KEY, reopened)
    most = dossier.round.max_works
    formset = works_formset(saved, data, dossier, most=most, blank=int(reopened.more(KEY)), individual=True)
    form = SubjectForm(data, initial=initial, others=others)
    screen = Screen(KEY, form, formset, WorkItem.Kind.INDIVIDUAL, days=due_days(dossier.year))
    screen.receives_more = reopened.more(KEY)
    if len(saved) < len(works) or not (works or screen.receives_more):
        close_fields(form, data or {})
    if not saved and not screen.receives_more:
        screen.formset = None
    return screen


def close_fields(form: SubjectForm, data: Mapping) -> None:
    """Leave all fields out of a form; raises NotReopened where they were posted."""
    if posted := [name for name in form.fields if name in data]:
        raise NotReopened(posted)
    form.fields.clear()


def subject_of(screen: Screen) -> dict:
    """Return who the individual of a valid screen is: as typed, or as it stands where that is closed."""
    return {name: screen.form.cleaned_data.get(name, screen.form.initial.get(name)) for name in SubjectForm.base_fields}
