"""One unit's quarter on one screen: the facts, the report and the discussion; drafted, then sent together."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.timezone import localdate
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from journal.sending import once
from models_registry.masking import shown_item
from organizations.permissions import Action
from progress.forms.quarterly import MeetingForm, QuarterlyReportForm
from progress.models import QuarterDraft, QuarterlyReport, ReportExemption, ThematicMeeting
from progress.queries.quarters import (
    correctable_until,
    counts_of,
    late_from,
    members_of,
    overdue_of,
    owed_quarters,
    told_in_words,
)
from progress.services import save_quarter_draft, send_quarter
from progress.services.exempting import may_exempt
from progress.services.quarter_drafts import StaleDraft
from progress.services.quarterly import may_write
from progress.views.quarters import find_unit
from vietnamese.display import quarter_text
from vietnamese.quarters import first_day

DRAFT, MEETING = "draft", "meeting"
TYPED = ("report-", "meeting-")


@require_http_methods(["GET", "HEAD", "POST"])
def unit_quarter(request, pk, year, quarter):
    """Show one unit's quarter; its own people draft and send the report and the discussion here."""
    if quarter not in (1, 2, 3, 4):
        raise Http404
    unit, at = find_unit(request, pk, year), timezone.now()
    page = _page(request, unit, year, quarter, at)
    if request.method != "POST":
        return _shown(request, page)
    if not page["records"] or not page["meeting_form"]:
        raise PermissionDenied
    paper = request.POST.get("paper")
    if paper == DRAFT:
        return _drafted(request, page, at)
    if paper != MEETING and not page["reports"]:
        raise PermissionDenied
    return _sent(request, page, at, with_report=paper != MEETING)


def _page(request, unit, year, quarter, at) -> dict:
    today = localdate(at)
    counts = counts_of(unit, year, today)[quarter]
    sent = QuarterlyReport.objects.of_quarter(year, quarter).filter(unit=unit).select_related("sent_by").first()
    begun = first_day(year, quarter) <= today
    until = correctable_until(year, quarter)
    records = may_write(request.user, unit, Action.ENTER_REPORT)
    draft = None
    if records:
        drafts = QuarterDraft.objects.visible_to(request.user).of_quarter(year, quarter)
        draft = drafts.filter(unit=unit).select_related("saved_by").first()
    standing = ReportExemption.objects.standing().of_quarter(year, quarter)
    exemption = standing.filter(unit=unit).select_related("exempted_by").first()
    page = {
        "unit": unit,
        "year": year,
        "quarter": quarter,
        "counts": counts,
        "told": told_in_words(counts),
        "overdue": [(item, shown_item(item, request.user)) for item in overdue_of(unit, year, quarter, today)],
        "sent": sent,
        "is_late": sent and sent.sent_at >= late_from(year, quarter),
        "exemption": exemption,
        "may_exempt": may_exempt(request.user, unit) and today <= until,
        "owed": quarter in owed_quarters(unit, year),
        "past": today > until and not sent,
        "correctable_until": until,
        "meetings": ThematicMeeting.objects.of_quarter(year, quarter).filter(unit=unit),
        "reports": may_write(request.user, unit, Action.REPORT),
        "records": records,
        "draft": draft,
        "edition": draft.edition if draft else 0,
    }
    writes = records and begun
    texts = _initial(sent, counts) | _part(draft, "report-")
    starts = {"invited": members_of(unit, min(today, until)) if writes else None} | _part(draft, "meeting-")
    page["report_form"] = QuarterlyReportForm(initial=texts) if writes and (not sent or today <= until) else None
    page["meeting_form"] = MeetingForm(initial=starts) if writes else None
    return page


def _initial(sent: QuarterlyReport | None, counts: dict) -> dict:
    if sent is None:
        return {"results": told_in_words(counts)}
    return {"results": sent.results, "difficulties": sent.difficulties, "next_steps": sent.next_steps}


def _part(draft: QuarterDraft | None, prefix: str) -> dict[str, str]:
    found = draft.typed if draft else {}
    return {name.removeprefix(prefix): text for name, text in found.items() if name.startswith(prefix)}


def _drafted(request, page, at):
    typed = {name: text for name, text in request.POST.items() if name.startswith(TYPED)}
    edition = request.POST.get("edition", "")
    key = (page["unit"], page["year"], page["quarter"])
    try:
        save_quarter_draft(*key, typed, edition=int(edition[:9]) if edition.isdecimal() else 0, by=request.user, at=at)
    except StaleDraft as late:
        page["report_form"] = page["report_form"] and QuarterlyReportForm(initial=_typed(request, "report-"))
        page["meeting_form"] = MeetingForm(initial=_typed(request, "meeting-"))
        return _shown(request, page | {"other": late.draft, "edition": late.draft.edition}, status=409)
    messages.success(request, _("Đã lưu nháp: %(quarter)s.") % {"quarter": quarter_text(key[2], key[1])})
    return redirect(request.path)


def _typed(request, prefix: str) -> dict[str, str]:
    return {name.removeprefix(prefix): text for name, text in request.POST.items() if name.startswith(prefix)}


def _sent(request, page, at, *, with_report: bool):
    report_form = QuarterlyReportForm(request.POST)
    meeting_form = MeetingForm(
        request.POST,
        # Without a report there must be a meeting; with one, a meeting nobody typed anything of is none.
        empty_permitted=with_report,
        use_required_attribute=False,
        initial={"invited": page["meeting_form"].initial.get("invited")},
    )
    parts = [report_form, meeting_form] if with_report else [meeting_form]
    if all(form.is_valid() for form in parts) and _kept(request, page, parts, at):
        said = {"quarter": quarter_text(page["quarter"], page["year"])}
        done = _("Đã gửi báo cáo %(quarter)s.") if with_report else _("Đã ghi buổi sinh hoạt của %(quarter)s.")
        messages.success(request, done % said)
        return redirect(request.path)
    if page["report_form"]:
        page["report_form"] = report_form if with_report else QuarterlyReportForm(initial=_typed(request, "report-"))
    return _shown(request, page | {"meeting_form": meeting_form}, status=422)


def _kept(request, page, parts, at) -> bool:
    *report, meeting = parts
    try:
        with once(request, request.path):
            send_quarter(
                page["unit"],
                page["year"],
                page["quarter"],
                report=report[0].cleaned_data if report else None,
                meeting=meeting.cleaned_data if meeting.has_changed() else None,
                by=request.user,
                at=at,
            )
    except ValidationError as refusal:
        fields = set(getattr(refusal, "error_dict", {}))
        (meeting if fields & set(meeting.fields) else parts[0]).take(refusal)
        return False
    return True


def _shown(request, page, *, status: int = 200):
    return render(request, "progress/unit_quarter.html", page, status=status)
