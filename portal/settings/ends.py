"""How long a sign-in lasts, as the environment says it."""

from django.core.exceptions import ImproperlyConfigured

# Role → minutes left alone, hours at the longest.
ENDS = {"administrator": "15/8", "head": "30/10", "appraiser": "30/10", "leader": "30/10"}


def sign_in_ends(env) -> dict[str, tuple[float, float]]:
    """Return {role: (minutes, hours)} of IDLE_MINUTES, SIGN_IN_HOURS and SIGN_IN_ENDS (head=20/8,leader=60/12)."""
    others = f"{env.float('IDLE_MINUTES', default=60)}/{env.float('SIGN_IN_HOURS', default=12)}"
    rows = {"*": others} | ENDS | env.dict("SIGN_IN_ENDS", default={})
    try:
        ends = {role: tuple(map(float, row.split("/"))) for role, row in rows.items()}
        if all(len(row) == 2 and row[0] >= 0 and row[1] > 0 for row in ends.values()):
            return ends
    except ValueError:
        pass
    raise ImproperlyConfigured("SIGN_IN_ENDS reads role=minutes/hours, as in: head=20/8,leader=60/12.")
