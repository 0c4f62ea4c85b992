"""An import that runs, and what came of it: progress, cancel, refused rows, undo."""

import secrets
from datetime import timedelta
from typing import Any

from litestar import Controller, Request, Response, get, post
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import FromPath
from litestar.response import File
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.choices import forget_choices
from app.contacts.exports.formats import FORMATS
from app.contacts.exports.service import folder
from app.contacts.imports import service
from app.contacts.imports.models import Import
from app.contacts.pages.import_steps import Step, forget, step_of
from app.contacts.pages.imports import IMPORT, delete_file
from app.frame import audit
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, toast
from app.frame.refused import Conflict

AnyRequest = Request[Any, Any, Any]
STEP = "contacts/imports/_step.html"


class ImportRun(Controller):
    """From the start to the undo."""

    path = "/contactos/importaciones/{import_id:int}"
    include_in_schema = False

    @post("/inicio", guards=[IMPORT], status_code=200)
    async def start(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office],
        db: NamedDependency[AsyncSession],
    ) -> Response[str]:  # fmt: skip
        found = await service.get_import(db, import_id)
        if found.state == "draft" and not found.mapping:
            raise Conflict(_("Revise primero las columnas."))
        found = await service.start(db, import_id)
        forget(office, import_id)
        forget_choices(office)
        return fragment(STEP, step=Step(found))

    @get("/avance", guards=[IMPORT])
    async def progress(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> Response[str]:
        """How far it is. The screen that watched it end gets the notice."""
        step = await step_of(office, request.user, import_id)
        answer = fragment(STEP, step=step)
        return _noticed(answer, step.found) if request.query_params.get("mirando") else answer

    @get("/trabajo", guards=[IMPORT])
    async def job(self, import_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        """The same as a strip above the list of contacts."""
        return fragment("contacts/imports/_job.html", found=await service.get_import(db, import_id))

    @post("/cancelacion", guards=[IMPORT], status_code=200)
    async def cancel(self, import_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment(STEP, step=Step(await service.cancel(db, import_id)))

    @post("/deshacer", guards=[IMPORT], status_code=200)
    async def undo(self, import_id: FromPath[int], db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment(STEP, step=Step(await service.ask_undo(db, import_id)))

    @get("/rechazadas", guards=[IMPORT])
    async def refused_rows(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> File:
        """The refused rows as a workbook: to mend and import again."""
        async with office.database.unit(actor=request.user) as db:
            found = await service.get_import(db, import_id)
            audit.record(db, "contacts.import_rejects", "import", found.id)
        target = str(folder(office) / f"rejects-{secrets.token_hex(8)}.xlsx")
        asked = {
            "import_id": found.id, "database": office.database.url, "target": target, "path": found.path,
            "filename": found.filename, "sheet": found.sheet, "header_row": found.header_row,
        }  # fmt: skip
        await office.child.run("app.contacts.imports.refused_rows:write", asked)
        return File(
            target, filename=_("rechazadas-%(id)s.xlsx", id=found.id), media_type=FORMATS["xlsx"],
            headers={"Cache-Control": "no-store"}, background=BackgroundTask(delete_file, target),
        )  # fmt: skip


def _noticed(answer: Response[str], found: Import) -> Response[str]:
    """A toast at the end, whatever the end."""
    if found.state == "done":
        return toast(answer, "ok", _("Importación terminada"), found.filename)
    if found.state == "failed":
        return toast(answer, "danger", _("La importación se detuvo"), found.error)
    if found.state == "undone":
        return toast(answer, "ok", _("La importación se deshizo"), found.filename)
    return answer


def left_of(found: Import) -> timedelta | None:
    """How long it will take at its pace so far; nothing while it is too early to say."""
    if found.started_at is None or not found.done or not found.total:
        return None
    passed = now_utc() - found.started_at
    return passed * max(0.0, found.total / found.done - 1)


WORDS: dict[str, Any] = {"import_left": left_of}
