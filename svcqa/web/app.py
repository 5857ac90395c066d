"""Putting the web door together: templates, guard, errors, pages. Serves nothing by itself."""

from pathlib import Path

from fastapi import FastAPI
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from svcqa.bootstrap import Runtime, build
from svcqa.kernel.settings import Settings
from svcqa.web import errors
from svcqa.web.guard import Guard
from svcqa.web.pages import EVERY
from svcqa.web.views import FILTERS

HERE = Path(__file__).parent


def create_app(runtime: Runtime) -> FastAPI:
    """Make the application around a runtime."""
    app = FastAPI(title="svcqa", docs_url=None, redoc_url=None, openapi_url="/api/openapi.json")
    app.state.runtime = runtime
    app.state.templates = templates()
    errors.install(app)
    for router in EVERY:
        app.include_router(router)
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    settings = runtime.place.settings
    app.add_middleware(Guard, largest=(settings.upload_megabytes + 1) * 1_000_000, site=settings.base_url)
    return app


def templates() -> Environment:
    """Return the template environment: escaped always, an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(FILTERS)
    return environment


def from_environment() -> FastAPI:
    """Make the application from the environment's settings, as a server's factory."""
    return create_app(build(Settings()))
