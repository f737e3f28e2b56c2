"""The revisions of a sealed quarter: what one says otherwise than the one before, and who printed which."""

from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from completion.models import Correction, FrozenUnit, Revision
from completion.queries.differences import before_of, differences
from completion.services import note_taking
from completion.words import RATE_NAMES
from journal.lists import Listing, listed
from organizations.permissions import Action, may
from vietnamese.display import quarter_text

PER_PAGE = 50


def _difference_file(request, pk) -> Listing:
    revision, before = _revision(request, pk)
    heads = [_("Đơn vị"), _("Mã"), _("Tỷ lệ")]
    for number in (before.number, revision.number):
        said = {"number": number}
        heads += [text % said for text in (_("n, bản %(number)s"), _("N, bản %(number)s"), _("X, bản %(number)s"))]
        heads.append(_("Tỷ lệ, bản %(number)s") % said)
    return Listing(
        title=_("Điểm khác %(quarter)s, bản %(number)s")
        % {"quarter": quarter_text(revision.period.quarter, revision.period.year), "number": revision.number},
        heads=[*heads, _("Chênh lệch")],
        rows=differences(revision, before, user=request.user),
        line=lambda one: [
            one.name,
            one.code,
            str(RATE_NAMES[one.rate]),
            *(one.before.n, one.before.base, one.before.x, one.before.text),
            *(one.after.n, one.after.base, one.after.x, one.after.text),
            one.text,
        ],
    )


@listed(_difference_file)
@require_safe
def difference(request, pk):
    """Show what a revision says otherwise than the one before it, unit by unit, and the corrections behind it."""
    revision, before = _revision(request, pk)
    page = Paginator(differences(revision, before, user=request.user), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "revision": revision,
        "before": before,
        "quarter_key": str(revision.period),
        "page_obj": page,
        "rows": [(one, RATE_NAMES[one.rate]) for one in page.object_list],
        "corrections": Correction.objects.visible_to(request.user).filter(revision=revision).select_related("unit"),
    }
    return render(request, "completion/difference.html", context)


@require_POST
def printed(request, pk, unit):
    """Note that a page with figures of a sealed revision was printed; the browser asks for it by itself."""
    seen = FrozenUnit.objects.visible_to(request.user).filter(revision__sealed=True)
    place = get_object_or_404(seen.select_related("unit"), revision=pk, unit=unit)
    if not may(request.user, Action.READ_FIGURES):
        raise PermissionDenied
    note_taking(pk, place.unit, "print", by=request.user, at=timezone.now())
    return HttpResponse(status=204)


def _revision(request, pk) -> tuple[Revision, Revision]:
    revision = get_object_or_404(Revision.objects.filter(sealed=True).select_related("period__root"), pk=pk)
    seen_or_404(request, revision)
    before = before_of(revision)
    if before is None:
        raise Http404
    return revision, before


def seen_or_404(request, revision: Revision | None) -> None:
    if revision is None or not FrozenUnit.objects.visible_to(request.user).filter(revision=revision).exists():
        raise Http404
    if not may(request.user, Action.READ_FIGURES):
        raise PermissionDenied
