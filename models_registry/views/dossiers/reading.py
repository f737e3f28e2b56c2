"""Reading dossiers: the list, one dossier, its print, its files."""

from django.core.paginator import Paginator
from django.http import Http404
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from journal.lists import Listing, listed
from models_registry import gate
from models_registry.content import content_of
from models_registry.describing import describe
from models_registry.forms.dossiers import CommentForm, FilterForm
from models_registry.hidden_names import masks_names
from models_registry.kept_files import handed_out, handed_out_small
from models_registry.lifecycle import EDITS, MOVES, Step
from models_registry.models import Attachment, Dossier
from models_registry.queries import dossiers as queries
from models_registry.queries.in_sight import on_a_page
from models_registry.queries.papers import entered_in, files_shown
from models_registry.queries.remarks import placed, remarks_of
from models_registry.queries.showcase import standing_of
from models_registry.queries.turns import clock_shown
from models_registry.services.comments import audiences_for
from models_registry.services.consent import may_withdraw_consent
from models_registry.services.recognition import recognises
from models_registry.services.showcase import publishes
from organizations.permissions import Action, may

PAGE_SIZE = 50
BOARD_STEPS = frozenset({Step.TAKE, Step.GIVE_BACK, Step.REQUEST_REVISION, Step.APPROVE, Step.REJECT})


def _dossiers_asked(request):
    """Return the filter and the dossiers it finds, newest year first."""
    form = FilterForm(request.GET)
    found = Dossier.objects.visible_to(request.user).select_related("unit", "round").defer("folded")
    return form, form.narrow(found).order_by("-year", "-id")


def _dossiers_file(request) -> Listing:
    return Listing(
        title=_("Hồ sơ đăng ký"),
        heads=[
            _("Số hồ sơ"),
            _("Tên"),
            _("Loại hồ sơ"),
            _("Đơn vị"),
            _("Đợt đăng ký"),
            _("Năm"),
            _("Tình trạng"),
            _("Bản"),
            _("Gửi lúc"),
            _("Kết luận lúc"),
        ],
        rows=_dossiers_asked(request)[1],
        line=lambda one: [
            one.pk,
            one.title,
            one.get_kind_display(),
            one.unit.name,
            one.round.name,
            one.year,
            one.get_state_display(),
            one.version,
            one.submitted_at,
            one.decided_at,
        ],
    )


@listed(_dossiers_file)
@require_safe
def dossiers(request):
    """List the own unit's dossiers, or those within sight, newest year first; five queries."""
    form, found = _dossiers_asked(request)
    page = Paginator(found, PAGE_SIZE).get_page(request.GET.get("page"))
    context = {"page_obj": page, "form": form, "registers": may(request.user, Action.REGISTER)}
    return render(request, "models_registry/dossiers/list.html", context)


@require_safe
def dossier(request, pk):
    """Show one dossier as it was last sent, or the draft; `?version=` shows an earlier one."""
    found = on_a_page(request.user, pk)
    if found is None:
        raise Http404
    shown = _shown_or_404(request, found)
    content = describe(shown.content, mask_names=masks_names(request.user, found))
    remarks = remarks_of(found, request.user).get(shown.version.number, {}) if shown.version else {}
    happened = queries.events_shown(found)
    events = queries.timeline(happened) if found.version else []
    steps = set(gate.open_steps(found, MOVES, by=request.user, conflicted=False))
    audiences = audiences_for(request.user, found)
    files, signed = files_shown(found, shown.content, own=found.unit_id == request.user.post.unit_id)
    context = {
        "dossier": found,
        "shown": shown,
        "sections": content,
        "remarks": remarks,
        "returned": placed(remarks, content) if shown.version and shown.version.number == found.version else [],
        "reason": _reason(events, remarks),
        "files": files,
        "edits": gate.open_steps(found, EDITS, by=request.user),
        "steps": steps,
        "board_acts": bool(steps & BOARD_STEPS),
        "may_copy": may(request.user, Action.REGISTER) and found.unit_id == request.user.post.unit_id,
        "entered_by": entered_in(happened),
        "carried": queries.carried_into(found),
        "signed": signed,
        "events": events,
        "comments": queries.comments_of(found, request.user) if found.version else [],
        **clock_shown(found, timezone.now()),
        "standing": standing_of(request.user, found),
        "publishes": publishes(request.user, found),
        "recognises": recognises(request.user, found.unit),
        "reads_figures": may(request.user, Action.READ_FIGURES),
        "may_unname": may_withdraw_consent(request.user, found),
        "comment_form": CommentForm(audiences=audiences) if audiences else None,
    }
    return render(request, "models_registry/dossiers/dossier.html", context)


@require_safe
def print_dossier(request, pk):
    """The same content for paper, with “DỰ THẢO” across it until it is approved."""
    found = get_object_or_404(_dossiers_for(request.user), pk=pk)
    shown = _shown_or_404(request, found)
    sections = describe(shown.content, mask_names=masks_names(request.user, found))
    context = {"dossier": found, "shown": shown, "sections": sections, "now": timezone.now()}
    return render(request, "models_registry/dossiers/print.html", context)


@require_safe
def attachment(request, pk):
    """Hand out a file of a dossier within sight."""
    found = get_object_or_404(Attachment.objects.visible_to(request.user), pk=pk)
    return handed_out(request, found)


@require_safe
def thumbnail(request, pk):
    """Hand out the small picture of a photo of a dossier within sight."""
    seen = Attachment.objects.visible_to(request.user).exclude(thumbnail="")
    return handed_out_small(request, get_object_or_404(seen, pk=pk))


def _dossiers_for(user):
    return Dossier.objects.visible_to(user).select_related("unit", "round", "body", "practice")


def _shown_or_404(request, found) -> queries.Shown:
    """Return the version asked for; `?draft=1` is what the unit is writing now, for the unit alone."""
    if "draft" in request.GET and found.can_be_edited and found.unit_id == request.user.post.unit_id:
        return queries.Shown(content_of(found), None, ())
    wanted = request.GET.get("version", "")
    shown = queries.shown(found, int(wanted) if wanted.isdecimal() and len(wanted) < 6 else None)
    if shown is None:
        raise Http404
    return shown


def _reason(events: list[dict], remarks: dict) -> str:
    """Return why the dossier was moved last, where no remark on the whole says the same."""
    reason = events[-1]["note"] if events else ""
    return "" if "" in remarks and remarks[""].text == reason else reason
