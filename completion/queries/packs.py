"""Report packs as pages show them: those in sight, their files, whether a newer seal came since, what a code says."""

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from completion.models import Pack, PackFile, Revision
from completion.queries.spans import Span, Spanned
from organizations.models import Unit
from reviews.check_codes import shown
from reviews.queries.checked import Checked
from vietnamese.display import instant_text, number_text, quarter_text


def spanned_text(spanned: Spanned) -> str:
    """Return "Quý II/2026", "6 tháng đầu năm 2026" or "Cả năm 2026", in the language of the reader."""
    year = {"year": spanned.quarter.year}
    if spanned.span == Span.QUARTER:
        return quarter_text(spanned.quarter.number, spanned.quarter.year)
    return _("6 tháng đầu năm %(year)s") % year if spanned.span == Span.HALF else _("Cả năm %(year)s") % year


@dataclass(frozen=True, slots=True)
class ShownPack:
    """A pack with the files this person may fetch; `is_outdated` where a quarter of it was sealed anew since."""

    pack: Pack
    files: list[PackFile]
    period: str
    is_outdated: bool

    @property
    def code(self) -> str:
        return shown(self.pack.code)


def packs_in_sight(user, unit: Unit | None = None):
    """Return the packs this person sees, newest first, ready to be shown; two queries a page."""
    found = Pack.objects.visible_to(user).select_related("unit", "revision__period", "made_by")
    found = found.annotate(outdated=Exists(_newer())).prefetch_related(Prefetch("files"))
    return found.filter(unit=unit) if unit else found


def shown_pack(pack: Pack, user) -> ShownPack:
    """Return a pack of `packs_in_sight` as its page shows it; no query."""
    files = [one for one in pack.files.all() if may_fetch(pack, one.form, user)]
    return ShownPack(pack, files, spanned_text(Spanned(pack.span, pack.quarter)), pack.outdated)


def may_fetch(pack: Pack, form: str, user) -> bool:
    """Whether this person, who sees the pack, may have this file: a workbook names people as its maker saw them."""
    if form != PackFile.Form.XLSX:
        return True
    return pack.made_by_id == user.pk and user.post is not None and user.post.pk == pack.made_in_id


def checked_pack(code: str) -> Checked | None:
    """Return what is told to anybody of the pack with a code; two queries."""
    pack = Pack.objects.filter(code=code).select_related("revision__period").annotate(outdated=Exists(_newer())).first()
    if pack is None:
        return None
    rows = [
        (_("Loại văn bản"), _("Bộ báo cáo số liệu")),
        (_("Cơ quan ban hành"), pack.issuer),
        (_("Kỳ"), spanned_text(Spanned(pack.span, pack.quarter))),
        (_("Bản số liệu"), number_text(pack.revision.number)),
        (_("Số liệu đến"), instant_text(pack.revision.as_of)),
        (_("Mã băm"), pack.revision.input_hash),
        (_("Lập lúc"), instant_text(pack.made_at)),
    ]
    newer = _("Văn bản có thật, nhưng số liệu đã có bản chốt mới hơn") if pack.outdated else ""
    rows += [(_("%(quarter)s nay là") % {"quarter": quarter}, said) for quarter, said in _newest_of(pack)]
    return Checked(rows, newer, pack.digests)


def _newer():
    """Return whether any quarter a pack tells of has a seal after the one it tells, as a subquery."""
    later = Revision.objects.filter(period=OuterRef("revision__period"), number__gt=OuterRef("revision__number"))
    sources = Pack.sources.through.objects.filter(pack=OuterRef("pk")).filter(Exists(later))
    return sources


def _newest_of(pack: Pack) -> list[tuple[str, str]]:
    """Return (quarter, its newest seal) of the quarters a pack tells of that were sealed anew since; one query."""
    if not pack.outdated:
        return []
    own = Pack.sources.through.objects.filter(pack=pack, revision__period=OuterRef("period"))
    later = Revision.objects.newest().filter(Exists(own.filter(revision__number__lt=OuterRef("number"))))
    return [
        (quarter_text(one.period.quarter, one.period.year), _("Đã chốt, bản %(number)d") % {"number": one.number})
        for one in later.select_related("period").order_by("period__year", "period__quarter")
    ]
