"""Periods, revisions and their figures; the corrections of what was sealed, and who took which revision away."""

from completion.models.comparing import Comparison, Standing
from completion.models.corrections import Correction, CorrectionLine, Taken
from completion.models.figures import Figure, FigurePart, FrozenUnit, ItemList, Period, PublishedFigure, Revision

__all__ = [
    "Comparison",
    "Correction",
    "CorrectionLine",
    "Figure",
    "FigurePart",
    "FrozenUnit",
    "ItemList",
    "Period",
    "PublishedFigure",
    "Revision",
    "Standing",
    "Taken",
]
