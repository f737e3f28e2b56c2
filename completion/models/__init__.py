"""Periods, revisions and their figures; corrections of what was sealed and who took it away; what reports printed."""

from completion.models.bridges import BridgeStep
from completion.models.comparing import Comparison, Standing
from completion.models.corrections import Correction, CorrectionLine, Taken
from completion.models.extracts import Extract, ExtractFile
from completion.models.figures import Figure, FigurePart, FrozenUnit, ItemList, Period, Revision
from completion.models.packs import Pack, PackFile, PackSending, PackWish
from completion.models.published import PublishedFigure, PublishedTable, SourceDocument
from completion.models.weekly import WeeklyWish

__all__ = [
    "BridgeStep",
    "Comparison",
    "Correction",
    "CorrectionLine",
    "Extract",
    "ExtractFile",
    "Figure",
    "FigurePart",
    "FrozenUnit",
    "ItemList",
    "Pack",
    "PackFile",
    "PackSending",
    "PackWish",
    "Period",
    "PublishedFigure",
    "PublishedTable",
    "Revision",
    "SourceDocument",
    "Standing",
    "Taken",
    "WeeklyWish",
]
