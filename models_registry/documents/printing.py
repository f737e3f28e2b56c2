"""The document somebody asks for, of what that person may see: the same for the web and for the worker."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import override

from models_registry import gate
from models_registry.content import content_of
from models_registry.documents.compose import MARK, compose
from models_registry.documents.paper import Paper
from models_registry.hidden_names import masked, masks_names
from models_registry.lifecycle import EDITS, Edit, State
from models_registry.models import Dossier, WorkItem
from models_registry.queries.dossiers import Shown, shown
from models_registry.queries.letterheads import letterhead_of
from vietnamese.display import instant_text
from vietnamese.folding import slug

DRAFT = "draft"
# The whole as it is signed for those above: individuals by post and number.
UPWARD = "upward"


@dataclass(frozen=True, slots=True)
class Printed:
    """A document, what its file is called (without an ending), and whether any individual is named in it."""

    paper: Paper
    name: str
    names_people: bool
    version: int


def printed(dossier: Dossier, which: str, version: str, *, by, at: datetime) -> Printed | None:
    """Return a document of a dossier this person sees; None where there is none such. Ten queries at most.

    `which` as for `compose`, or "upward"; `version` is a number, "" for what the dossier's page shows, or "draft" for
    what is being written, which only those who may write see.
    """
    seen = _version(dossier, version, by)
    if seen is None:
        return None
    content = seen.content
    if which == UPWARD or masks_names(by, dossier):
        content = masked(content)
    number = seen.version.number if seen.version else 0
    is_final = dossier.state == State.APPROVED and number == dossier.version
    head = letterhead_of(dossier, seen.version, by=by, at=at)
    trace = _trace(seen, at)
    whole = "dossier" if which == UPWARD else which
    paper = compose(content, head, which=whole, mark="" if is_final else MARK, trace=trace)
    if paper is None:
        return None
    names = seen.content is content and any(one["subject_name"] for one in _individuals(content))
    names = names or any(one["name"] for one in content.get("exemplars", []))
    return Printed(paper, _file_name(paper, which, number), names, number)


def _version(dossier: Dossier, version: str, by) -> Shown | None:
    if version == DRAFT:
        held = Edit.SAVE in gate.open_steps(dossier, EDITS, by=by)
        return Shown(content_of(dossier), None, ()) if held else None
    return shown(dossier, int(version) if version.isdecimal() and len(version) < 6 else None)


def _trace(seen: Shown, at: datetime) -> str:
    with override("vi"):
        if seen.version is None:
            return f"Bản nháp, in lúc {instant_text(at)}"
        return f"Bản gửi lần {seen.version.number}, {instant_text(seen.version.submitted_at)}"


def _individuals(content: dict) -> list[dict]:
    return [one for one in content.get("items", []) if one["kind"] == WorkItem.Kind.INDIVIDUAL]


def _file_name(paper: Paper, which: str, number: int) -> str:
    said = [slug(paper.title)[:60].strip("-") or "mo-hinh", FILE_WORDS.get(which, which.replace("plan", "ca-nhan"))]
    return "-".join(filter(None, [*said, f"ban-{number}" if number else "du-thao"]))


FILE_WORDS = {"dossier": "", UPWARD: "gui-cap-tren", "plans": "ca-nhan"}
