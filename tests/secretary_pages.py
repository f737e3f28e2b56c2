"""Every page a secretary reaches, found in the access tables: a new page cannot escape what is asked of all."""

from django.urls import reverse

from tests import access

SECRETARY = access.ROLES.index("secretary")


def pages() -> list[tuple[str, str]]:
    """Return (URL name, place) of what answers a secretary's GET with 200."""
    rows = access.tables().rows
    found = {(row.url, row.place) for row in rows if row.method == "GET" and row.statuses[SECRETARY] == 200}
    return sorted((url, place) for url, place in found if place in ("-", "own"))


def address(name: str, place: str, world) -> str:
    """Return the address of one page, with what it shows made at the secretary's own cell."""
    make = access.tables().objects.get(name)
    unit = None if place == "-" else access.unit_at(world, "secretary", place)
    return reverse(name, kwargs=make(world, unit) if make else {})
