"""The screens of a dossier's form: one topic each, its own fields and at most one list of rows."""

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass

from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from models_registry.examples import example_for
from models_registry.forms.rows import CoUnitRow, ExemplarRow, OutputRow, ShortcomingRow
from models_registry.forms.works import due_days, work_initial, works_formset
from models_registry.forms.writing import PREFIX, RowFormSet, WritingForm, formset_for, long_text, measures, short_text
from models_registry.models import Dossier, PracticeModel, Programme, Remark
from models_registry.queries.dossiers import known_tags, near_units, shortcomings_for, targets_for
from models_registry.reopening import EVERYTHING, NotReopened, Reopened
from models_registry.sections import ITEM_SECTIONS, SECTION_FIELDS
from vietnamese.folding import fold, slug

MOST_ROWS = 30
ROW_KEYS = {"exemplars": "exemplar", "outputs": "output"}
HELP = {
    "situation": gettext_lazy("Vì sao cần làm: nêu hiện trạng bằng con số nếu có."),
    "goal": gettext_lazy("Mong đạt được điều gì, đến khi nào, đo bằng cách nào."),
    "learning": gettext_lazy("Học ở Bác điều gì: tư tưởng, đạo đức hay phong cách nào."),
    "following": gettext_lazy("Làm theo bằng việc cụ thể nào."),
    "example_setting": gettext_lazy("Cán bộ, đảng viên, nhất là người đứng đầu, nêu gương ra sao."),
    "solutions": gettext_lazy("Cách làm, các bước, ai chủ trì, ai phối hợp."),
}


@dataclass(slots=True)
class Screen:
    """A bound or unbound screen; `fields()` and `rows()` are what `save_draft` takes, after is_valid()."""

    key: str
    form: forms.Form | None = None
    formset: RowFormSet | None = None
    rows_name: str = ""
    suggestions: tuple[str, ...] = ()
    days: tuple[str, ...] = ()
    remark: Remark | None = None
    receives_more: bool = True

    @property
    def asks_consent(self) -> bool:
        """Whether people may be named on this screen."""
        return self.key in ("exemplars", "individual", "general")

    @property
    def writes(self) -> bool:
        """Whether anything on this screen may be changed."""
        return self.formset is not None or bool(self.form is not None and self.form.fields)

    def pin(self, remarks: Mapping[str, Remark]) -> None:
        """Set the board's remarks beside the fields and rows they were written at, the rest above the screen."""
        self.remark = remarks.get(self.key)
        for name, field in (self.form.fields if self.form is not None else {}).items():
            if (said := remarks.get(name)) and name != self.key:
                field.help_text = format_html(
                    '{}<strong class="pinned-remark">{} {}</strong>', field.help_text, _("Ý kiến của Ban:"), said.text
                )
        for row in self.formset or ():
            row.remark = remarks.get(f"{ROW_KEYS.get(self.key, 'item')}.{row['id'].value()}")

    def show_examples(self) -> None:
        """Set examples beside the fields; of a list, beside those of the first row."""
        for form in filter(None, (self.form, self.formset.forms[0] if self.formset and self.formset.forms else None)):
            for name, field in form.fields.items():
                field.example = example_for(self.key, name)

    def focus_new_row(self) -> None:
        """Let the page open on the first field of the last row, which was just added."""
        first = next(field for field in self.formset.forms[-1] if not field.is_hidden)
        first.field.widget.attrs["autofocus"] = True

    @property
    def mark(self) -> str:
        """A short name of what an unbound screen shows: the same as long as nobody saved something else of it."""
        shown = (self.form.initial if self.form is not None else None, self.formset and self.formset.initial)
        return hashlib.sha256(repr(shown).encode()).hexdigest()[:20]

    def is_valid(self) -> bool:
        return all(part.is_valid() for part in (self.form, self.formset) if part is not None)

    def fields(self) -> dict:
        values = dict(self.form.cleaned_data) if self.form is not None else {}
        values.pop("targets", None)
        values.pop("own_targets", None)
        if self.rows_name == "co_units" and self.formset is not None:
            values["co_units"] = [row["unit"] for row in self.formset.rows()]
        return values

    def rows(self) -> dict:
        if isinstance(self.form, TargetsForm):
            return {"targets": self.form.rows()}
        if self.formset is None or self.rows_name == "co_units":
            return {}
        return {self.rows_name: self.formset.rows()}


