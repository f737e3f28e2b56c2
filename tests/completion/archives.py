"""Writes small archives for tests: rows as lists, the columns as the interface has them."""

import csv
import json
from io import StringIO

from django.core.management import call_command

UNITS = ["code", "name", "kind", "parent_code", "valid_from", "valid_to"]
ITEMS = ["code", "unit_code", "kind", "year", "title", "approved_at", "due_on", "ongoing"]
EVENTS = ["item_code", "event", "at", "on", "value"]
SUCCESSIONS = ["kind", "predecessor_code", "successor_code", "effective_on", "recorded_at"]
TREE = [
    ["D", "Huyện ủy Mẫu", "district_committee", "", "2020-01-01", ""],
    ["G", "Đảng ủy xã An", "grassroots_committee", "D", "2020-01-01", ""],
    ["A", "Chi bộ ấp 1", "cell", "G", "2020-01-01", ""],
    ["B", "Chi bộ ấp 2", "cell", "G", "2020-01-01", ""],
]


def write_archive(folder, *, units=TREE, items=(), events=(), successions=None):
    """Write the files of an archive, that of reorganisations where there are any, and return its folder."""
    folder.mkdir(parents=True, exist_ok=True)
    files = [("units", UNITS, units), ("items", ITEMS, items), ("events", EVENTS, events)]
    for name, head, rows in [*files, ("successions", SUCCESSIONS, successions)][: 3 + (successions is not None)]:
        with (folder / f"{name}.csv").open("w", encoding="utf-8", newline="") as file:
            csv.writer(file).writerows([head, *rows])
    return folder


def load(folder, **rows):
    call_command("import_history", str(write_archive(folder, **rows)), stdout=StringIO(), stderr=StringIO())


def close(quarter, **options):
    out = StringIO()
    call_command("close_quarter", quarter, stdout=out, stderr=StringIO(), **options)
    return out.getvalue().strip()


def rates(quarter, **options):
    """Rows of `completion_rates` by unit code."""
    out = StringIO()
    call_command("completion_rates", quarter, stdout=out, **options)
    return {row["unit"]: row for row in json.loads(out.getvalue())}


def local(text, year=2026):
    """ "10/4 23:59:59" as an ISO instant with its offset, "10/4" as nine in the morning."""
    day, _, time = text.partition(" ")
    return f"{iso(day, year)}T{time or '09:00:00'}+07:00"


def iso(text, year=2026):
    day, month = text.split("/")
    return f"{year}-{int(month):02d}-{int(day):02d}"


def item(code, due, unit="A", kind="COL", approved="5/1", year=2026, ongoing=0):
    return [code, unit, kind, year, f"Việc {code}", local(approved, year), iso(due, year), ongoing]


def done(code, on, confirmed=None):
    return [[code, "completed", "", iso(on), ""], [code, "confirmed", local(confirmed or on), "", ""]]


def event(code, kind, at, on=None, value=""):
    return [code, kind, local(at), iso(on) if on else "", value]


def succession(kind, unit, successor, on, recorded=None, year=2026):
    return [kind, unit, successor, iso(on, year), local(recorded or on, year)]


def unit(code, parent="G", start="2020-01-01", end="", kind="cell"):
    return [code, f"Đơn vị {code}", kind, parent, start, end]
