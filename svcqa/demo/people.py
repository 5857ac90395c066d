"""The invented people of the demo. Loads nothing by itself."""

from importlib.resources import files

from svcqa.organisation import roster_file
from svcqa.organisation.roster_file import Roster

FILE = "roster.yaml"


def roster() -> Roster:
    """Return the roster of the demo."""
    return roster_file.read(files("svcqa.demo").joinpath(FILE).read_text("utf-8"), name=FILE)
