"""The pages' environment as the tests of looks and words need it: every template, every filter, nothing undefined."""

from pathlib import Path

import pytest
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from svcqa.web.views import FILTERS

WEB = Path(__file__).parents[2] / "svcqa" / "web"


@pytest.fixture(scope="session")
def pages() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(WEB / "templates"), autoescape=True, undefined=StrictUndefined
    )
    environment.filters.update(FILTERS)
    return environment
