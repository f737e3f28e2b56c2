"""What a dossier still lacks before it may be sent; the same answer serves the form, the summary and the gate."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from datetime import date

from django.db.models import CharField, IntegerField
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from journal.questions import Blank, Question
from models_registry.content import content_of
from models_registry.describing import Section, describe
from models_registry.lifecycle import State
from models_registry.models import Dossier, PracticeModel, RegistrationRound, WorkItem, subject_key
from models_registry.sections import ITEM_SECTIONS
from vietnamese.display import day_text

REQUIRED_TEXTS = ("situation", "goal", "learning", "following", "example_setting", "solutions", "place", "upkeep")
CLOSED = (State.REJECTED, State.WITHDRAWN)

Found = Iterable[tuple[str, str]]


def problems_of(dossier: Dossier, *, day: date, content: dict | None = None) -> dict[str, list[str]]:
    """Return {field or section: sentences}, by the keys of `describing.describe`; empty when the dossier may be sent.

    `content` spares reading it again. One query more for a sheet, and one after a second version.
    """
    content = content or content_of(dossier)
    found = defaultdict(list)
    checks = _model_problems(content, dossier) if dossier.is_model else _sheet_problems(content, dossier)
    for key, sentence in (*_general_problems(dossier, day), *checks, *_item_problems(content, dossier, day)):
        found[key].append(sentence)
    return dict(found)


def lacking_sections(dossier: Dossier, *, day: date) -> dict[str, list[str]]:
    """Return {section: [what a problem is pinned to, once for each]} of the sections that hold one, in their order."""
    content = content_of(dossier)
    problems = problems_of(dossier, day=day, content=content)
    found = {
        section.key: [key for key in _keys(section) for _sentence in problems.get(key, [])]
        for section in describe(content, mask_names=False)
    }
    return {key: pinned for key, pinned in found.items() if pinned}


def section_problems(section: Section, problems: dict[str, list[str]]) -> list[str]:
    """Return the sentences pinned to a section or to a row of it."""
    return [sentence for key in _keys(section) for sentence in problems.get(key, [])]


def _keys(section: Section) -> Iterable[str]:
    return dict.fromkeys([section.key, *(row.key for row in section.rows)])


def _general_problems(dossier: Dossier, day: date) -> Found:
    if not dossier.title.strip():
        yield "title", _("Hãy đặt tên.")
    opened = dossier.round
    if dossier.version == 0 and not (opened.opened_at and opened.opens_on <= day <= opened.late_until):
        yield (
            "round",
            _("Đợt “%(round)s” không nhận đăng ký vào ngày %(day)s.")
            % {
                "round": opened.name,
                "day": day_text(day),
            },
        )


def _model_problems(content: dict, dossier: Dossier) -> Found:
    for name in REQUIRED_TEXTS:
        if not content["practice"].get(name, "").strip():
            label = PracticeModel._meta.get_field(name).verbose_name
            yield name, _("Hãy nhập nội dung “%(label)s”.") % {"label": label}
    if not content["targets"]:
        yield "targets", _("Hãy chọn ít nhất một chỉ tiêu nghị quyết.")
    if not content["shortcomings"]:
        yield "shortcomings", _("Hãy nêu ít nhất một tồn tại, hạn chế và tình trạng khắc phục.")
    if not content["exemplars"]:
        yield "exemplars", _("Hãy nêu ít nhất một cá nhân điển hình.")
    elif not any(one["consent"] for one in content["exemplars"]):
        yield "exemplars", _("Cần ít nhất một cá nhân điển hình đã đồng ý được nêu.")
    for one in content["exemplars"]:
        if not one["position"].strip() or not one["evidence"].strip():
            yield f"exemplar.{one['id']}", _("Hãy nêu chức danh và việc làm, hiệu quả thực tế.")
    if not content["items"]:
        yield "works", _("Hãy nhập ít nhất một phần việc có đủ 5 rõ.")
    if not content["outputs"]:
        yield "outputs", _("Hãy nêu ít nhất một sản phẩm, kết quả kiểm chứng được.")


_TOO_MANY = gettext_lazy("Mỗi chủ thể đăng ký nhiều nhất %(most)d việc một năm; ở đây có %(count)d.")
_TOO_MANY_IN_ALL = gettext_lazy(
    "Mỗi chủ thể đăng ký nhiều nhất %(most)d việc một năm; cả năm có %(count)d, gồm %(elsewhere)d ở bản đã gửi."
)


def _sheet_problems(content: dict, dossier: Dossier) -> Found:
    items = content["items"]
    # Whoever registers, registers within the round's limits; a sheet of issues or of one member's work alone is whole.
    if not items:
        yield "collective", _("Hãy đăng ký ít nhất một việc.")
    others = Counter(works_elsewhere(dossier))
    by_subject = defaultdict(list)
    for item in items:
        if subject := _subject(item["kind"], item["subject_name"], item["subject_position"]):
            by_subject[subject].append(item)
    for subject, works in by_subject.items():
        key = "collective" if subject == COLLECTIVE else f"item.{works[-1]['id']}"
        if sentence := wrong_number_of_works(dossier.round, len(works), others[subject]):
            yield key, sentence


def wrong_number_of_works(opened: RegistrationRound, here: int, elsewhere: int) -> str:
    """Return one sentence when a subject registers more or fewer works than the round allows, else nothing."""
    count, least, most = here + elsewhere, opened.min_works, opened.max_works
    if count > most:
        sentence = _TOO_MANY_IN_ALL if elsewhere else _TOO_MANY
        return sentence % {"most": most, "count": count, "elsewhere": elsewhere}
    return _("Mỗi chủ thể đăng ký ít nhất %(least)d việc một năm.") % {"least": least} if count < least else ""


COLLECTIVE = ("", "")


def _subject(kind: str, name: str, position: str) -> tuple[str, str] | None:
    """Return whose work it is; a pressing issue is nobody's own and is not counted."""
    if kind == WorkItem.Kind.ISSUE:
        return None
    return COLLECTIVE if kind == WorkItem.Kind.COLLECTIVE else subject_key(name, position)


