"""/api/v1/imports: bring a file, follow it, read what was refused, undo it."""

import asyncio
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.params import FromPath, MultipartBody
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports import service, unattended, uploads
from app.contacts.imports.models import Import, ImportReject
from app.contacts.imports.planning import VERDICTS
from app.contacts.imports.unattended import Brought
from app.contacts.pages.imports import BODY_MAX, delete_file
from app.frame.api import After, Limit, problem_responses
from app.frame.auth import needs
from app.frame.i18n import _
from app.frame.idempotency import IdempotencyKey, idempotent, uploaded
from app.frame.office import Office
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
IMPORT = needs("contacts.import")
ZERO = dict.fromkeys(("total", *VERDICTS), 0)


class ImportForm(msgspec.Struct):
    """A file of contacts. `mapping` is a JSON object of column titles (or places from 0) and what they become."""

    file: UploadFile
    mapping: Annotated[str, msgspec.Meta(max_length=20_000)] = ""
    mode: Literal["skip", "fill", "overwrite"] = "fill"
    dry_run: bool = False


class Counts(msgspec.Struct):
    """Rows by what became of them."""

    total: int = 0
    created: int = 0
    updated: int = 0
    same: int = 0
    duplicate: int = 0
    blocked: int = 0
    rejected: int = 0


class ImportOut(msgspec.Struct, kw_only=True):
    """An import. `state`: queued, running, done, failed, cancelled, undone; draft while a person still prepares it on
    the screen. A dry run is done at once: `dry_run` is true and nothing was saved. `rows` is a guess."""

    id: int
    state: str
    counts: Counts
    dry_run: bool
    filename: str
    mode: str
    rows: int
    done: int
    error: str
    mapping: dict[str, str]
    created_at: datetime
    finished_at: datetime | None


class RefusedRow(msgspec.Struct):
    """A row that did not come in: its number as people count, what was wrong, its cells."""

    row: int
    field: str
    reason: str
    cells: list[str]


class RefusedPage(msgspec.Struct):
    """A page of refused rows; `next` goes back as `after`, null at the end."""

    items: list[RefusedRow]
    next: str | None


def import_out(found: Import) -> ImportOut:
    rehearsal = found.rehearsal
    known = ZERO | {k: v for k, v in (rehearsal or found.counts).items() if k in ZERO}
    return ImportOut(
        id=found.id, state=found.state if rehearsal is None else "done", counts=Counts(**known),
        dry_run=rehearsal is not None, filename=found.filename, mode=found.mode,
        rows=found.total, done=found.done, error=found.error or "", mapping=found.mapping, created_at=found.created_at,
        finished_at=found.finished_at,
    )  # fmt: skip


class Imports(Controller):
    """Imports of the office."""

    path = "/api/v1/imports"
    tags = ["imports"]

    @post(
        guards=[IMPORT],
        operation_id="createImport",
        summary="Import a file",
        description="Multipart with `file` (.xlsx .xls .ods .csv .vcf). Without `mapping` the recognised columns are "
        "used. `dry_run` only counts. Runs in the background: follow it with `getImport`.",
        status_code=202,
        request_max_body_size=BODY_MAX,
        responses=problem_responses(400, 413, 422),
    )
    async def create(
        self, request: AnyRequest, data: MultipartBody[ImportForm], office: NamedDependency[Office],
        idempotency_key: IdempotencyKey = None,
    ) -> Response[ImportOut]:  # fmt: skip
        brought = await receive(office, request, data)
        return await started(office, request, brought, dry=data.dry_run, key=idempotency_key)

    @get(
        "/{import_id:int}",
        guards=[IMPORT],
        operation_id="getImport",
        summary="Read an import",
        description="State and counts; ask again until `state` is done, failed, cancelled or undone.",
        responses=problem_responses(404),
    )
    async def read(self, import_id: FromPath[int], db: NamedDependency[AsyncSession]) -> ImportOut:
        return import_out(await service.get_import(db, import_id))

    @get(
        "/{import_id:int}/rejects",
        guards=[IMPORT],
        operation_id="listImportRejects",
        summary="List refused rows",
        description="Every row that did not come in, in the order of the file, each with its reason.",
        responses=problem_responses(404, 422),
    )
    async def rejects(
        self, import_id: FromPath[int], db: NamedDependency[AsyncSession], limit: Limit = 50, after: After = ""
    ) -> RefusedPage:
        await service.get_import(db, import_id)
        return await _refused_page(db, import_id, limit, after)

    @post(
        "/{import_id:int}/undo",
        guards=[IMPORT],
        operation_id="undoImport",
        summary="Undo an import",
        status_code=202,
        description="Within 30 days. Removes what it created and restores what it changed, in the background; what "
        "people edited since is left alone. `state` becomes undone.",
        responses=problem_responses(404, 409),
    )
    @idempotent
    async def undo(
        self, request: AnyRequest, import_id: FromPath[int], db: NamedDependency[AsyncSession],
        idempotency_key: IdempotencyKey = None,
    ) -> ImportOut:  # fmt: skip
        return import_out(await service.ask_undo(db, import_id))


