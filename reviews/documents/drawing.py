"""A paper drawn with its number in it, in both forms, ready to be issued."""

from collections.abc import Callable, Mapping
from datetime import date, datetime

from models_registry.documents import pdf, word
from reviews.documents.asking import Subject, masthead
from reviews.services.issuing import Drawn


def drawn_of(
    subject: Subject,
    said: Mapping,
    *,
    code: str,
    site: str,
    by,
    at: datetime,
    advance: Callable[[int], None] = lambda done: None,
) -> Drawn:
    """Return the paper as Word and, where the system can draw one, as PDF; a second or two, and 100 ms a page.

    `said` are number, unit_symbol, day (ISO), place, post and signer. `advance` hears of two steps done.
    """
    said = dict(said)
    day = date.fromisoformat(said.pop("day"))
    edition = subject.replaces.edition + 1 if subject.replaces else 1
    head = masthead(subject.body, day, **said, edition=edition, code=code, site=site)
    paper = subject.compose(head, by)
    advance(1)
    as_word = word.draw(paper, at=at)
    advance(2)
    return Drawn(
        kind=subject.kind,
        code=code,
        body=subject.body,
        issuer=head.issuer,
        number=head.number,
        unit_symbol=head.unit_symbol,
        symbol=head.symbol(subject.kind),
        day=day,
        place=head.place,
        title=paper.title,
        signer=" ".join(head.signature().lines),
        word=as_word,
        pdf=pdf.draw(paper) if pdf.can_draw() else b"",
        version=subject.version,
        session=subject.session,
        decisions=subject.decisions,
        replaces=subject.replaces,
    )
