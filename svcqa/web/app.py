"""Putting the web door together: templates, guard, errors, pages. Serves nothing by itself."""

from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.exceptions import RequestValidationError
from fastapi.staticfiles import StaticFiles
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.routing import BaseRoute
from starlette.types import ASGIApp
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from svcqa.bootstrap import Runtime, build
from svcqa.kernel.settings import Settings
from svcqa.web import errors
from svcqa.web.again import Again
from svcqa.web.api import complaints, unproven
from svcqa.web.demonstration import demo_sign_ins
from svcqa.web.gauges import Gauges
from svcqa.web.guard import Guard
from svcqa.web.pages import EVERY
from svcqa.web.reception import Reception, Within
from svcqa.web.tries import Tries
from svcqa.web.views import FILTERS

HERE = Path(__file__).parent
WRONG_TRIES, ALL_TRIES = "30/5 minutes", "300/5 minutes"


class Guarded(FastAPI):
    """FastAPI with guard and reception around everything, also around the answer to an unforeseen error.

    Middleware that is added the usual way stands inside of that answer, which then lacks its headers.
    """

    def build_middleware_stack(self) -> ASGIApp:
        """Put the guard outermost, around it what a proxy says of the visitor, around all the reception."""
        settings = self.state.runtime.place.settings
        largest = (settings.upload_megabytes + 1) * 1_000_000
        inner = Within(super().build_middleware_stack())
        guarded: Any = Guard(Again(inner), largest=largest, site=settings.base_url, refuse=errors.answer)
        if settings.trusted_proxies:
            guarded = ProxyHeadersMiddleware(guarded, trusted_hosts=[str(one) for one in settings.proxies])
        return Reception(guarded, proxies=settings.proxies, note=self.state.gauges.note)


def create_app(runtime: Runtime) -> FastAPI:
    """Make the application around a runtime."""
    app = Guarded(
        title="svcqa",
        version=version("svcqa"),
        docs_url=None,
        redoc_url=None,
        openapi_url="/api/openapi.json",
    )
    app.state.runtime = runtime
    app.state.gauges = Gauges(runtime.place)
    app.state.templates = templates()
    app.state.tries = Tries(WRONG_TRIES, ALL_TRIES)
    app.state.demo_sign_ins = demo_sign_ins(runtime.place.settings)
    errors.install(app)
    app.add_exception_handler(RequestValidationError, unproven.answer)
    app.router.routes.extend(routes())
    app.mount("/static", StaticFiles(directory=HERE / "static"), name="static")
    return app


@cache
def routes() -> list[BaseRoute]:
    """Return what can be asked for, one list a process: what each needs is worked out as it is first asked for."""
    all_rooms = APIRouter()
    for router in EVERY:
        all_rooms.include_router(router, include_in_schema=False)
    all_rooms.include_router(complaints.router)
    return all_rooms.routes


@cache
def templates() -> Environment:
    """Return the template environment, one a process: escaped always, an unknown name is an error."""
    environment = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    environment.filters.update(FILTERS)
    return environment


def from_environment() -> FastAPI:
    """Make the application from the environment's settings, as a server's factory."""
    return create_app(build(Settings()))
