"""What the board's papers are made of, and what was issued before: plain values for `reviews.documents`."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from itertools import groupby

from django.db.models import Max

from journal.names import name_then
from models_registry.documents.profiles import UNIT_SYMBOLS, profile_for
from models_registry.hidden_names import hiding, masks_names
from models_registry.models import Criterion, DossierVersion, WorkItem, public_subject
from models_registry.queries.remarks import placed, remarks_of
from models_registry.scales import points
from organizations.models import Post, Unit
from organizations.queries import names_on, parents_on, people_at
from reviews.models import Assignment, Decision, IssuedPaper, Judgement, Session
from reviews.queries.pages import described
from reviews.queries.sheets import standing
from reviews.scoring import spread, total
from vietnamese.display import number_text


@dataclass(frozen=True, slots=True)
class Judged:
    """One appraiser's scoresheet: rows of (criterion, mark, remark), and its total out of 100, if any."""

    appraiser: str
    rows: tuple[tuple[str, str, str], ...]
    exact: Fraction | None = None

    @property
    def total(self) -> str:
        return f"Tổng điểm: {number_text(points(self.exact))}/100" if self.exact is not None else ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """What an appraisal sheet says of one version; names stand as its readers may see them."""

    dossier_id: int
    title: str
    kind: str
    unit: str
    round: str
    version: int
    submitted_at: datetime
    judged: tuple[Judged, ...]
    remarks: tuple[tuple[str, str, str], ...]  # (what about, remark, the unit's answer)
    proposal: str
    proposal_reason: str
    lead: str
    outcome: str
    outcome_reason: str

    @property
    def spread(self) -> str:
        """How far several totals stand apart, in words; "" for fewer than two."""
        found = spread([one.exact for one in self.judged if one.exact is not None])
        if found is None:
            return ""
        mean, low, high, apart = (number_text(points(one)) for one in (found.mean, found.low, found.high, found.apart))
        return f"{mean}/100; thấp nhất {low}, cao nhất {high}, chênh {apart} điểm."


@dataclass(frozen=True, slots=True)
class Decided:
    """One line of a decision's lists."""

    dossier_id: int
    unit: str
    parent: str
    title: str
    is_model: bool
    version: int
    approved: bool
    reason: str


@dataclass(frozen=True, slots=True)
class Discussed:
    """One dossier of a session's agenda, as the minutes tell it."""

    dossier_id: int
    unit: str
    title: str
    version: int
    discussion: str
    conclusion: str


def issuer_on(day: date, body: Unit) -> dict[str, str]:
    """Return what a masthead says of its issuer: kind, issuer, superior, by the names of the day; two queries."""
    parent = parents_on(day, [body]).get(body.pk)
    names = names_on(day, filter(None, [body, parent]))
    return {"kind": body.kind, "issuer": names[body.pk], "superior": names[parent.pk] if parent else ""}


def usual_signing(body: Unit, at: datetime, day: date) -> dict[str, str]:
    """Return who signs for the board unless something else is typed: `post` and `signer`; one query."""
    head = next(iter(people_at(body, (Post.Role.HEAD,), at)), None)
    post = "\n".join(profile_for(body.kind, day).signing[body.kind].lines("secretary", ""))
    if head is not None and head.post.title:
        post = head.post.title.upper()
    return {"post": post, "signer": head.full_name if head else ""}


def usual_number(body: Unit, kind: str, year: int) -> dict:
    """Return the next free number of a year, and the symbol and place as the board last wrote them; two queries."""
    own = IssuedPaper.objects.filter(body=body)
    last = own.filter(kind=kind, year=year).aggregate(last=Max("number"))["last"] or 0
    written = own.order_by("-id").values("unit_symbol", "place").first()
    return {"number": last + 1} | (written or {"unit_symbol": UNIT_SYMBOLS.get(body.kind, ""), "place": ""})


def may_have_a_sheet(version: DossierVersion) -> bool:
    """Whether what was judged of a version stands: proposed by who leads and by all handed in, or announced.

    At most three queries. Before that a paper would show one appraiser what another is still writing.
    """
    if Decision.objects.announced().filter(version=version).exists():
        return True
    own = Assignment.objects.filter(dossier=version.dossier_id, version=version.number, released_at__isnull=True)
    return own.proposed().exists() and not own.filter(is_lead=False, finished_at__isnull=True).exists()


