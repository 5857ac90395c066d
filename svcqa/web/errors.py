"""The one table from refusals to HTTP: status, title and a way on. Pages get a page, the API problem+json."""

import logging
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, RedirectResponse, Response
from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException

from states import Refused
from svcqa.kernel.errors import Busy, Duplicate, Forbidden, Invalid, NotFound, Stale
from svcqa.web.guard import TooLarge
from svcqa.web.visit import MustChangePassword, NeedsSignIn

log = logging.getLogger("svcqa.web")


@dataclass(frozen=True)
class Problem:
    """An answer that is not what was asked for."""

    status: int
    title: str
    sentence: str
    code: str = ""
    field: str = ""
    changes: tuple[str, ...] = ()


def problem_of(error: Exception) -> Problem:
    """Return what to answer to an error; an unforeseen one says nothing of its insides."""
    match error:
        case Refused():
            return Problem(409, "现在不能这样办理", error.sentence, code=error.code)
        case Stale():
            return Problem(409, "内容已经变化", error.sentence, code="stale", changes=error.changes)
        case Duplicate():
            return Problem(409, "重复的内容", error.sentence, code="duplicate")
        case Invalid():
            return Problem(422, "填写有误", error.sentence, code="invalid", field=error.field_name)
        case Forbidden():
            return Problem(403, "没有权限", error.sentence, code="forbidden")
        case NotFound():
            return Problem(404, "没有找到", error.sentence, code="not_found")
        case Busy():
            return Problem(503, "系统正忙", error.sentence, code="busy")
        case TooLarge():
            return Problem(
                413, "内容过大", "提交的内容超过上限，没有保存。请缩小附件后再提交。", code="too_large"
            )
        case HTTPException():
            return _of_framework(error)
    return Problem(
        500,
        "系统出错",
        "系统出了错，你的操作没有保存。请稍后再试；如果再次出现，请把请求编号告诉管理员。",
        code="error",
    )


def _of_framework(error: HTTPException) -> Problem:
    if error.status_code == HTTPStatus.NOT_FOUND:
        return Problem(404, "没有找到", "没有这个页面。请检查地址，或从首页进入。", code="not_found")
    if error.status_code == HTTPStatus.METHOD_NOT_ALLOWED:
        return Problem(405, "不支持的操作", "这个地址不支持这种操作。请从页面上的按钮进入。", code="method")
    return Problem(error.status_code, "无法处理", "这个请求无法处理。请返回上一页重试。", code="http")


def answer(request: Request, error: Exception) -> Response:
    """Answer an error as a page or as problem+json."""
    problem = problem_of(error)
    request_id = str(request.scope.get("request_id", ""))
    if problem.status >= HTTPStatus.INTERNAL_SERVER_ERROR and not isinstance(error, Busy):
        log.error("request %s failed", request_id, exc_info=error)
    headers = dict(getattr(error, "headers", None) or {})
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        headers["Retry-After"] = "5"
    if request.url.path.startswith("/api/"):
        return JSONResponse(
            _body(problem, request_id),
            status_code=problem.status,
            media_type="application/problem+json",
            headers=headers,
        )
    html = request.app.state.templates.get_template("error.html").render(
        problem=problem, request_id=request_id
    )
    return Response(html, status_code=problem.status, media_type="text/html; charset=utf-8", headers=headers)


def _body(problem: Problem, request_id: str) -> dict[str, Any]:
    body: dict[str, Any] = {
        "type": f"urn:svcqa:{problem.code}",
        "title": problem.title,
        "status": problem.status,
        "detail": problem.sentence,
        "request": request_id,
    }
    if problem.field:
        body["field"] = problem.field
    if problem.changes:
        body["changes"] = list(problem.changes)
    return body


def install(app: FastAPI) -> None:
    """Teach the application the table."""

    def to_sign_in(request: Request, _error: Exception) -> Response:
        here = request.url.path
        return RedirectResponse(
            f"/sign-in?next={here}" if request.method == "GET" and here != "/" else "/sign-in", 303
        )

    def to_password(_request: Request, _error: Exception) -> Response:
        return RedirectResponse("/password", 303)

    app.add_exception_handler(NeedsSignIn, to_sign_in)
    app.add_exception_handler(MustChangePassword, to_password)
    for kind in (
        Refused,
        Stale,
        Duplicate,
        Invalid,
        Forbidden,
        NotFound,
        Busy,
        TooLarge,
        HTTPException,
        SQLAlchemyError,
        Exception,
    ):
        app.add_exception_handler(kind, answer)
    app.add_exception_handler(RequestValidationError, _not_readable)


def _not_readable(request: Request, error: Exception) -> Response:
    first = error.errors()[0] if isinstance(error, RequestValidationError) and error.errors() else {}
    field = ".".join(str(part) for part in first.get("loc", ())[1:])
    return answer(
        request, Invalid(field or "body", f"“{field or '内容'}”的格式不对，请按接口说明更正后重新提交。")
    )
