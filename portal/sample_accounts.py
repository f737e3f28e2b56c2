"""The accounts of the sample data: one password for all, made at the first start and kept beside the database."""

import secrets
from datetime import datetime

from django.conf import settings

from organizations.models import Post

SECOND_SCORER = "chuyenvien2"
WORDS = [
    "sen",
    "lua",
    "tre",
    "trong",
    "bien",
    "song",
    "nui",
    "nang",
    "gio",
    "mua",
    "dong",
    "rung",
    "chim",
    "hoa",
    "suoi",
    "trang",
    "sao",
    "may",
    "que",
    "lang",
]


def sample_password() -> str:
    """Return the password of this installation's sample accounts, made up the first time it is asked for."""
    kept = settings.VAR_DIR / "sample_password"
    if not kept.exists():
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        kept.touch(mode=0o600)
        kept.write_text("-".join(secrets.choice(WORDS) for _ in range(5)) + f"-{secrets.randbelow(900) + 100}")
    return kept.read_text().strip()


def one_per_role(at: datetime) -> list[Post]:
    """Return one current post of each role, the earliest given; empty where no samples were loaded. One query."""
    if not (settings.VAR_DIR / "sample_password").exists():
        return []
    chosen: dict[str, Post] = {}
    for post in Post.objects.current(at).select_related("person", "unit").order_by("id"):
        chosen.setdefault(post.role, post)
    return [chosen[role] for role in Post.Role.values if role in chosen]


def worth_trying(at: datetime) -> list[Post]:
    """Return one post of each role, and beside the appraiser the second one, who scores alone. Two queries."""
    first = one_per_role(at)
    second = Post.objects.current(at).filter(person__username=SECOND_SCORER).select_related("person", "unit")
    return sorted([*first, *second], key=lambda post: Post.Role.values.index(post.role)) if first else []
