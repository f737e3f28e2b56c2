"""The sample data of a first start: real units and models of public reports, living in the current year.

Everything goes through the services and the gate, at instants of the past, so that what a newcomer sees is what the
portal itself would have written. Persons are made up; so is every adverse state.
"""

from portal.samples.figures import compute_figures
from portal.samples.issued import issue_papers
from portal.samples.loader import load

__all__ = ["compute_figures", "issue_papers", "load"]
