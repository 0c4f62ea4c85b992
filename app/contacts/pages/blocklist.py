"""/contactos/no-contactar: everything that stands, and whole lists of numbers."""

import asyncio
import csv
import io
from typing import Any, BinaryIO, cast

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.blocked_files import WORK, Found, Task
from app.contacts.blocking_lists import PAGE, apply_list, draft_list, get_list, standing_blocks
from app.contacts.blocks import count_blocks
from app.contacts.imports import uploads
from app.frame.auth import needs
from app.frame.child import ChildFailed
from app.frame.forms import Again, blank, refuse
from app.frame.i18n import _, ngettext
from app.frame.office import Office
from app.frame.pages import fragment, go, is_partial, page, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
LISTS = needs("contacts.import")
UPLOAD, PREVIEW = "contacts/blocks/_upload.html", "contacts/blocks/_preview.html"
LIMIT_S = 120.0


class BlockListPages(Controller):
    """/contactos/no-contactar."""

    path = "/contactos/no-contactar"
    include_in_schema = False

    @get("/", guards=[LISTS])
    async def show(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        """The page; what was searched; the next rows."""
        q, before = str(request.query_params.get("q", ""))[:100], _number(request.query_params.get("antes"))
        rows = await standing_blocks(db, q, before)
        more = rows[-1].block.id if len(rows) == PAGE else None
        if is_partial(request) and request.headers.get("HX-Target", "") != "main#main":
            return fragment("contacts/blocks/_rows.html", rows=rows, q=q, more=more)
        return page(request, "contacts/blocks/page.html", rows=rows, q=q, more=more, total=await count_blocks(db))

    @get("/lista", guards=[LISTS])
    async def form(self) -> Response[str]:
        return fragment(UPLOAD, form=blank())

    @post("/lista", guards=[LISTS], status_code=200)
    async def look(self, request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
        """Read a file or pasted text and say what putting it in force would do."""
        data = await request.form()
        try:
            found, name = await _read(office, data.get("file"), str(data.get("text", "")))
            async with office.database.unit(actor=request.user) as db:
                batch = await draft_list(db, found, name)
        except Refused as refused:
            raise Again(UPLOAD, form=refuse(blank(text=str(data.get("text", ""))), refused)) from refused
        return fragment(PREVIEW, batch=batch, form=blank())

    @get("/lista/{batch_id:int}/rechazados", guards=[LISTS])
    async def rejects(self, batch_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[bytes]:
        """What could not be read, as a sheet."""
        batch = await get_list(db, batch_id)
        headers = {"Content-Disposition": f'attachment; filename="no-contactar-{batch_id}-rechazados.csv"'}
        return Response(_sheet(batch.detail["bad"]), media_type="text/csv", headers=headers)

    @post("/lista/{batch_id:int}", guards=[LISTS], status_code=200)
    async def apply(
        self, request: AnyRequest, batch_id: FromPath[int], db: NamedDependency[AsyncSession]
    ) -> Response[str]:
        reason = str((await request.form()).get("reason", ""))
        new = await apply_list(db, batch_id, reason)
        title = ngettext("%(n)s número nuevo en no contactar", "%(n)s números nuevos en no contactar", new)
        return toast(go("/contactos/no-contactar", request), "ok", title)


def _number(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdecimal() and len(typed) < 19 else None


async def _read(office: Office, given: Any, text: str) -> tuple[Found, str]:
    """In the child process, outside any unit. Raises Refused."""
    if isinstance(given, UploadFile) and given.filename:
        name, file = uploads.plain_name(given.filename), cast("BinaryIO", given.file)
    elif text.strip():
        name, file = "lista.txt", io.BytesIO(text.encode())
    else:
        raise Refused(_("Elija un archivo o pegue los números."), "file")
    path, _size = await asyncio.to_thread(uploads.keep, office.settings, file)
    try:
        task = msgspec.to_builtins(Task(str(path), name, office.profile.country))
        return msgspec.convert(await office.child.run(WORK, task, limit_s=LIMIT_S), Found), name
    except ChildFailed as failed:
        if not failed.expected:
            raise
        raise Refused(failed.sentence, "file") from failed
    finally:
        await asyncio.to_thread(path.unlink, missing_ok=True)


def _sheet(bad: list[tuple[int, str, str]]) -> bytes:
    """With a BOM for spreadsheets, and no cell that they would take for a formula."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow([_("Fila"), _("Dato"), _("Por qué no")])
    writer.writerows([row, f"'{cell}" if cell[:1] in "=+-@\t\r" else cell, why] for row, cell, why in bad)
    return out.getvalue().encode("utf-8-sig")
