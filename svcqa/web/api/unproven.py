"""Who calls with a wrong body and without a key is told of the key first, and nothing about the fields."""

from fastapi import Request
from fastapi.responses import Response
from starlette.exceptions import HTTPException

from svcqa.kernel.errors import HouseError
from svcqa.web import errors
from svcqa.web.api.caller import Caller


def answer(request: Request, error: Exception) -> Response:
    """Answer what is wrong with a request; for the API only to whom a key is known."""
    if request.url.path.startswith("/api/"):
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        try:
            with Caller(request, key if scheme.lower() == "bearer" else "", b"").reading():
                pass
        except (HTTPException, HouseError) as stranger:
            return errors.answer(request, stranger)
    return errors.answer(request, error)
