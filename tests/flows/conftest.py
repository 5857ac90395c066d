"""A cycle in Prefect's hand without Prefect: tasks and sub-flows are called as plain functions."""

import atexit
import os
import shutil
import tempfile

os.environ["PREFECT_HOME"] = tempfile.mkdtemp(prefix="svcqa-prefect-")  # before prefect is imported

import pytest

from svcqa.bootstrap import Runtime, transport_of
from svcqa.kernel.transaction import Workplace
from tests.assessment.conftest import month, october, place

atexit.register(shutil.rmtree, os.environ["PREFECT_HOME"], ignore_errors=True)

__all__ = ["month", "october", "place"]


@pytest.fixture
def runtime(place: Workplace, monkeypatch: pytest.MonkeyPatch) -> Runtime:
    """Return what the flows find when they ask for their workplace."""
    runtime = Runtime(place, transport_of(place.settings))
    for name in ("assessment_cycle", "audit_checkpoint", "deadline_sweep", "mail_backstop", "open_cycle"):
        monkeypatch.setattr(f"flows.{name}.runtime", lambda: runtime)
    return runtime
