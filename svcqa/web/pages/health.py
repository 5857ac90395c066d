"""What is asked by machines that watch over this process: does it live, can it work, how does it fare."""

import hmac
import os
from ipaddress import ip_network
from urllib.parse import urlsplit

from fastapi import APIRouter, Request
from fastapi.responses import PlainTextResponse, Response
from prometheus_client import CONTENT_TYPE_PLAIN_1_0_0
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from svcqa import schema
from svcqa.kernel.transaction import Workplace
from svcqa.web.reception import PEER, is_among
from svcqa.web.visit import AVisit

router = APIRouter()

LOOPBACK = (ip_network("127.0.0.0/8"), ip_network("::1/128"))
FORWARDED = frozenset({"forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-real-ip"})
MATTER = "metrics token"


@router.get("/healthz")
async def healthz() -> PlainTextResponse:
    """Say ok: the process lives and answers. Nothing else is asked, so nothing else can make it fail."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def readyz(visit: AVisit) -> PlainTextResponse:
    """Say ready when requests can be answered, else 503 and the reasons."""
    reasons = hindrances(visit.runtime.place)
    if reasons:
        return PlainTextResponse("\n".join(reasons), 503, {"Retry-After": "5"})
    return PlainTextResponse("ready")


@router.get("/metrics")
def metrics(visit: AVisit) -> Response:
    """Give Prometheus its figures: to who has the token, or, where none is set, to this machine."""
    _demand_right(visit)
    return Response(visit.request.app.state.gauges.text(), media_type=CONTENT_TYPE_PLAIN_1_0_0)


def hindrances(place: Workplace) -> list[str]:
    """Return why requests cannot be answered now, in sentences without insides."""
    found = []
    try:
        if not schema.is_current(place.engine):
            found.append("数据库的版本与本程序不符。请运行 svcqa migrate，或换回与数据库相符的版本。")
    except SQLAlchemyError:
        found.append("数据库不能使用。请检查数据库是否在运行。")
    if not os.access(place.settings.data_dir, os.W_OK):
        found.append("数据目录不能写入。请检查磁盘和目录权限。")
    return found


def _demand_right(visit: AVisit) -> None:
    """Let pass who may read the figures; to everybody else there is no such page."""
    wanted = visit.runtime.place.settings.metrics_token.get_secret_value()
    if not wanted:
        if not _from_this_machine(visit.request):
            raise HTTPException(404)
        return
    visit.count_try(MATTER)
    scheme, _, given = visit.request.headers.get("authorization", "").partition(" ")
    if scheme.lower() != "bearer" or not hmac.compare_digest(given.strip().encode(), wanted.encode()):
        visit.count_miss(MATTER)
        raise HTTPException(404)


def _from_this_machine(request: Request) -> bool:
    """Tell whether a program of this machine asks for itself, not a reverse proxy for somebody else."""
    host = urlsplit(f"//{request.headers.get('host', '')}").hostname or ""
    own = host == "localhost" or is_among(host, LOOPBACK)
    return own and is_among(request.scope[PEER], LOOPBACK) and not FORWARDED & set(request.headers)
