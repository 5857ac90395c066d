"""Signing in and out, the own password, the first sign-in with a one-time code. Passwords never come back."""

from typing import Any
from urllib.parse import urlsplit

from fastapi import APIRouter
from fastapi.responses import Response

from svcqa.kernel.errors import Invalid
from svcqa.kernel.transaction import Transaction
from svcqa.organisation import accounts, codes, people, sessions
from svcqa.organisation.sessions import NotSigned, Signed
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter()

SIGN_IN = "sign in"
"""One window for both ways in: a guesser does not get a second one at the other door."""


@router.get("/sign-in")
def sign_in_page(visit: AVisit, next: str = "/") -> Response:  # noqa: A002 - the parameter's name in addresses
    """Show the sign-in form."""
    return _sign_in(visit, Typed(), to=own_path(next))


@router.post("/sign-in")
def sign_in(visit: AVisit) -> Response:
    """Compare the password outside of the write lock, then open a new session or count the failure."""
    visit.count_try(SIGN_IN)
    name, to = visit.text("name"), own_path(visit.text("next"))
    with visit.unsigned() as tx:
        attempt = accounts.examine(tx, name=name, password=visit.text("password"))
    with visit.unsigned(writes=True) as tx:
        signed = accounts.admit(tx, attempt)
    if isinstance(signed, NotSigned):
        visit.count_miss(SIGN_IN)
        return _sign_in(visit, Typed({"name": name}, {"password": signed.sentence}), to=to, status=422)
    return _welcomed(visit, signed, to)


@router.post("/sign-out")
def sign_out(visit: AVisit) -> Response:
    """End the session and let the browser forget."""
    with visit.transaction() as tx:
        sessions.sign_out(tx, visit.present)
    answer = visit.go("/sign-in")
    answer.delete_cookie(visit.cookie, secure=visit.secure, httponly=True, samesite="lax")
    answer.headers["Clear-Site-Data"] = '"cookies"'
    return answer


@router.get("/first-sign-in")
def first_sign_in_page(visit: AVisit) -> Response:
    """Show the form for a one-time code."""
    return visit.page("first_sign_in.html", form=Typed())


@router.post("/first-sign-in")
def first_sign_in(visit: AVisit) -> Response:
    """Sign in once with a code; the own password comes next."""
    visit.count_try(SIGN_IN)
    name = visit.text("name")
    with visit.unsigned(writes=True) as tx:
        signed = codes.redeem_code(tx, name=name, code=visit.text("code"))
    if isinstance(signed, NotSigned):
        visit.count_miss(SIGN_IN)
        return visit.page(
            "first_sign_in.html", status=422, form=Typed({"name": name}, {"code": signed.sentence})
        )
    return _welcomed(visit, signed, "/password")


@router.get("/password")
def password_page(visit: AVisit) -> Response:
    """Show the form for a new password."""
    with visit.reading() as tx:
        shown = _password_values(visit, tx)
    return visit.page("set_password.html", form=Typed(), **shown)


@router.post("/password")
def set_password(visit: AVisit) -> Response:
    """Set the own password; every session ends, a new one begins here."""
    visit.count_try(SIGN_IN)
    with visit.reading() as tx:
        shown = _password_values(visit, tx)
        wrong = _mistyped(visit, tx, shown["staff_number"])
    if wrong:
        return visit.page("set_password.html", status=422, form=Typed({}, wrong), **shown)
    try:
        with visit.transaction() as tx:
            accounts.set_password(tx, visit.present.person_id, visit.text("password"))
            signed = sessions.open_session(tx, visit.present.person_id)
    except Invalid as weak:
        form = Typed({}, {weak.field_name: weak.sentence})
        return visit.page("set_password.html", status=422, form=form, **shown)
    return _welcomed(visit, signed, "/", flash="密码已设置，其他设备上的登录已全部退出。")


def own_path(to: str) -> str:
    """Return where to go after signing in: a path of this site, else the first page."""
    parts = urlsplit(to)
    foreign = parts.scheme or parts.netloc or "\\" in to or not to.startswith("/") or to.startswith("//")
    return "/" if foreign or not to.isprintable() else to


def _sign_in(visit: Visit, form: Typed, *, to: str, status: int = 200) -> Response:
    demo = visit.request.app.state.demo_sign_ins
    return visit.page("sign_in.html", status=status, form=form, next=to, demo=demo)


def _welcomed(visit: Visit, signed: Signed, to: str, *, flash: str = "") -> Response:
    answer = visit.go("/password" if signed.must_change else to, flash=flash)
    visit.remember(answer, signed.session_secret)
    return answer


def _password_values(visit: Visit, tx: Transaction) -> dict[str, Any]:
    me = people.card(tx, visit.present.person_id)
    first = visit.present.must_change
    return {"csrf": visit.present.csrf, "whose": me.name, "staff_number": me.staff_number, "first": first}


def _mistyped(visit: Visit, tx: Transaction, staff_number: str) -> dict[str, str]:
    """Return what is wrong with the typed passwords; a first password has no present one to prove."""
    if visit.text("password") != visit.text("again"):
        return {"again": "两次输入的密码不一致，请重新输入。"}
    if visit.present.must_change:
        return {}
    attempt = accounts.examine(tx, name=staff_number, password=visit.text("present"))
    if attempt.right:
        return {}
    visit.count_miss(SIGN_IN)
    return {"present": "现在的密码不对，密码没有改动。请重新输入。"}