def works_elsewhere(dossier: Dossier) -> list[tuple[str, str] | None]:
    """Return whose each work on the unit's other sheets of the year is that were sent; one query."""
    found = _works_beside(dossier=dossier.pk, unit=dossier.unit_id, year=dossier.year, kind=dossier.kind)
    return [_subject(*row) for row in found]


@Question
def _works_beside():
    year, kind = Blank("year", IntegerField()), Blank("kind", CharField())
    sheets = Dossier.objects.filter(unit=Blank("unit"), year=year, kind=kind)
    live = sheets.exclude(pk=Blank("dossier")).exclude(state__in=[*CLOSED, State.DRAFT])
    works = WorkItem.objects.filter(dossier__in=live).order_by()
    return works.values_list("kind", "subject_name", "subject_position")


def _item_problems(content: dict, dossier: Dossier, day: date) -> Found:
    sections = {kind: key for key, kind in ITEM_SECTIONS.items()}
    # Nobody may word a work anew once it began.
    begun = dossier.begun_works()
    for item in content["items"]:
        if item["kind"] in sections and item["id"] not in begun:
            for _field, sentence in item_problems(item, year=dossier.year, day=day):
                yield f"item.{item['id']}", sentence


def item_problems(item: dict, *, year: int, day: date) -> Found:
    """Yield (field, sentence) of what one work, as `content.plain_item` returns it, lacks before it may be sent."""
    yield from _lacking(item)
    yield from _wrong_days(item, year, day)


def _lacking(item: dict) -> Found:
    individual = item["kind"] == WorkItem.Kind.INDIVIDUAL
    asked = {
        "title": _("Rõ việc: hãy nêu việc làm cụ thể."),
        "accountable": _("Rõ trách nhiệm: hãy nêu ai chịu trách nhiệm."),
        "expected_result": _("Rõ kết quả: hãy nêu kết quả đo đếm được."),
        "subject_name" if individual else "assignee": _("Rõ người: hãy nêu người thực hiện."),
    }
    for field, sentence in asked.items():
        if not item[field].strip():
            yield field, sentence
    if not item["ongoing"] and not (item["starts_on"] and item["due_on"]):
        missing = "due_on" if item["starts_on"] else "starts_on"
        yield missing, _("Rõ tiến độ: hãy nêu ngày bắt đầu và ngày hoàn thành, hoặc chọn việc thường xuyên.")
    if item["expected_value"] is not None and not item["measure"]:
        yield "measure", _("Rõ kết quả: hãy chọn đơn vị tính cho số lượng.")


def _wrong_days(item: dict, year: int, day: date) -> Found:
    starts, due = (parse_date(item[name]) if item[name] else None for name in ("starts_on", "due_on"))
    if starts and due and due < starts:
        yield "due_on", _("Ngày hoàn thành phải sau ngày bắt đầu.")
    if item["ongoing"] or due is None:
        return
    if due.year != year:
        yield "due_on", _("Hạn hoàn thành phải nằm trong năm kế hoạch %(year)d.") % {"year": year}
    elif due < day:
        yield "due_on", _("Hạn hoàn thành %(due)s đã qua. Hãy đặt hạn mới.") % {"due": day_text(due)}