def sheet_of(version: DossierVersion, user, *, for_all: bool) -> Sheet:
    """Return what the appraisal sheet of a version says: as this person may read it, or (`for_all`) all of the board.

    The version's dossier with unit and round should be loaded. Nine queries.
    """
    dossier = version.dossier
    is_masked = dossier.round.mask_names if for_all else masks_names(user, dossier)
    hide = _hiding(version) if is_masked else lambda text: text
    decision = Decision.objects.of_dossier(dossier).filter(version=version).first()
    led = Assignment.objects.leading().filter(dossier=dossier, version=version.number)
    lead = led.annotate(appraiser_then=name_then("appraiser", "taken_at")).select_related("appraiser").last()
    remarks = placed(remarks_of(dossier, user).get(version.number, {}), described(version, is_masked))
    return Sheet(
        dossier_id=dossier.pk,
        title=hide(version.content["title"] or dossier.title),
        kind=dossier.get_kind_display(),
        unit=dossier.unit.name,
        round=dossier.round.name,
        version=version.number,
        submitted_at=version.submitted_at,
        judged=tuple(_judged(version, hide)),
        remarks=tuple((one.called, hide(one.text), hide(one.answer)) for one in remarks),
        proposal=lead.get_proposed_display() if lead else "",
        proposal_reason=hide(lead.proposed_reason) if lead else "",
        lead=(lead.appraiser_then or lead.appraiser.full_name) if lead else "",
        outcome=decision.get_outcome_display() if decision else "",
        outcome_reason=hide(decision.reason) if decision else "",
    )


def _hiding(version: DossierVersion):
    """Return what puts post and number in the place of each individual's name, wherever a text repeats it."""
    items = version.content.get("items", [])
    named = [one for one in items if one["kind"] == WorkItem.Kind.INDIVIDUAL and one["subject_name"].strip()]
    public = {one["subject_name"]: public_subject(one["subject_position"], one["subject_number"]) for one in named}
    return hiding(public)


def _judged(version: DossierVersion, hide) -> Iterable[Judged]:
    """Yield the scoresheets that were marked to the end, of those who stood by them when the board spoke or do now.

    Where several score, only those handed in.
    """
    seats = Assignment.objects.filter(dossier=version.dossier_id, version=version.number).order_by("id")
    seats = standing(list(seats))
    several = version.dossier.round.appraisers > 1 or len(seats) > 1
    counted = {seat.appraiser_id for seat in seats if seat.finished_at or not several}
    criteria = list(Criterion.objects.filter(criterion_set=version.criterion_set_id))
    found = Judgement.objects.of_version(version).marked()
    found = found.select_related("criterion", "appraiser").annotate(judge_then=name_then("appraiser", "at"))
    found = found.order_by("appraiser", "criterion__order", "id")
    for own in (list(own) for _appraiser, own in groupby(found, key=lambda one: one.appraiser_id)):
        if len(own) < len(criteria) or own[0].appraiser_id not in counted:
            continue
        rows = tuple((one.criterion.text, str(one.mark_label), hide(one.remark)) for one in own)
        exact = total(criteria, {one.criterion_id: one.mark for one in own})
        yield Judged(own[0].judge_then or own[0].appraiser.full_name, rows, exact)


def decided_lines(decisions: Sequence[Decision], day: date) -> list[Decided]:
    """Return the lines of a decision's lists by place in the tree, by the names of the day; three queries.

    Each decision's version, dossier and unit should be loaded.
    """
    units = {one.version.dossier.unit_id: one.version.dossier.unit for one in decisions}
    parents = parents_on(day, units.values())
    names = names_on(day, {one.pk: one for one in [*units.values(), *filter(None, parents.values())]}.values())
    ordered = sorted(decisions, key=lambda one: (one.version.dossier.unit.path, one.version.dossier_id))
    lines = []
    for one in ordered:
        dossier = one.version.dossier
        parent = parents.get(dossier.unit_id)
        lines.append(
            Decided(
                dossier_id=dossier.pk,
                unit=names[dossier.unit_id],
                parent=names[parent.pk] if parent else "",
                title=dossier.title,
                is_model=dossier.is_model,
                version=one.version.number,
                approved=one.outcome == Decision.Outcome.APPROVED,
                reason=one.reason,
            )
        )
    return lines


def points_of(session: Session) -> list[Discussed]:
    """Return a session's agenda as its minutes tell it; one query."""
    return [
        Discussed(
            dossier_id=point.version.dossier_id,
            unit=point.version.dossier.unit.name,
            title=point.version.dossier.title,
            version=point.version.number,
            discussion=point.discussion,
            conclusion=point.conclusion,
        )
        for point in session.points.select_related("version__dossier__unit").defer("version__content")
    ]
