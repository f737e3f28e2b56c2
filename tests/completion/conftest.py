import pytest
import time_machine


@pytest.fixture
def year_after():
    """The clock of the portal stands in February 2027: every quarter of 2026 may be closed."""
    with time_machine.travel("2027-02-01T09:00:00+07:00", tick=True):
        yield
