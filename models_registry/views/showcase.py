"""The showcase: its gallery, one model, judging it, adopting it, who adopted it; and the board's part in it."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from journal.lists import Listing, listed
from journal.sending import once
from models_registry import services
from models_registry.forms.dossiers import CopyForm
from models_registry.forms.showcase import GalleryForm, PublishForm, UnpublishForm, VoteForm
from models_registry.kept_files import handed_out, handed_out_small
from models_registry.lifecycle import State
from models_registry.models import Attachment, Dossier, Publication, RegistrationRound, Vote
from models_registry.queries import showcase as queries
from models_registry.queries.adoption import adoption_tree, flat, spread_of, units_adopting
from models_registry.queries.recognition import honours_of, of_model, steps_of
from models_registry.services.showcase import is_own, publishes
from models_registry.views.dossiers.held import posted
from organizations.permissions import Action, may

CARDS, ROWS = 24, 50


def _gallery_file(request) -> Listing:
    form = GalleryForm(request.GET, years=queries.years_shown(request.user))
    return Listing(
        title=_("Kho mô hình hay"),
        heads=[_("Mô hình"), _("Đơn vị"), _("Năm"), _("Giới thiệu từ"), _("Tóm tắt")],
        rows=queries.gallery(request.user, **form.wanted()),
        line=lambda one: [one.dossier.title, one.dossier.unit.name, one.dossier.year, one.published_at, one.summary],
    )


@listed(_gallery_file)
@require_safe
def gallery(request):
    """The approved models shown to everyone of the tree, as cards; five queries."""
    form = GalleryForm(request.GET, years=queries.years_shown(request.user))
    wanted = form.wanted()
    page = Paginator(queries.gallery(request.user, **wanted), CARDS).get_page(request.GET.get("page"))
    shown = [publication.dossier_id for publication in page]
    units, honours = units_adopting(shown), honours_of(shown)
    cards = [queries.card(publication, units, honours) for publication in page]
    context = {"page_obj": page, "cards": cards, "form": form, "tag": wanted.get("tag"), "ranked": wanted.get("sort")}
    context["narrowed"] = wanted.keys() - {"terms", "tag"}
    return render(request, "models_registry/showcase/gallery.html", context)


@require_safe
def shown_model(request, pk):
    """One model of the showcase, as it may be read by everybody; twelve queries at most."""
    return _model_page(request, _shown_or_404(request, pk))


@require_safe
def shown_photo(request, pk, photo):
    """Hand out a photo of a model of the showcase, while the consent to show it stands."""
    return handed_out(request, _shown_photo_or_404(request, pk, photo))


@require_safe
def shown_thumbnail(request, pk, photo):
    return handed_out_small(request, _shown_photo_or_404(request, pk, photo))


def _shown_photo_or_404(request, pk, photo) -> Attachment:
    publication = get_object_or_404(Publication.objects.visible_to(request.user), dossier=pk)
    return get_object_or_404(Attachment.objects.shown_with(publication.dossier_id), pk=photo)


@require_POST
def vote(request, pk):
    """Judge a model from 1 to 5, or judge it anew."""
    publication = _shown_or_404(request, pk)
    form = VoteForm(request.POST)
    if not form.is_valid():
        return _model_page(request, publication, form, status=422)
    services.vote(pk, stars=form.cleaned_data["stars"], by=request.user, at=timezone.now())
    messages.success(request, _("Đã ghi đánh giá của bạn. Bạn có thể đánh giá lại bất cứ lúc nào."))
    return redirect(reverse("models_registry:shown_model", args=[pk]) + "#votes")


def _shown_or_404(request, pk) -> Publication:
    seen = Publication.objects.visible_to(request.user).with_votes()
    return get_object_or_404(seen.select_related("dossier__unit", "dossier__practice"), dossier=pk)


def _model_page(request, publication, form=None, *, status=200):
    found, user = publication.dossier, request.user
    own = is_own(user, found, timezone.now())
    mine = None if own else Vote.objects.visible_to(user).filter(dossier=found).first()
    tree = adoption_tree(found)
    context = {
        "dossier": found,
        "publication": publication,
        "card": queries.card(publication, {}),
        "sections": queries.public_sections(found),
        "photos": queries.public_photos(found),
        "spread": spread_of(found, tree),
        "source": queries.source_shown(user, found),
        "steps": steps_of(recognised) if (recognised := of_model(found)) else [],
        "own": own,
        "vote_form": None
        if own or may(user, Action.READ_LEFT)
        else form or VoteForm(initial={"stars": mine.stars if mine else None}),
        "voted": mine,
        "may_adopt": may(user, Action.REGISTER) and user.post.unit_id != found.unit_id,
        "publishes": publishes(user, found),
        "within": Dossier.objects.visible_to(user).filter(pk=found.pk).exists(),
    }
    return render(request, "models_registry/showcase/model.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def adopt(request, pk):
    """Start a draft of the own unit after a model of the showcase, in a round that receives."""
    user, now = request.user, timezone.now()
    source = get_object_or_404(Dossier.objects.shown_to(user).select_related("unit"), pk=pk)
    if not may(user, Action.REGISTER):
        raise PermissionDenied
    rounds = RegistrationRound.objects.visible_to(user).receiving(timezone.localdate(now))
    form = CopyForm(posted(request), rounds=rounds, initial={"round": rounds[0].pk} if len(rounds) == 1 else {})
    form.fields["round"].label = _("Đăng ký vào đợt")
    if request.method == "POST" and form.is_valid():
        try:
            with once(request) as sending:
                made = services.adopt(pk, round=form.cleaned_data["round"], by=user, at=now)
                sending.leads_to = reverse("models_registry:check", args=[made.pk])
        except ValidationError as refused:
            form.add_error("round", refused)
        else:
            messages.success(
                request,
                _("Bản nháp đã sẵn sàng. Hãy điền phần của riêng đơn vị mình; mục còn thiếu ghi ngay dưới đây."),
            )
            return redirect(sending.leads_to)
    context = {"source": source, "form": form, "rounds": rounds}
    return render(request, "models_registry/showcase/adopt.html", context, status=422 if form.errors else 200)


def _adoptions_file(request, pk) -> Listing:
    found = _adopted_or_404(request, pk)
    rows = queries.adopters(request.user, list(flat(adoption_tree(found))))
    return Listing(
        title=_("Đơn vị áp dụng: %(title)s") % {"title": found.title},
        heads=[_("Đơn vị"), _("Bậc"), _("Năm"), _("Đơn vị áp dụng tiếp"), _("Tên mô hình")],
        rows=rows,
        line=lambda one: [one.unit, one.level, one.years, one.units, one.title],
    )


def _adopted_or_404(request, pk) -> Dossier:
    seen = Dossier.objects.visible_to(request.user) | Dossier.objects.shown_to(request.user)
    approved = {"kind": Dossier.Kind.PRACTICE_MODEL, "state": State.APPROVED}
    return get_object_or_404(seen.select_related("unit"), pk=pk, **approved)


@listed(_adoptions_file)
@require_safe
def adoptions(request, pk):
    """Who adopted a model, and from whom, to any depth; eight queries however many and however deep."""
    user = request.user
    found = _adopted_or_404(request, pk)
    tree = adoption_tree(found)
    page = Paginator(list(flat(tree)), ROWS).get_page(request.GET.get("page"))
    context = {
        "dossier": found,
        "page_obj": page,
        "rows": queries.adopters(user, page),
        "spread": spread_of(found, tree),
        "source": queries.source_shown(user, found),
        "back": reverse(queries.readable(user, [pk])[pk], args=[pk]),
    }
    return render(request, "models_registry/showcase/adoptions.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def publish(request, pk):
    """Put an approved model into the showcase, seeing what everybody will read."""
    found = _publishable(request, pk)
    start = {"summary": queries.first_words(found.practice.goal)}
    form = PublishForm(posted(request), initial=start)
    if request.method == "POST" and form.is_valid():
        services.publish(pk, **form.cleaned_data, by=request.user, at=timezone.now())
        messages.success(request, _("Đã đưa mô hình vào Kho mô hình hay."))
        return redirect("models_registry:shown_model", pk)
    context = {"dossier": found, "form": form, "sections": queries.public_sections(found)}
    return render(request, "models_registry/showcase/publish.html", context, status=422 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def unpublish(request, pk):
    """Take a model out of the showcase, with a reason its unit reads."""
    found = _publishable(request, pk)
    form = UnpublishForm(posted(request))
    if request.method == "POST" and form.is_valid():
        services.unpublish(pk, reason=form.cleaned_data["reason"], by=request.user, at=timezone.now())
        messages.success(request, _("Đã gỡ mô hình khỏi Kho mô hình hay."))
        return redirect("models_registry:dossier", pk)
    context = {"dossier": found, "form": form}
    return render(request, "models_registry/showcase/unpublish.html", context, status=422 if form.errors else 200)


def _publishable(request, pk) -> Dossier:
    seen = Dossier.objects.visible_to(request.user).select_related("unit", "practice")
    found = get_object_or_404(seen, pk=pk)
    if not publishes(request.user, found):
        raise PermissionDenied
    return found
