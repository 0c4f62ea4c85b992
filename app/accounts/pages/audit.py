"""/auditoria: who did what, and whether the chain holds."""

import csv
import io
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.response import Stream
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import chain, service
from app.accounts.trail import HEAD, Sought, csv_rows, trail_page
from app.accounts.trail import verbs as known_verbs
from app.accounts.verbs import Words
from app.frame import audit, jobs
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, is_partial, page, toast

AnyRequest = Request[Any, Any, Any]
CHAIN_JOB = "accounts.chain"
EXPORT_PAGE = 1000


def sought_in(request: AnyRequest) -> Sought:
    """The filters of the address; what makes no sense is left out."""
    asked = request.query_params
    return Sought(
        q=asked.get("q", "")[:100],
        user_id=_number(asked.get("quien", "")),
        verb=asked.get("accion", "")[:80],
        noun=asked.get("objeto", "")[:40],
        noun_id=asked.get("numero", "")[:80],
        since=_day(asked.get("desde", "")),
        until=_day(asked.get("hasta", "")),
        before=_number(asked.get("antes", "")),
    )


@get("/auditoria", guards=[needs("audit.view")], include_in_schema=False)
async def audit_page(
    request: AnyRequest, office: NamedDependency[Office], db: NamedDependency[AsyncSession]
) -> Response[str]:
    """The audit, newest first; the rows alone for a search or the next page."""
    sought = sought_in(request)
    lines, before = await trail_page(db, sought, office.profile.timezone)
    words = Words(office.modules.values())
    context: dict[str, Any] = {"lines": lines, "before": before, "sought": sought, "words": words}
    target = request.headers.get("HX-Target", "")
    if is_partial(request) and (target.endswith("rows") or sought.before is not None):
        return fragment("accounts/_audit_rows.html", **context)
    known = sorted(((verb, words.verb(verb)) for verb in await known_verbs(db)), key=lambda each: each[1])
    state = await chain.read_state(db)
    return page(
        request, "accounts/audit.html", people=await service.people(db), verbs=known, state=state, **context
    )  # fmt: skip


@get("/auditoria/cadena", guards=[needs("audit.view")], include_in_schema=False)
async def chain_state(db: NamedDependency[AsyncSession]) -> Response[str]:
    """Whether the chain held when it was last walked."""
    return fragment("accounts/_chain.html", state=await chain.read_state(db))


@post("/auditoria/cadena", guards=[needs("audit.view")], include_in_schema=False, status_code=200)
async def walk_now(db: NamedDependency[AsyncSession]) -> Response[str]:
    """Walk it now, in the background."""
    jobs.enqueue(db, CHAIN_JOB, "now")
    response = fragment("accounts/_chain.html", state=await chain.read_state(db))
    return toast(response, "ok", _("Verificando la cadena"), _("El resultado aparece aquí en cuanto esté."))


@get("/auditoria/exportar", guards=[needs("audit.view")], include_in_schema=False)
async def export(request: AnyRequest, office: NamedDependency[Office]) -> Stream:
    """What the filters leave, as CSV. The export is itself a line of the audit."""
    sought = msgspec.structs.replace(sought_in(request), before=None)
    asked = {name: value for name, value in msgspec.to_builtins(sought).items() if value}
    async with office.database.unit(actor=request.user) as db:
        audit.record(db, "audit.exported", "audit", after=asked)
    headers = {"Content-Disposition": 'attachment; filename="auditoria.csv"', "Cache-Control": "no-store"}
    return Stream(_csv(office, sought), media_type="text/csv", headers=headers)


async def _csv(office: Office, sought: Sought) -> AsyncIterator[str]:
    yield "\ufeff" + _lines([list(HEAD)])
    zone, before = office.profile.timezone, None
    while True:
        async with office.database.unit(write=False) as db:
            wanted = msgspec.structs.replace(sought, before=before)
            found, before = await trail_page(db, wanted, zone, EXPORT_PAGE)
        yield _lines(csv_rows(found, zone))
        if before is None:
            return


def _lines(rows: Any) -> str:
    buffer = io.StringIO()
    csv.writer(buffer, lineterminator="\r\n").writerows(rows)
    return buffer.getvalue()


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 18 else None


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None


routes = (audit_page, chain_state, walk_now, export)
