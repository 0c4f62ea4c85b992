"""/contactos/importaciones: the history, the upload, the columns and the dry run."""

import asyncio
from pathlib import Path
from typing import Any, BinaryIO, cast

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports import service, uploads
from app.contacts.imports.kinds import LIMIT_BYTES
from app.contacts.pages.import_steps import forget, known_check, known_look, settled, step_of
from app.frame.auth import needs
from app.frame.forms import Again, Form, blank, read, refuse
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, go, page, toast
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
IMPORT = needs("contacts.import")
BODY_MAX = LIMIT_BYTES + 2**20  # the file and what a form puts around it
UPLOAD = "contacts/imports/_upload.html"


class SheetChoice(msgspec.Struct, kw_only=True):
    """Which sheet, and which row has the titles: 0 none, empty to look for it."""

    sheet: str = ""
    header_row: int | None = None


class ImportPages(Controller):
    """What happens before the import itself; pages/import_run.py has the rest."""

    path = "/contactos/importaciones"
    include_in_schema = False

    @get("/", guards=[IMPORT])
    async def all(self, request: AnyRequest, db: NamedDependency[AsyncSession]) -> Response[str]:
        return page(request, "contacts/imports/page.html", imports=await service.imports_of(db))

    @get("/lista", guards=[IMPORT])
    async def list(self, db: NamedDependency[AsyncSession]) -> Response[str]:
        return fragment("contacts/imports/_list.html", imports=await service.imports_of(db))

    @get("/nueva", guards=[IMPORT])
    async def new(self, request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
        return page(request, "contacts/imports/new.html", form=blank(), limit=office.settings.upload_max_mb)

    @post("/", guards=[IMPORT], status_code=200, request_max_body_size=BODY_MAX)
    async def upload(self, request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
        """Keep the file and look into it; one that cannot be read is refused with what to do about it."""
        try:
            import_id = await take_upload(office, request, (await request.form()).get("file"))
        except Refused as refused:
            form: Form[Any] = refuse(blank(), refused)
            raise Again(UPLOAD, form=form, limit=office.settings.upload_max_mb) from refused
        return go(f"/contactos/importaciones/{import_id}", request)

    @get("/{import_id:int}", guards=[IMPORT])
    async def show(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> Response[str]:
        """Whatever step it is in, also after a reload."""
        step = await step_of(office, request.user, import_id, again=bool(request.query_params.get("columnas")))
        return page(request, "contacts/imports/import.html", step=step)

    @post("/{import_id:int}/hoja", guards=[IMPORT], status_code=200)
    async def choose(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> Response[str]:
        """Another sheet or another row of titles: the columns anew."""
        form = read(SheetChoice, await request.form())
        if not form.ok:
            raise Refused(" ".join(form.errors.values()))
        async with office.database.unit(actor=request.user) as db:
            await uploads.choose_sheet(db, import_id, form.value.sheet, form.value.header_row)
        forget(office, import_id)
        return fragment("contacts/imports/_step.html", step=await step_of(office, request.user, import_id))

    @post("/{import_id:int}/ensayo", guards=[IMPORT], status_code=200)
    async def rehearse(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> Response[str]:
        """Keep what was chosen and try it without saving anything."""
        data = await request.form()
        try:
            async with office.database.unit(actor=request.user) as db:
                await settled(db, import_id, await known_look(office, request.user, import_id), data)
            forget(office, import_id)
            await known_check(office, request.user, import_id)
        except Refused as refused:
            step = await step_of(office, request.user, import_id, again=True)
            raise Again("contacts/imports/_step.html", step=step.refused(data, refused)) from refused
        return fragment("contacts/imports/_step.html", step=await step_of(office, request.user, import_id))

    @get("/{import_id:int}/ensayo", guards=[IMPORT])
    async def preview(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> Response[str]:
        """The rows of one verdict, or of all."""
        step = await step_of(office, request.user, import_id)
        if step.check is None:
            return fragment("contacts/imports/_step.html", step=step)
        step.verdict = str(request.query_params.get("veredicto", ""))
        return fragment("contacts/imports/_preview.html", step=step)

    @post("/{import_id:int}/descarte", guards=[IMPORT], status_code=200)
    async def discard(
        self, request: AnyRequest, import_id: FromPath[int], office: NamedDependency[Office]
    ) -> Response[str]:
        """Forget a draft and its file."""
        async with office.database.unit(actor=request.user) as db:
            path = await uploads.discard(db, import_id)
        await delete_file(path)
        forget(office, import_id)
        return toast(go("/contactos/importaciones", request), "ok", _("Se descartó el archivo"))


async def delete_file(path: str) -> None:
    await asyncio.to_thread(Path(path).unlink, missing_ok=True)


async def take_upload(office: Office, request: AnyRequest, given: Any) -> int:
    """Keep an uploaded file as a draft that could be read. Raises Refused, and then leaves nothing behind."""
    if not isinstance(given, UploadFile) or not given.filename:
        raise Refused(_("Elija un archivo."), "file")
    path, size_bytes = await asyncio.to_thread(uploads.keep, office.settings, cast("BinaryIO", given.file))
    try:
        return await _drafted(office, request, given, path, size_bytes)
    except BaseException:
        await delete_file(str(path))
        raise


async def _drafted(office: Office, request: AnyRequest, given: UploadFile, path: Path, size_bytes: int) -> int:
    name = uploads.plain_name(given.filename)
    async with office.database.unit(actor=request.user) as db:
        import_id = (await service.new_import(db, name, path, size_bytes)).id
    try:
        await known_look(office, request.user, import_id)
    except Refused:
        async with office.database.unit(actor=request.user) as db:
            await uploads.discard(db, import_id)
        raise
    return import_id
