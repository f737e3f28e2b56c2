"""Who may: one table of role and action, and how far each role reaches. When is the table of moves' business."""

import enum

from django.db.models import Q

from organizations.lineage import lineage
from organizations.paths import STEP, path_end


class Action(enum.StrEnum):
    REGISTER = "register"  # draft, edit, delete a draft
    SUBMIT = "submit"  # submit, withdraw, admit individual works
    REPORT = "report"  # report progress and completion, ask for changes
    ENTER_REPORT = "enter_report"  # prepare reports and evidence without sending them
    CONFIRM_OWN = "confirm_own"  # confirm individual works of the own cell
    CONFIRM_BELOW = "confirm_below"  # confirm collective works and issues of units below
    APPRAISE = "appraise"  # take, judge, return, comment, propose
    DECIDE = "decide"  # approve, not approve, decide requests
    REOPEN = "reopen"  # end an announced decision of somebody else, so that it is appraised anew
    KEEP_CALENDAR = "keep_calendar"  # which days are holidays, which weekend days are worked
    RUN_ROUNDS = "run_rounds"  # themes, rounds, criterion sets, targets, shortcomings
    RECOGNISE = "recognise"  # record what was chosen, fostered, commended and spread
    READ_FIGURES = "read_figures"
    FOLLOW_FIGURES = "follow_figures"  # have packs and digests of figures come by themselves, as they are sealed
    URGE = "urge"  # remind a unit below of what it owes
    DELEGATE = "delegate"  # let somebody stand in for one's own post, until an instant
    COUNT_MEMBERS = "count_members"  # say how many members a cell has
    MANAGE_UNITS = "manage_units"
    MANAGE_PEOPLE = "manage_people"
    CLOSE_QUARTERS = "close_quarters"  # seal a quarter the scheduler missed, recompute provisional figures
    ASK_CORRECTION = "ask_correction"  # say what is wrong in a sealed quarter
    APPROVE_CORRECTION = "approve_correction"  # of somebody else, a level below
    ENTER_PUBLISHED = "enter_published"  # prepare tables of figures that reports printed
    APPROVE_PUBLISHED = "approve_published"  # of somebody else
    LOAD_HISTORY = "load_history"  # bring an old register in; only from above every tree
    READ_LOOKS = "read_looks"  # who looked at personal data of the unit's people
    SEE_BACKUPS = "see_backups"  # how old the last good backup is, and to make one now; only at a root
    READ_LEFT = "read_left"  # read the dossiers an ended unit left closed


class Reach(enum.Enum):
    OWN = "own"  # the unit of the post
    BELOW = "below"  # the unit and all below it
    SERVED = "served"  # the units its body appraises for, and all below them
    ALL = "all"


_SECRETARY = {
    Action.REGISTER,
    Action.SUBMIT,
    Action.REPORT,
    Action.ENTER_REPORT,
    Action.CONFIRM_OWN,
    Action.READ_FIGURES,
    Action.FOLLOW_FIGURES,
    Action.COUNT_MEMBERS,
    Action.READ_LOOKS,
}

GRANTS: dict[str, frozenset[Action]] = {
    "secretary": frozenset(_SECRETARY | {Action.DELEGATE}),
    "deputy": frozenset(_SECRETARY),
    "clerk": frozenset({Action.REGISTER, Action.ENTER_REPORT}),
    "committee": frozenset(
        {
            Action.CONFIRM_BELOW,
            Action.RECOGNISE,
            Action.READ_FIGURES,
            Action.FOLLOW_FIGURES,
            Action.URGE,
            Action.COUNT_MEMBERS,
            Action.READ_LOOKS,
            Action.ASK_CORRECTION,
            Action.ENTER_PUBLISHED,
        }
    ),
    "appraiser": frozenset(
        {
            Action.APPRAISE,
            Action.READ_FIGURES,
            Action.FOLLOW_FIGURES,
            Action.ASK_CORRECTION,
            Action.ENTER_PUBLISHED,
        }
    ),
    "head": frozenset(
        {
            Action.APPRAISE,
            Action.DECIDE,
            Action.REOPEN,
            Action.KEEP_CALENDAR,
            Action.RUN_ROUNDS,
            Action.RECOGNISE,
            Action.READ_FIGURES,
            Action.FOLLOW_FIGURES,
            Action.URGE,
            Action.CLOSE_QUARTERS,
            Action.ASK_CORRECTION,
            Action.APPROVE_CORRECTION,
            Action.ENTER_PUBLISHED,
            Action.APPROVE_PUBLISHED,
        }
    ),
    "leader": frozenset(
        {
            Action.REOPEN,
            Action.READ_FIGURES,
            Action.FOLLOW_FIGURES,
            Action.URGE,
            Action.ASK_CORRECTION,
            Action.APPROVE_CORRECTION,
            Action.APPROVE_PUBLISHED,
        }
    ),
    "administrator": frozenset(
        {
            Action.KEEP_CALENDAR,
            Action.MANAGE_UNITS,
            Action.MANAGE_PEOPLE,
            Action.COUNT_MEMBERS,
            Action.CLOSE_QUARTERS,
            Action.ENTER_PUBLISHED,
            Action.LOAD_HISTORY,
            Action.SEE_BACKUPS,
        }
    ),
    # What a post that ended with its unit acts as (`Post.as_reader`); no post is given it. It reads and takes away what
    # was sealed of the unit; nothing is sealed of it any more that could be sent.
    "reader": frozenset({Action.READ_FIGURES, Action.READ_LEFT}),
}

