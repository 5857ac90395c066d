"""The open data that ships with the demo: real service requests of one day in New York.

ATTRIBUTION.md says where it is from.
"""

from dataclasses import replace
from importlib.resources import files

from svcqa.casework import importing, mapping
from svcqa.casework.importing import Imported
from svcqa.casework.mapping import Mapping
from svcqa.kernel import tabular
from svcqa.kernel.tabular import Table
from svcqa.kernel.transaction import SYSTEM, Workplace
from svcqa.organisation import roster, roster_file
from svcqa.organisation.roster_file import Roster

MAP, SLICE, UNITS = "nyc311.map.yaml", "nyc311_slice.csv", "nyc311_units.yaml"


def rules() -> Mapping:
    """Return what the columns of the city's table mean."""
    return mapping.parse(_text(MAP), name=MAP)


def units() -> Roster:
    """Return the city's agencies as units."""
    return roster_file.read(_text(UNITS), name=UNITS)


def table() -> Table:
    """Return the slice that ships with the demo."""
    return tabular.parse(files("svcqa.demo").joinpath(SLICE).read_bytes(), name=SLICE)


def bring_in(place: Workplace, *, finished_only: bool = False) -> Imported:
    """Take over the slice with its units; doing it again changes nothing.

    The demo takes the finished requests only: what a city left open in 2013 would head every list of today.
    """
    with place.transaction(SYSTEM) as tx:
        roster.load(tx, units())
    with place.reading(SYSTEM) as tx:
        plan = importing.plan(tx, table(), mapping=rules())
    if finished_only:
        plan = replace(plan, new=tuple(entry for entry in plan.new if entry.closed_at))
    return importing.carry_out(place, SYSTEM, plan)


def _text(name: str) -> str:
    return files("svcqa.demo").joinpath(name).read_text("utf-8")
