"""The one table from refusals to HTTP: status, title and a way on. Pages get a page, the API problem+json."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from psycopg import Error as DriversError
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from states import Refused
from svcqa.assessment import answering
from svcqa.casework import mailed
from svcqa.kernel.database import is_gone
from svcqa.kernel.errors import Busy, Duplicate, Forbidden, HouseError, Invalid, NotFound, Stale
from svcqa.web.mistakes import mistakes
from svcqa.web.tries import TooManyTries
from svcqa.web.visit import MustChangePassword, NeedsSignIn

log = logging.getLogger("svcqa.web")

OURS: Mapping[type[Exception], tuple[int, str, str]] = {
    Refused: (409, "现在不能这样办理", "refused"),
    Stale: (409, "内容已经变化", "stale"),
    Duplicate: (409, "重复的内容", "duplicate"),
    Invalid: (422, "填写有误", "invalid"),
    Forbidden: (403, "没有权限", "forbidden"),
    NotFound: (404, "没有找到", "not_found"),
    mailed.Unproven: (403, "需要重新核对", "unproven"),
    mailed.Unknown: (404, "链接不能识别", "link_unknown"),
    mailed.Replaced: (410, "链接已失效", "link_replaced"),
    answering.Over: (410, "问卷已结束", "survey_over"),
    mailed.Locked: (423, "链接已锁定", "link_locked"),
    TooManyTries: (429, "尝试过于频繁", "too_many"),
    Busy: (503, "系统正忙", "busy"),
}
FRAMEWORK: Mapping[int, tuple[str, str, str]] = {
    401: ("需要接口密钥", "请在 Authorization 头中提供有效的接口密钥；密钥由管理员发放。", "unauthorized"),
    404: ("没有找到", "没有这个页面。请检查地址，或从首页进入。", "not_found"),
    405: ("不支持的操作", "这个地址不支持这种操作。请从页面上的按钮进入。", "method"),
    413: ("内容过大", "提交的内容超过上限，没有保存。请缩小附件后再提交。", "too_large"),
}
DATABASE_ERRORS = (SQLAlchemyError, DriversError)
BACK = {"/a/": "重新打开通知", "/s/": "重新打开问卷"}
"""The two kinds of mailed links, by how their addresses begin."""
OTHERWISE = ("无法处理", "这个请求无法处理。请返回上一页重试。", "http")


@dataclass(frozen=True)
class Problem:
    """An answer that is not what was asked for; `errors` are (field, sentence) where several fields are wrong."""

    status: int
    title: str
    sentence: str
    code: str = ""
    field: str = ""
    changes: tuple[str, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


UNFORESEEN = Problem(
    500,
    "系统出错",
    "系统出了错，你的操作没有保存。请稍后再试；如果再次出现，请把请求编号告诉管理员。",
    code="error",
)


INTERRUPTED = Problem(
    503,
    "数据库中断",
    "数据库连接中断，这次操作可能没有保存。请稍候重新打开页面核对；没有保存的，再提交一次。",
    code="interrupted",
)


def problem_of(error: Exception) -> Problem:
    """Return what to answer to an error; an unforeseen one says nothing of its insides."""
    if isinstance(error, RequestValidationError):
        found = mistakes(error.errors(), outer=1)
        name, sentence = next(iter(found.items()))
        return Problem(422, "填写有误", sentence, code="invalid", field=name, errors=tuple(found.items()))
    if isinstance(error, HTTPException):
        title, sentence, code = FRAMEWORK.get(error.status_code, OTHERWISE)
        return Problem(error.status_code, title, sentence, code=code)
    if is_gone(error):
        return INTERRUPTED
    kind = next((kind for kind in type(error).__mro__ if kind in OURS), None)
    return _of_ours(error, *OURS[kind]) if kind else UNFORESEEN


def _of_ours(error: Exception, status: int, title: str, code: str) -> Problem:
    return Problem(
        status,
        title,
        str(error),
        code=getattr(error, "code", code),
        field=getattr(error, "field_name", ""),
        changes=getattr(error, "changes", ()),
    )


def answer(request: Request, error: Exception) -> Response:
    """Answer an error as a page or as problem+json."""
    problem = problem_of(error)
    request_id = str(request.scope.get("request_id", ""))
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, Busy):
        log.error("the request failed", exc_info=error)
    headers = dict(getattr(error, "headers", None) or {})
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "5"
    if request.url.path.startswith("/api/"):
        body = _body(problem, request_id)
        return JSONResponse(body, problem.status, headers, media_type="application/problem+json")
    template = request.app.state.templates.get_template("error.html")
    html = template.render(problem=problem, request_id=request_id, **_way_on(request, error))
    return Response(html, problem.status, headers, media_type="text/html; charset=utf-8")


def _way_on(request: Request, error: Exception) -> dict[str, Any]:
    """Lead who came by a mailed link back to it, or to a person where the link is closed."""
    way = request.url.path[:3]
    if way not in BACK:
        return {}
    if isinstance(error, mailed.Closed):
        return {"contact": request.app.state.runtime.place.settings.mail_contact}
    return {"action": ("/".join(request.url.path.split("/")[:3]), BACK[way])}


def _body(problem: Problem, request_id: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:svcqa:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.sentence,
        "request": request_id,
        "field": problem.field,
        "changes": list(problem.changes),
        "errors": dict(problem.errors),
    }
    return {name: value for name, value in body.items() if value not in ("", [], {})}


def to_sign_in(request: Request, _error: Exception) -> Response:
    """Lead to the sign-in page, and back to the page that was asked for."""
    here = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    back = f"?next={quote(here)}" if request.method == "GET" and here != "/" else ""
    return RedirectResponse(f"/sign-in{back}", 303)


def to_password(_request: Request, _error: Exception) -> Response:
    """Lead to the page where the own password is set."""
    return RedirectResponse("/password", 303)


def install(app: FastAPI) -> None:
    """Teach the application the table."""
    app.add_exception_handler(NeedsSignIn, to_sign_in)
    app.add_exception_handler(MustChangePassword, to_password)
    for kind in (Refused, HouseError, HTTPException, RequestValidationError, *DATABASE_ERRORS, Exception):
        app.add_exception_handler(kind, answer)
