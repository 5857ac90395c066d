"""One module per page or family of pages: parse, open the transaction, call one service, answer."""

from fastapi import APIRouter

from svcqa.web.pages import (
    accounts,
    appeals,
    assessed,
    audit,
    complaints,
    cycles,
    evidence,
    health,
    home,
    links,
    mail,
    mailbox,
    me,
    measures,
    moves,
    orders,
    people,
    ratings,
    reports,
    results,
    rulebook,
    suggestions,
    surveys,
)

EVERY: tuple[APIRouter, ...] = (
    home.router,
    health.router,
    complaints.router,
    evidence.router,
    moves.router,  # after the fixed words below a complaint's address
    appeals.router,
    suggestions.router,
    accounts.router,
    audit.router,
    reports.router,  # before what a cycle's address may end with
    cycles.router,
    links.router,
    assessed.router,
    mail.router,
    mailbox.router,
    me.router,
    measures.router,
    orders.router,
    people.router,
    ratings.router,
    results.router,
    rulebook.router,
    surveys.router,
)