async def receive(office: Office, request: AnyRequest, data: ImportForm) -> Brought:
    """Keep the file and look at it; leaves nothing behind when it is refused."""
    mapping = _mapping(data.mapping)
    path, size_bytes = await asyncio.to_thread(uploads.keep, office.settings, data.file.file)
    name = uploads.plain_name(data.file.filename)
    return await kept(office, request, path, size_bytes, name, mapping=mapping, mode=data.mode)


async def kept(office: Office, request: AnyRequest, path: Path, size_bytes: int, name: str, **how: Any) -> Brought:
    """Look at a file that lies in its place already."""
    try:
        return await unattended.bring(office, request.user, path, name, size_bytes, **how)
    except BaseException:
        await delete_file(str(path))
        raise


def _mapping(text: str) -> Any:
    try:
        return msgspec.json.decode(text) if text.strip() else None
    except msgspec.DecodeError as error:
        raise Refused(_("«mapping» no es JSON: %(error)s", error=str(error)), "mapping") from error


async def started(
    office: Office, request: AnyRequest, brought: Brought, *, dry: bool, key: str | None
) -> Response[ImportOut]:
    """Begin it once per key; a file that came a second time is not needed."""
    said = msgspec.json.encode([brought.mapping, brought.mode, dry])
    uploaded(request, await asyncio.to_thread(uploads.digest, brought.path), said)
    try:
        async with office.database.unit(actor=request.user) as db:
            answer: Response[ImportOut] = await _begun(
                request=request, db=db, idempotency_key=key, brought=brought, dry=dry
            )
    except BaseException:
        await delete_file(str(brought.path))
        raise
    if "Idempotent-Replayed" in answer.headers:
        await delete_file(str(brought.path))
    if dry:
        answer.content = import_out(await service.rehearse(office, _id_in(answer.content), request.user))
    return answer


def _id_in(content: Any) -> int:
    """A repeated answer comes as the bytes that were kept."""
    said = msgspec.json.decode(content, type=_Said) if isinstance(content, bytes) else content
    return int(said.id)


class _Said(msgspec.Struct):
    id: int


@idempotent
async def _begun(
    *, request: AnyRequest, db: AsyncSession, idempotency_key: str | None, brought: Brought, dry: bool
) -> Response[ImportOut]:
    found = await unattended.begin(db, brought, dry=dry)
    return Response(import_out(found), status_code=202, headers={"Location": f"/api/v1/imports/{found.id}"})


async def _refused_page(db: AsyncSession, import_id: int, limit: int, after: str) -> RefusedPage:
    if after and not (after.isdecimal() and len(after) < 19):
        raise Refused(_("El cursor «after» no es de esta lista. Empiece de nuevo sin él."), "after")
    found = select(ImportReject).where(ImportReject.import_id == import_id, ImportReject.id > int(after or 0))
    rows = list(await db.scalars(found.order_by(ImportReject.id).limit(limit + 1)))
    items = [RefusedRow(r.row, r.field, r.reason, r.cells) for r in rows[:limit]]
    return RefusedPage(items, str(rows[limit - 1].id) if len(rows) > limit else None)
