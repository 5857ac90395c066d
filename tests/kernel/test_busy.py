"""A lock is told as Busy, whether SQLAlchemy met it or a prepared statement on the driver; other faults stay faults."""

import pytest
from sqlalchemy.exc import OperationalError

from svcqa.kernel.database import sqlite_module
from svcqa.kernel.errors import Busy
from svcqa.kernel.transaction import SYSTEM

DriversError = sqlite_module().OperationalError


@pytest.mark.parametrize(
    "locked",
    [DriversError("database is locked"), OperationalError("SELECT 1", {}, Exception("database is locked"))],
)
@pytest.mark.parametrize("way", ["reading", "transaction"])
def test_a_lock_met_by_any_statement_is_told_as_busy(empty_place, way, locked):
    with pytest.raises(Busy), getattr(empty_place, way)(SYSTEM):
        raise locked


@pytest.mark.parametrize("fault", [DriversError("disk I/O error"), RuntimeError("locked")])
def test_another_fault_stays_what_it_is(empty_place, fault):
    with pytest.raises(type(fault)), empty_place.transaction(SYSTEM):
        raise fault
