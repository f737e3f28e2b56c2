"""What a decision on the organisation asks for, and what carrying it out did or would do; both can be kept."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields

from journal.chain import digest
from organizations.models import Post, Reorganisation, Unit
from organizations.services.reorganising import Decision, Founded

FOUNDED = [one.name for one in fields(Founded)]


@dataclass(frozen=True, slots=True)
class Plan:
    """A decision and what it asks for: the units it founds (merge, split), where to (move), the name (rename), who
    takes over the works (dissolve), which `board` appraises for what is founded or in place of one that ends, {post id:
    role, "" for none} of who works in a merged unit, and of a split unit {"item-1", "dossier-1", "unit-1", "post-1":
    code of the new unit}, with the code of what takes the `rest`.
    """

    decision: Decision
    units: Sequence[Unit]
    founds: Sequence[Founded] = ()
    to: Unit | None = None
    board: Unit | None = None
    name: str = ""
    posts: Mapping[int, str] = field(default_factory=dict)
    shares: Mapping[str, str] = field(default_factory=dict)
    rest: str = ""

    @property
    def named(self) -> list[Unit]:
        """Every unit it names that stands: those it changes, and those that receive something."""
        return list({unit.pk: unit for unit in self.named_all if unit.pk}.values())

    @property
    def named_all(self) -> list[Unit]:
        """Every unit it names, those among them that another plan founds (not saved yet)."""
        given = [self.to, self.board, *(one.parent for one in self.founds)]
        return [*self.units, *filter(None, given)]


@dataclass(slots=True)
class Outcome:
    """What a plan did, or would do: lines under heads, the posts with the role each holder has afterwards (merge), the
    tree around it before and after (`queries.branches`), whose posts end with the role and unit that follow, and the
    units whose people hear of it and as which kind of change, with {unit id: what the sentence names as new}, and
    {board: from which it takes over}."""

    parts: list[tuple[str, list[str]]] = field(default_factory=list)
    posts: list[tuple[Post, str]] = field(default_factory=list)
    ended: list[tuple[Post, str, Unit | None]] = field(default_factory=list)
    concerned: list[tuple[Unit, str]] = field(default_factory=list)
    news: dict[int, str] = field(default_factory=dict)
    receiving: dict[int, str] = field(default_factory=dict)
    before: list[dict] = field(default_factory=list)
    after: list[dict] = field(default_factory=list)
    made: Reorganisation | None = None

    def tell(self, head: str, *lines: str) -> None:
        if lines:
            self.parts.append((head, list(lines)))

    @property
    def seal(self) -> str:
        """What one saw when confirming; another means that something moved meanwhile."""
        ended = sorted(post.pk for post, _role, _unit in self.ended)
        return digest({"parts": self.parts, "posts": sorted(post.pk for post, _role in self.posts), "ended": ended})

    @property
    def seats(self) -> list[str]:
        """Who loses a role and what each holds afterwards, a line each; for administrators' eyes."""
        return [_seat(*one) for one in self.ended]


def _seat(post: Post, role: str, unit: Unit | None) -> str:
    held = f"{post.person.full_name}: {post.get_role_display()}, {post.unit.name}"
    return f"{held} → {Post.Role(role).label}, {unit.name}" if role and unit else f"{held} → —"


def asked_by(plan: Plan) -> dict:
    """Return a plan as it is kept: units and posts by id, units that are yet to be founded by their code."""
    founds = [{name: getattr(one, name) for name in FOUNDED} | {"parent": _kept(one.parent)} for one in plan.founds]
    return {
        "units": [unit.pk for unit in plan.units],
        "founds": founds,
        "to": _kept(plan.to),
        "board": _kept(plan.board),
        "name": plan.name,
        "posts": {str(pk): role for pk, role in plan.posts.items()},
        "shares": dict(plan.shares),
        "rest": plan.rest,
    }


def _kept(unit: Unit | None) -> int | str | None:
    return unit and (unit.pk or unit.code)


def plan_of(kept) -> Plan:
    """Return the plan that a `PlannedReorganisation` keeps, its units as they are now, unsaved where they are not
    founded; two queries."""
    asked = {"board": None} | kept.asked
    given = [asked["to"], asked["board"], *(one["parent"] for one in asked["founds"])]
    codes = [one for one in given if isinstance(one, str)]
    units = Unit.objects.in_bulk({*asked["units"], *(one for one in given if isinstance(one, int))})
    units |= {code: Unit(code=code, name=code) for code in codes}
    units |= {unit.code: unit for unit in Unit.objects.filter(code__in=codes)}
    return Plan(
        Decision(kept.kind, kept.number, kept.decided_on, kept.effective_on, kept.note),
        [units[pk] for pk in asked["units"]],
        founds=[Founded(**one | {"parent": units.get(one["parent"])}) for one in asked["founds"]],
        to=units.get(asked["to"]),
        board=units.get(asked["board"]),
        name=asked["name"],
        posts={int(pk): role for pk, role in asked["posts"].items()},
        shares=asked["shares"],
        rest=asked["rest"],
    )