class GeneralForm(WritingForm):
    title = short_text(gettext_lazy("Tên"), 400, widget=forms.Textarea(attrs={"rows": 2, "data-autosize": ""}))
    place = short_text(gettext_lazy("Nơi thực hiện"), 300)
    target_group = short_text(gettext_lazy("Đối tượng thực hiện"), 300)
    beneficiaries = short_text(
        gettext_lazy("Đối tượng thụ hưởng"), 300, help_text=gettext_lazy("Nêu nhóm người, không nêu tên từng người.")
    )
    programmes = forms.MultipleChoiceField(
        label=gettext_lazy("Chương trình"),
        choices=Programme.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    tags = short_text(gettext_lazy("Từ khóa"), 300, help_text=gettext_lazy("Cách nhau bằng dấu phẩy, nhiều nhất 10."))

    def __init__(self, *args, is_model, known_tags=(), **kwargs):
        super().__init__(*args, **kwargs)
        if known_tags:
            tags = self.fields["tags"]
            tags.widget.attrs["data-tags"] = ""
            known = format_html_join(", ", "<span>{}</span>", ((tag,) for tag in known_tags))
            text = _("Đã dùng:")
            tags.help_text = format_html(
                '{} <span class="known-tags" data-known-tags>{} {}</span>', tags.help_text, text, known
            )
        if not is_model:
            for name in SECTION_FIELDS["general"]:
                del self.fields[name]

    def clean_title(self):
        return " ".join(self.cleaned_data["title"].split())

    def clean_tags(self):
        words = (" ".join(tag.split()) for tag in re.split("[,;\n]", self.cleaned_data["tags"]))
        # One tag however it is marked, as it was typed first: "Môi trường" and "moi truong".
        tags = list({slug(tag): tag for tag in reversed([*words]) if slug(tag)}.values())[::-1]
        if len(tags) > 10 or any(len(tag) > 40 for tag in tags):
            raise forms.ValidationError(_("Nhiều nhất 10 từ khóa, mỗi từ khóa không quá 40 ký tự."))
        return tags


class TargetsForm(WritingForm):
    targets = forms.MultipleChoiceField(
        label=gettext_lazy("Chọn chỉ tiêu mô hình góp phần thực hiện"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )
    own_targets = long_text(
        gettext_lazy("Chỉ tiêu khác của đơn vị"), help_text=gettext_lazy("Mỗi dòng một chỉ tiêu."), rows=2
    )

    def __init__(self, *args, targets, **kwargs):
        super().__init__(*args, **kwargs)
        self._targets = {str(one.pk): one for one in targets}
        self.fields["targets"].choices = [(pk, one.text) for pk, one in self._targets.items()]
        if not self._targets:
            del self.fields["targets"]

    def clean_own_targets(self):
        lines = [line.strip() for line in self.cleaned_data["own_targets"].splitlines() if line.strip()]
        if any(len(line) > 500 for line in lines) or len(lines) > 10:
            raise forms.ValidationError(_("Nhiều nhất 10 dòng, mỗi dòng không quá 500 ký tự."))
        return lines

    def rows(self) -> list[dict]:
        return [*self.chosen(), *({"target": None, "text": line} for line in self.cleaned_data["own_targets"])]

    def chosen(self) -> list[dict]:
        """Return those ticked in the list, without the ones the unit names itself."""
        return [{"target": self._targets[pk]} for pk in self.cleaned_data.get("targets", [])]


def screen_for(key: str, dossier: Dossier, user, data=None, reopened: Reopened = EVERYTHING) -> Screen:
    """Return the screen of one section, holding what is saved, or what was posted; only what is open stands on it.

    One to three queries. Raises NotReopened where something else was posted.
    """
    screen = BUILDERS[key](key, dossier, user, data, reopened)
    screen.receives_more = reopened.more(key)
    if not reopened.section(key):
        _leave_out_closed(screen, reopened, data or {})
    return screen


def _leave_out_closed(screen: Screen, reopened: Reopened, data: Mapping) -> None:
    closed = [name for name in (screen.form.fields if screen.form else ()) if not reopened.place(screen.key, name)]
    for name in closed:
        del screen.form.fields[name]
    if screen.form is not None and not screen.form.fields:
        screen.form = None
    if screen.rows_name in ("co_units", "shortcomings") and not reopened.place(screen.key, screen.rows_name):
        screen.formset = None
    if screen.formset is None:
        closed += [name for name in data if name.startswith(f"{PREFIX}-")]
    if posted := [name for name in closed if name in data]:
        raise NotReopened(posted)


def open_rows(saved: list[dict], key: str, reopened: Reopened) -> list[dict]:
    """Return those of a list's saved rows that may be changed."""
    return [row for row in saved if reopened.place(key, f"{ROW_KEYS.get(key, 'item')}.{row['id']}")]


def _general(key, dossier, user, data, reopened):
    initial = {"title": dossier.title, "programmes": dossier.programmes, "tags": ", ".join(dossier.tags)}
    if dossier.is_model:
        initial |= {name: getattr(dossier.practice, name) for name in SECTION_FIELDS[key]}
    units = near_units(dossier.unit, localdate())
    near = {fold(one.name): one for one in units}
    saved = [{"unit": one.name} for one in dossier.co_units.all()]
    form = GeneralForm(data, initial=initial, is_model=dossier.is_model, known_tags=known_tags(dossier))
    formset = formset_for(CoUnitRow, saved, data, most=10, blank=0, near=near)
    return Screen(key, form, formset, "co_units", tuple(one.name for one in units))


def _texts(key, dossier, user, data, reopened):
    names = SECTION_FIELDS[key]
    fields = {
        name: long_text(_capital(PracticeModel._meta.get_field(name).verbose_name), help_text=HELP.get(name, ""))
        for name in names
    }
    form = type("TextsForm", (WritingForm,), fields)
    return Screen(key, form(data, initial={name: getattr(dossier.practice, name) for name in names}))


def _targets(key, dossier, user, data, reopened):
    linked = [str(pk) for pk in dossier.practice.target_links.values_list("target_id", flat=True)]
    targets = list(targets_for(user, dossier.year))
    known = {str(one.pk) for one in targets}
    targets += [one.target for one in _links_outside(dossier, known) if set(linked) - known]
    return Screen(key, TargetsForm(data, initial={"targets": linked}, targets=targets))


def _links_outside(dossier, known):
    """Return links to targets that were ended or belong to another year since: they stay until unticked."""
    return [one for one in dossier.practice.target_links.select_related("target") if str(one.target_id) not in known]


def _shortcomings(key, dossier, user, data, reopened):
    links = list(dossier.practice.shortcoming_links.select_related("shortcoming").order_by("id"))
    found = [*shortcomings_for(user, dossier.year), *(link.shortcoming for link in links)]
    saved = [{"shortcoming": str(link.shortcoming_id), "remedy": link.remedy} for link in links]
    known = {str(one.pk): one for one in found}
    return Screen(key, None, formset_for(ShortcomingRow, saved, data, most=10, blank=1, shortcomings=known), key)


def _exemplars(key, dossier, user, data, reopened):
    names = ("id", "name", "position", "evidence", "consent")
    standing = list(dossier.practice.exemplars.all())
    named = {one.pk: one.folded_name for one in standing}
    saved = [{name: getattr(one, name) for name in names} for one in standing]
    saved, blank = open_rows(saved, key, reopened), int(reopened.more(key))
    formset = formset_for(ExemplarRow, saved, data, most=10, blank=blank, named=named)
    return Screen(key, None, formset if saved or blank else None, key)


def _outputs(key, dossier, user, data, reopened):
    saved = [
        {"id": one.pk, "name": one.name, "value": one.value, "measure": str(one.measure_id)}
        for one in dossier.practice.outputs.all()
    ]
    saved, blank = open_rows(saved, key, reopened), int(reopened.more(key))
    formset = formset_for(OutputRow, saved, data, most=MOST_ROWS, blank=blank, measures=measures())
    return Screen(key, None, formset if saved or blank else None, key)


def _works(key, dossier, user, data, reopened):
    kind = ITEM_SECTIONS[key]
    saved = open_rows([work_initial(item) for item in dossier.items.filter(kind=kind)], key, reopened)
    most = dossier.round.max_works if key == "collective" else MOST_ROWS
    formset = works_formset(saved, data, dossier, most=most, blank=(blank := int(reopened.more(key))))
    return Screen(key, None, formset if saved or blank else None, kind, days=due_days(dossier.year))


def _capital(label) -> str:
    label = str(label)
    return label[:1].upper() + label[1:]


BUILDERS = {
    "general": _general,
    "reasons": _texts,
    "contents": _texts,
    "targets": _targets,
    "shortcomings": _shortcomings,
    "exemplars": _exemplars,
    "solutions": _texts,
    "works": _works,
    "outputs": _outputs,
    "upkeep": _texts,
    "collective": _works,
    "issues": _works,
}
