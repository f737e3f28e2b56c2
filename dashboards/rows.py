"""The rows of the tables of a unit's page, as texts and links ready to print."""

from dataclasses import replace

from django.utils.html import format_html
from django.utils.translation import gettext as _

from completion.queries import Parts, parts_of
from completion.queries.figures import WORKS, Rate, Row, Table
from completion.shares import difference_text
from dashboards.choices import ITEM_RATES, KINDS, NOUNS, RATES, RATES_OF_KINDS, SHOWN_BESIDE, Choice
from dashboards.links import Links
from dashboards.queries import Ends
from vietnamese.display import number_text, quarter_text

# Which list of choices.SILENT names those that a rate of papers lacks.
LACKING = {"r6": "reported", "r6t": "not_in_time", "r7": "registered", "r7m": "members"}


def tile_line(rate: Rate, choice: Choice, links: Links, unit: int) -> dict:
    """Return what the tile of one rate prints: the rate leads to its passport, its numbers to what they count."""
    code, lacking = rate.code, ""
    if code in LACKING and rate.n != rate.base:
        address = f"{links.page}{unit}/missing/?{choice.address}&what={LACKING[code]}"
        lacking = format_html(' · <a href="{}">{}</a>', address, _("đơn vị còn thiếu"))
    return {
        "code": code,
        "label": RATES[code],
        "rate": rate,
        "level": rate.level,
        "text": rate.text,
        "chosen": "stat-chosen" if code == choice.rate else "",
        "passport": links.passport(unit, code),
        "counts": links.counts(unit, rate),
        "lacking": lacking,
    }


def headline_of(table: Table, choice: Choice, links: Links, trend: list) -> dict:
    """Return what is said of the rate asked for beside its tile: what N counts, what is left, and how it moved.

    `trend` begins with the four quarters of the year; before the first there is nothing to compare a year's work with.
    """
    rate, unit = table.row.rate(choice.rate), table.row.unit
    found = {"noun": NOUNS[choice.rate], "left": "", "before": None}
    if choice.rate in ITEM_RATES and choice.rate != "r8" and rate.n != rate.base:
        left = {"left": number_text(rate.base - rate.n), "left_url": links.part(unit, choice.rate, "rest")}
        found |= left
    known = trend[choice.quarter.number - 2] if choice.quarter.number > 1 else None
    before = known and known[2].rate(choice.rate)
    if before and before.base and rate.base:
        moved = difference_text(rate.n, rate.base, before.n, before.base)
        found["before"] = (quarter_text(known[0].number, known[0].year), before.text, moved)
    return found


def child_line(row: Row, choice: Choice, links: Links) -> dict[str, str]:
    """Return what the table of children prints of one: rates lead to passports, numbers to items."""
    line = unit_line(row.unit, row.name, row.rate(choice.rate), links)
    return line | {code: links.text(row.unit, row.rate(code)) for code in SHOWN_BESIDE}


def unit_line(unit: int, name: str, rate: Rate, links: Links) -> dict[str, str]:
    """Return what any list prints of one unit and one rate of it."""
    return {
        "name": name,
        "address": links.unit(unit),
        "level": rate.level,
        "text": links.text(unit, rate),
        "fill": str(1000 * rate.n // rate.base) if rate.base else "0",
        "counts": links.counts(unit, rate),
    }


def ends_line(end: Ends, address_of) -> dict:
    """Return the most and the least advanced of one kind as texts."""

    def placed(rows):
        return [{"place": place, "name": row.name, "address": address_of(row.unit)} for place, row in rows]

    return {"label": end.label, "unit_kind": end.unit_kind, "most": placed(end.most), "least": placed(end.least)}


def kind_lines(row: Row, choice: Choice, links: Links) -> list[dict[str, str]]:
    """Return the rates of each kind of work, or of kinds together, each leading to its own view."""
    lines = []
    for label, kinds in KINDS:
        kind = "-".join(kinds)
        line = {"label": format_html('<a href="?{}">{}</a>', replace(choice, kind=kind).address, label)}
        for code in RATES_OF_KINDS:
            rate = row.rate_of_kinds(code, kinds)
            line[code] = links.text(row.unit, rate, kind=kind)
            line[f"{code}_counts"] = links.counts(row.unit, rate, kind=kind)
        lines.append(line)
    return lines


def parts_asked(table: Table, choice: Choice, *, asked: bool = True) -> Parts:
    """Return the parts of a table's row; without `asked` no figure of the revision has any, and no query is made."""
    return parts_of(table.row, kind=choice.kind) if asked else Parts(table.row.thresholds)


def came_parts(table: Table, choice: Choice, parts: Parts) -> dict:
    """Return what of a row was inherited, by the rate shown (R3 of a rate of papers), and how many works wait.

    Those that wait here are what neither the unit nor a child of it owns: older seals say it no other way.
    """
    code = choice.rate if choice.rate in ITEM_RATES else "r3"
    row = table.row
    return {
        "inherited": parts.rate("inherited", code),
        "of": RATES[code],
        "waiting": row.total[WORKS] - row.own_works - sum(child.total[WORKS] for child in table.children),
        "waiting_below": parts.rate("waiting_below", "r3").base,
    }
