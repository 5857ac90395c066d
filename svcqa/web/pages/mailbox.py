"""What the local SMTP server of development received. In production these pages do not exist."""

import re
from pathlib import Path
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse, Response

from notifications import sink
from svcqa.kernel.errors import NotFound
from svcqa.kernel.transaction import Transaction
from svcqa.web.visit import AVisit

router = APIRouter()

HERE = "/mailbox"
MOST = 100
TABS = (("preview", "预览"), ("text", "纯文本"), ("source", "源文件"))
LINK = re.compile(r"https?://[^\s<>\"）]+")
# The mail's own inline styles work in its frame and nothing else does.
BODY_POLICY = (
    "sandbox; default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none';"
    " form-action 'none'; frame-ancestors 'self'"
)


@router.get("/mailbox")
def received(visit: AVisit, page: Annotated[int, Query(ge=1, le=10_000)] = 1) -> Response:
    """List what arrived, newest first, a hundred on a page."""
    with visit.reading() as tx:
        entries = sink.list_messages(_folder(tx), skip=(page - 1) * MOST, most=MOST + 1)
        frame = visit.frame(tx, HERE)
    more = len(entries) > MOST
    return visit.page("mailbox.html", tx_frame=frame, entries=entries[:MOST], page=page, more=more)


@router.get("/mailbox/{name}")
def message(visit: AVisit, name: str, tab: str = "preview") -> Response:
    """Show one message: as it looks, as plain text, as it came."""
    with visit.reading() as tx:
        opened = _read(_folder(tx), name)
        frame = visit.frame(tx, HERE)
    links = dict.fromkeys(LINK.findall(opened.text))
    return visit.page(
        "mailbox_message.html",
        tx_frame=frame,
        entry=opened.entry,
        opened=opened,
        links=links,
        tab=tab,
        tabs=TABS,
    )


@router.get("/mailbox/{name}/body")
def body(visit: AVisit, name: str) -> Response:
    """Give the message's HTML to the frame around it, with a policy of its own."""
    with visit.reading() as tx:
        opened = _read(_folder(tx), name)
    return HTMLResponse(opened.html, headers={"Content-Security-Policy": BODY_POLICY})


def _folder(tx: Transaction) -> Path:
    """Return where messages lie; raises NotFound outside development."""
    if not tx.settings.development:
        raise NotFound("没有这个页面。本地邮箱只在开发模式下可用。")
    return tx.settings.mailbox_dir


def _read(folder: Path, name: str) -> sink.Received:
    try:
        return sink.read_message(folder, name)
    except FileNotFoundError as error:
        raise NotFound("没有这封邮件。请从本地邮箱列表重新进入。") from error
