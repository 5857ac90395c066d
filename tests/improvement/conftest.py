"""What the tests of improvement may ask for."""

import pytest

from tests.improvement.desk import Desk


@pytest.fixture
def desk(place, clock) -> Desk:
    """Return the desk at which measures are led on."""
    return Desk(place, clock)
