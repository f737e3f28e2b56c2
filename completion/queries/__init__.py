"""What screens, exports and commands read: figures with their texts, the items behind a number, trends, ranks."""

from completion.queries.behind import Reading, Reasoned, reading_of
from completion.queries.changes import Changes, changes_of
from completion.queries.explained import Behind
from completion.queries.export import UnknownUnit, exported_rates
from completion.queries.figures import (
    Passport,
    Rate,
    Row,
    Table,
    revision_of,
    rows_of,
    table_of,
    trend_of,
)
from completion.queries.overview import Overview, overview_of
from completion.queries.parts import Parts, parts_of
from completion.queries.published import (
    Beside,
    beside_ours,
    own_by_unit_kind,
    plans_of,
    printed_in_line,
    printed_of,
    printed_years,
    published_beside_ours,
    sealed_of,
)
from completion.queries.recast import Recast, recast_of

__all__ = [
    "Behind",
    "Beside",
    "Changes",
    "Overview",
    "Parts",
    "Passport",
    "Rate",
    "Reading",
    "Reasoned",
    "Recast",
    "Row",
    "Table",
    "UnknownUnit",
    "beside_ours",
    "changes_of",
    "exported_rates",
    "overview_of",
    "own_by_unit_kind",
    "parts_of",
    "plans_of",
    "printed_in_line",
    "printed_of",
    "printed_years",
    "published_beside_ours",
    "reading_of",
    "recast_of",
    "revision_of",
    "rows_of",
    "sealed_of",
    "table_of",
    "trend_of",
]
