"""Periods, revisions and their figures; the corrections of what was sealed, and who took which revision away."""

from completion.models.corrections import Correction, CorrectionLine, Taken
from completion.models.figures import Figure, FigurePart, FrozenUnit, ItemList, Period, PublishedFigure, Revision

__all__ = [
    "Correction",
    "CorrectionLine",
    "Figure",
    "FigurePart",
    "FrozenUnit",
    "ItemList",
    "Period",
    "PublishedFigure",
    "Revision",
    "Taken",
]
