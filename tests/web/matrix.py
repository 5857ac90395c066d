"""Reads the matrix of routes and rights, and knows the people and things it speaks of."""

import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fastapi import FastAPI
from fastapi.routing import APIRoute
from starlette.routing import Route

from svcqa.casework.forms import FORMS
from svcqa.web.api import complaints
from svcqa.web.pages import EVERY

FILE = Path(__file__).with_name("matrix.toml")
PEOPLE = {
    "employee": "wangjianguo",
    "other_employee": "dujuan",
    "unit_head": "fengjianjun",
    "other_head": "panyonggang",
    "officer": "hanlei",
    "supervisor": "liumin",
    "reviewer": "zhouhuimin",
    "hr": "linkexin",
    "inspector": "dongguodong",
    "auditor": "hejing",
    "administrator": "luowenbo",
}
PROGRAMS = PEOPLE | {"platform": "API-10050"}
API_MOVES = {f"POST /api/v1/complaints/{{number}}/{move}" for move in FORMS}
"""Compared with the law itself."""


@dataclass(frozen=True)
class Row:
    """One route with what everybody gets there."""

    method: str
    path: str
    statuses: dict[str, int]
    others: int
    anonymous: int
    send: dict[str, Any]
    things: dict[str, str]

    @property
    def is_api(self) -> bool:
        """Whether programs call it with a key."""
        return self.path.startswith("/api/v1/")

    def expected(self, who: str) -> int:
        """Return the status a person of the matrix gets."""
        return self.statuses.get(who, self.others)


def rows() -> dict[str, Row]:
    """Return the rows of the matrix by route."""
    return {name: _row(name, dict(entry)) for name, entry in tomllib.loads(FILE.read_text("utf-8")).items()}


def _row(name: str, entry: dict[str, Any]) -> Row:
    method, path = name.split(" ")
    default = 401 if path.startswith("/api/v1/") else 303
    anonymous, send = entry.pop("anonymous", default), entry.pop("send", {})
    things = entry.pop("things", {})
    statuses, others = {}, 0
    for status, people in entry.items():
        for who in people.split():
            if who == "*":
                others = int(status)
            else:
                assert who in PROGRAMS, f"{name}: nobody is called {who}"
                statuses[who] = int(status)
    assert others, f"{name}: say what everybody else gets"
    return Row(method, path, statuses, others, anonymous, send, things)


def routes(app: FastAPI) -> Iterator[str]:
    """Yield every route of the application as the matrix names it."""
    for router in (*EVERY, complaints.router):
        for route in router.routes:
            assert isinstance(route, APIRoute)
            yield from (f"{method} {route.path}" for method in route.methods or ())
    for own in app.routes:
        if type(own) is Route:
            yield from (f"{method} {own.path}" for method in (own.methods or set()) - {"HEAD"})
