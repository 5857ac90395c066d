"""What is set right before a restored installation may work: the queue waits, sign-ins end, the record says so.

Letters that left after the backup was taken would leave again; whoever was signed out since would be signed in.
"""

from sqlalchemy import Engine

from svcqa.kernel import audit, mailbag
from svcqa.kernel.blobs import Blobs
from svcqa.kernel.calendar import published_calendar
from svcqa.kernel.clock import clock_from
from svcqa.kernel.links import Links
from svcqa.kernel.sealing import Seal
from svcqa.kernel.settings import Settings
from svcqa.kernel.statements import Statement
from svcqa.kernel.transaction import Actor, Workplace
from svcqa.organisation import sessions
from svcqa.safekeeping.archive import Archive

OPERATOR = Actor(person_id=None, name="终端", roles=frozenset({"system"}), via="cli")
RESTORED = "installation.restored"
WHY = "系统刚从备份恢复：备份之后发出的邮件会再发一次。请先核对邮件服务器的日志，再恢复队列（svcqa mail resume）。"
DONE = Statement("SELECT 1 FROM audit_event WHERE seq > :size AND action = :action")


def reopen(settings: Settings, engine: Engine, archive: Archive) -> None:
    """Pause the queue, end all sign-ins and record the restore, in one transaction; a second time changes nothing."""
    told = archive.manifest
    with _place(settings, engine).transaction(OPERATOR) as tx:
        if DONE.one(tx, size=told.chain.size, action=RESTORED) is not None:
            return
        facts = {
            "manifest_sha256": archive.sha256,
            "taken_at": told.taken_at,
            "events": told.chain.size,
            "link": told.chain.link,
        }
        audit.record(tx, RESTORED, kind="installation", id="installation", facts=facts)
        sessions.end_every(tx)
        mailbag.RESUME.run(tx)  # one pause of an older reason gives way to this one
        mailbag.pause(tx, WHY)


def _place(settings: Settings, engine: Engine) -> Workplace:
    """Put a workplace together that needs no secret: nothing is signed or sealed here."""
    return Workplace(
        engine=engine,
        clock=clock_from(settings.clock),
        calendar=published_calendar(),
        settings=settings,
        links=Links(b"", settings.base_url),
        blobs=Blobs(settings.blob_dir),
        seal=Seal(b""),
    )
