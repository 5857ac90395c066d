"""The mail log: every letter with its fate, one letter as it went, and the few things done to the queue."""

from fastapi import APIRouter
from fastapi.responses import Response

from notifications import notices
from svcqa.kernel import letters
from svcqa.kernel.errors import Invalid
from svcqa.organisation import oversight
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter()

HERE = "/mail"
MOST = 50
KINDS = {kind.slug: kind.label for kind in notices.EVERY}


@router.get("/mail")
def log(visit: AVisit, state: str = "", q: str = "", before: str = "") -> Response:
    """List letters, newest first."""
    return _log(visit, state=state, q=q, before=before, form=Typed())


@router.get("/mail/{letter}")
def letter(visit: AVisit, letter: str) -> Response:
    """Show one letter as it was sent."""
    return _letter(visit, letter, form=Typed())


@router.post("/mail/queue/pause")
def pause(visit: AVisit) -> Response:
    """Stop the queue."""
    reason = visit.text("reason")
    try:
        with visit.transaction() as tx:
            oversight.pause(tx, reason=reason)
    except Invalid as wrong:
        form = Typed({"reason": reason}, {wrong.field_name: wrong.sentence})
        return _log(visit, state="", q="", before="", form=form, status=422)
    return visit.go(HERE, flash="邮件队列已暂停，新邮件会等待。")


@router.post("/mail/queue/resume")
def resume(visit: AVisit) -> Response:
    """Let the queue go on."""
    with visit.transaction() as tx:
        oversight.resume(tx)
    return visit.go(HERE, flash="邮件队列已恢复。")


@router.post("/mail/{letter}/again")
def send_again(visit: AVisit, letter: str) -> Response:
    """Queue a failed or held letter once more."""
    with visit.transaction() as tx:
        oversight.send_again(tx, letter)
    return visit.go(f"/mail/{letter}", flash="这封邮件已重新排队。")


@router.post("/mail/{letter}/arrived")
def arrived(visit: AVisit, letter: str) -> Response:
    """Take a held letter for sent, since it arrived."""
    known_from = visit.text("known_from")
    try:
        with visit.transaction() as tx:
            oversight.arrived(tx, letter, known_from=known_from)
    except Invalid as wrong:
        if wrong.field_name != "known_from":
            raise
        form = Typed({"known_from": known_from}, {wrong.field_name: wrong.sentence})
        return _letter(visit, letter, form=form, status=422)
    return visit.go(f"/mail/{letter}", flash="已记为送达，从现在起算。")


def _letter(visit: Visit, letter: str, *, form: Typed, status: int = 200) -> Response:
    with visit.reading() as tx:
        opened = oversight.mail(tx, letter)
        runs = bool(tx.actor.roles & oversight.RUN_MAIL.roles)
        frame = visit.frame(tx, HERE)
    state = opened.row["state"]
    return visit.page(
        "letter.html",
        tx_frame=frame,
        status=status,
        letter=opened.row,
        text=opened.text,
        kind=KINDS.get(opened.row["slug"], opened.row["slug"]),
        state=letters.STATES[state],
        may_send_again=runs and state in letters.STUCK,
        may_have_arrived=state == "held" and opened.row["doubts"] > 0,
        runs=runs,
        most=letters.HOW_KNOWN,
        form=form,
    )


def _log(visit: Visit, *, state: str, q: str, before: str, form: Typed, status: int = 200) -> Response:
    with visit.reading() as tx:
        lines = oversight.mails(tx, state=state, text=q, before=before, most=MOST + 1)
        paused = letters.paused(tx)
        runs = bool(tx.actor.roles & oversight.RUN_MAIL.roles)
        frame = visit.frame(tx, HERE)
    return visit.page(
        "mail.html",
        tx_frame=frame,
        status=status,
        lines=lines[:MOST],
        following=lines[MOST - 1].id if len(lines) > MOST else "",
        states=[("", "全部"), *((key, label) for key, label in letters.STATES.items() if key != "data")],
        labels=letters.STATES,
        kinds=KINDS,
        state=state,
        q=q,
        paused=paused,
        runs=runs,
        form=form,
    )
