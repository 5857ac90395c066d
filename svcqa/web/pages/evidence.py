"""Handing in evidence and handing it out. A file is only ever saved, never shown inside of our pages."""

from fastapi import APIRouter
from fastapi.responses import FileResponse, Response
from starlette.datastructures import UploadFile

from svcqa.casework import evidence, visibility
from svcqa.kernel.errors import Busy, Invalid
from svcqa.web import entry
from svcqa.web.views import Typed
from svcqa.web.visit import AVisit, Visit

router = APIRouter()

SANDBOX = {"content-security-policy": "default-src 'none'; sandbox; frame-ancestors 'none'"}


@router.get("/complaints/{number}/evidence")
def evidence_page(visit: AVisit, number: str) -> Response:
    """Show the form for a new file."""
    return _page(visit, number, Typed({"kind": "document"}))


@router.post("/complaints/{number}/evidence")
def add(visit: AVisit, number: str) -> Response:
    """Add a file to a case."""
    kind, proves = visit.text("kind"), visit.text("proves").strip()
    name, data = _file(visit)
    try:
        with visit.transaction() as tx:
            visibility.seen(tx, number)
            evidence.add(tx, number, name=name, data=data, kind=kind, proves=proves)
    except Invalid as wrong:
        return _page(
            visit, number, Typed({"kind": kind, "proves": proves}, entry.field_errors(wrong)), status=422
        )
    except Busy as busy:
        return _page(
            visit, number, Typed({"kind": kind, "proves": proves}, {"file": busy.sentence}), status=503
        )
    return visit.go(f"/complaints/{number}#evidence", flash="证据已上传")


@router.get("/complaints/{number}/evidence/{evidence_id}")
def fetch(visit: AVisit, number: str, evidence_id: str) -> Response:
    """Hand out a file for saving."""
    with visit.reading() as tx:
        stored = evidence.fetch(tx, number, evidence_id)
    return FileResponse(stored.path, filename=stored.name, media_type=stored.media_type, headers=SANDBOX)


def _file(visit: Visit) -> tuple[str, bytes]:
    sent = visit.form.get("file")
    if not isinstance(sent, UploadFile) or not sent.filename:
        return "", b""
    return sent.filename, sent.file.read()


def _page(visit: Visit, number: str, form: Typed, *, status: int = 200) -> Response:
    with visit.reading() as tx:
        frame = visit.frame(tx, "/complaints")
        case = visibility.seen(tx, number)
        limit = tx.settings.upload_megabytes
    return visit.page(
        "evidence.html",
        tx_frame=frame,
        case=case,
        form=form,
        kinds=evidence.KINDS,
        limit=limit,
        status=status,
    )
