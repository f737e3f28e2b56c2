"""Questions about what somebody sees, worked out once for all who sit alike: `journal.questions`, asked of a person.

What is built is given a seat in place of the person, whose ids and paths are blanks; so `visible_to` stays the one
definition of what is in sight.
"""

from dataclasses import dataclass, field
from functools import lru_cache

from django.db.models import TextField

from journal.questions import Blank, HowMany, Question
from organizations.paths import ids_of, path_end
from organizations.permissions import REACH, Reach


@dataclass(frozen=True, slots=True)
class _Unit:
    path: Blank = field(default_factory=lambda: Blank("path", TextField()))


@dataclass(frozen=True, slots=True)
class _Post:
    role: str
    pk: Blank = field(default_factory=lambda: Blank("post"))
    unit_id: Blank = field(default_factory=lambda: Blank("unit"))
    unit: _Unit = field(default_factory=_Unit)
    came_from: list = field(default_factory=list)


@dataclass(frozen=True, eq=False, slots=True)
class Seat:
    """Whoever acts in a role at a unit that came from no other; for `visible_to`, `reach` and `may`."""

    post: _Post
    pk: Blank = field(default_factory=lambda: Blank("person"))


class _Asked:
    """Ask it of a person: `OWN(user, day, …)`, where `build(seat, day)` is what it was made of.

    Worked out anew for whose sight takes more than an id and a path: people of a board, those above every tree, those
    whose unit came from others.
    """

    def __call__(self, user, *shape, **values):
        if not _sits_plainly(user.post):
            return self.afresh(user, *shape, **values)
        post = user.post
        path = post.unit.path
        told = {"person": user.pk, "post": post.pk, "unit": post.unit_id, "path": path, "path_end": path_end(path)}
        return super().__call__(_seat(post.role), *shape, **told, line=ids_of(path), **values)


class Sight(_Asked, Question):
    pass


class SightCount(_Asked, HowMany):
    pass


class UnplannedSightCount(SightCount):
    """Of rows that are few below a commune and very many below a province."""

    planned_once = False


@lru_cache(maxsize=16)
def _seat(role: str) -> Seat:
    return Seat(_Post(role))


def _sits_plainly(post) -> bool:
    if post is None or post.unit_id is None or REACH[post.role] is Reach.SERVED:
        return False
    return REACH[post.role] is Reach.BELOW or post.came_from == []
