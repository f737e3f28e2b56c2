"""The paper somebody asks for, of what that person may see: the same for the web and for the worker."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from models_registry.documents.paper import Paper
from models_registry.models import Dossier, DossierVersion
from organizations.models import Unit
from organizations.permissions import may
from reviews.documents import appraisal, decision, minutes
from reviews.documents.masthead import Masthead
from reviews.models import Decision, IssuedPaper, Session
from reviews.queries.papers import decided_lines, issuer_on, may_have_a_sheet, points_of, sheet_of
from reviews.services.issuing import NEEDED

Kind = IssuedPaper.Kind


@dataclass(frozen=True, slots=True)
class Subject:
    """What a paper is about: a version, a set of decisions, or a session; and what it replaces."""

    kind: str
    body: Unit
    version: DossierVersion | None = None
    session: Session | None = None
    decisions: Sequence[Decision] = ()
    grounds: str = ""
    replaces: IssuedPaper | None = None

    def compose(self, head: Masthead, user) -> Paper:
        """Return the paper: a draft as this person may read it, an issued one as all of the board; ten queries."""
        if self.kind == Kind.APPRAISAL:
            return appraisal.compose(sheet_of(self.version, user, for_all=head.number is not None), head)
        if self.kind == Kind.MINUTES:
            return minutes.compose(self.session, points_of(self.session), head)
        return decision.compose(decided_lines(self.decisions, head.day), head, grounds=self.grounds)

    @property
    def ids(self) -> dict:
        """What a job is told of it; `subject_of` finds it again."""
        return {
            "kind": self.kind,
            "version": self.version and self.version.pk,
            "session": self.session and self.session.pk,
            "decisions": [one.pk for one in self.decisions],
            "grounds": self.grounds,
            "replaces": self.replaces and self.replaces.pk,
        }


def masthead(body: Unit, day: date, **said) -> Masthead:
    """Return the masthead of the board's papers on a day; two queries."""
    return Masthead(day=day, **issuer_on(day, body), **said)


def subject_of(ids: Mapping, user) -> Subject | None:
    """Return what a paper is about, where this person may issue it; None otherwise. Four queries at most."""
    if not may(user, NEEDED[ids["kind"]]):
        return None
    papers = IssuedPaper.objects.visible_to(user).in_force()
    shared = {"kind": ids["kind"], "body": user.post.unit, "replaces": papers.filter(pk=ids["replaces"]).first()}
    if ids["version"]:
        version = version_in_sight(user).filter(pk=ids["version"]).first()
        return Subject(**shared, version=version) if version and may_have_a_sheet(version) else None
    if ids["session"]:
        session = Session.objects.open_to(user).filter(pk=ids["session"]).first()
        return Subject(**shared, session=session) if session else None
    decisions = tuple(decisions_in_sight(user).filter(pk__in=ids["decisions"]))
    found = len(decisions) == len(set(ids["decisions"])) and decisions
    return Subject(**shared, decisions=decisions, grounds=ids["grounds"]) if found else None


def version_in_sight(user):
    """Return the versions of dossiers this person sees, with what a sheet says of them loaded."""
    seen = Dossier.objects.visible_to(user)
    return DossierVersion.objects.filter(dossier__in=seen).select_related("dossier__unit", "dossier__round")


def decisions_in_sight(user):
    """Return the board's decisions that a paper may tell: announced, approved or not, not reopened; newest first."""
    found = Decision.objects.visible_to(user).announced().filter(reopening__isnull=True)
    found = found.exclude(outcome=Decision.Outcome.RETURNED).select_related("version__dossier__unit")
    return found.defer("version__content").order_by("-announced_at", "-id")