REACH: dict[str, Reach] = {
    "secretary": Reach.OWN,
    "deputy": Reach.OWN,
    "clerk": Reach.OWN,
    "committee": Reach.BELOW,
    "appraiser": Reach.SERVED,
    "head": Reach.SERVED,
    "leader": Reach.BELOW,
    "administrator": Reach.BELOW,
    "reader": Reach.OWN,
}

NOTHING = Q(pk__in=())


def may(user, action: Action) -> bool:
    """Whether the post one acts in carries this action at all; on which unit is `reach`'s answer. No query."""
    post = user.post
    return post is not None and action in GRANTS[post.role]


def reach(user, *, unit: str = "unit") -> Q:
    """Rows whose unit lies within the reach of the post one acts in; `unit` is the path to it ("" for Unit itself).

    To read them, that is: what units left that merged into the own one, or were split into it, is read and no more.
    No query of its own for OWN and BELOW; one, kept on the post, for SERVED.
    """
    post = user.post
    if post is None:
        return NOTHING
    if post.unit_id is None:
        return Q()
    kind = REACH[post.role]
    if kind is Reach.OWN:
        own = f"{unit}_id" if unit else "pk"
        line = lineage(post.unit_id, "predecessor", "successor") if post.came_from is None else post.came_from
        return Q(**{own: post.unit_id}) | Q(**{f"{own}__in": line}) if line else Q(**{own: post.unit_id})
    paths = post.served_paths if kind is Reach.SERVED else [post.unit.path]
    prefix = f"{unit}__path" if unit else "path"
    within = NOTHING
    for path in paths:
        within |= Q(**{f"{prefix}__gte": path, f"{prefix}__lt": path_end(path)})
    return within


def reaches(user, unit) -> bool:
    """Whether one may act on a loaded unit in the post one acts in; the twin of `reach`, but for what it came from."""
    post = user.post
    if post is None:
        return False
    if post.unit_id is None:
        return True
    kind = REACH[post.role]
    if kind is Reach.OWN:
        return unit.pk == post.unit_id
    paths = post.served_paths if kind is Reach.SERVED else [post.unit.path]
    return any(unit.path.startswith(path) for path in paths)


def sits_at(user, unit_id: int) -> bool:
    """Whether one acts at this very unit, in an office that has not ended with it. No query."""
    return user.post is not None and user.post.unit_id == unit_id and user.post.role != "reader"


def above_every_tree(user) -> bool:
    """Whether the post one acts in is the administrator's of the whole installation. No query."""
    return user.post is not None and user.post.unit_id is None


def may_reach_a_root(user) -> bool:
    """Whether the post one acts in stands above every tree, at a root, or in a body right under one. No query.

    For menus only: whether that body serves the root is `reaches`' answer.
    """
    if user.post is None or user.post.unit_id is None:
        return user.post is not None
    steps = 2 if REACH[user.post.role] is Reach.SERVED else 1
    return len(user.post.unit.path) <= steps * STEP


def top_path(user) -> str:
    """Return the path of the highest unit one's post reaches; "" above every tree. One query at most, for SERVED."""
    if user.post is None or user.post.unit_id is None:
        return ""
    served = user.post.served_paths if REACH[user.post.role] is Reach.SERVED else []
    return min(served, key=len, default=user.post.unit.path)


def may_delegate(user, post) -> bool:
    """Whether one lets somebody stand in for a post: the own one, or a secretary's one administers. No query."""
    if post.role != "secretary":
        return False
    own = may(user, Action.DELEGATE) and user.post.pk == post.pk
    return own or (may(user, Action.MANAGE_PEOPLE) and reaches(user, post.unit))


def may_manage(user, person, at) -> bool:
    """Whether one administers this person: every current post of theirs must lie within one's reach. One query.

    Otherwise a commune's administrator could open the account of somebody who also holds a post in the province.
    """
    if not may(user, Action.MANAGE_PEOPLE) or (user.post.unit_id is not None and person.pk == user.pk):
        return False
    if user.post.unit_id is None:
        return True
    posts = list(person.posts.current(at).select_related("unit"))
    if not posts:
        posts = list(person.posts.select_related("unit"))
    return bool(posts) and all(post.unit is not None and reaches(user, post.unit) for post in posts)
