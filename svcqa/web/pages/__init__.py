"""One module per page or family of pages: parse, open the transaction, call one service, answer."""

from fastapi import APIRouter

from svcqa.web.pages import (
    accounts,
    appeals,
    audit,
    complaints,
    evidence,
    home,
    links,
    mail,
    mailbox,
    me,
    moves,
    orders,
    people,
    rulebook,
    suggestions,
)

EVERY: tuple[APIRouter, ...] = (
    home.router,
    complaints.router,
    evidence.router,
    moves.router,  # after the fixed words below a complaint's address
    appeals.router,
    suggestions.router,
    accounts.router,
    audit.router,
    links.router,
    mail.router,
    mailbox.router,
    me.router,
    orders.router,
    people.router,
    rulebook.router,
)
