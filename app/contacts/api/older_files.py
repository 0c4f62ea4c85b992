"""The older tool's /import (a JSON list, or a file) and /export (a workbook)."""

import asyncio
import csv
import io
from typing import Any

import msgspec
from litestar import Request, Response, get, post
from litestar.datastructures import UploadFile
from litestar.di import NamedDependency
from litestar.response import File
from sqlalchemy import select

from app.contacts.api.exports import EXPORT, made_now
from app.contacts.api.imports import IMPORT, ImportForm, kept, receive, started
from app.contacts.exports.formats import FORMATS
from app.contacts.filters import Filters
from app.contacts.imports import uploads
from app.contacts.imports.models import Import, ImportReject
from app.contacts.imports.service import get_import
from app.contacts.pages.imports import BODY_MAX
from app.frame.api import problem_responses
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.refused import Refused

AnyRequest = Request[Any, Any, Any]
OLDER = {"api": True, "exclude_from_csrf": True}
TARGETS = ("phone", "name", "note", "status")
MAPPING = {"0": "phone", "1": "name", "2": "notes", "3": "status"}
LOOK_S = 0.05
WAIT_S = 300


class OldImportRow(msgspec.Struct):
    """A row of the older clients; what they invent beside it is ignored, as there."""

    phone: str | int | None = None
    name: str | None = None
    note: str | None = None
    status: str | None = None


class OldImported(msgspec.Struct):
    """What they expect back."""

    inserted: int
    updated: int
    duplicates_merged: int
    errors: list[str]
    total: int


@get(
    "/export",
    guards=[EXPORT],
    operation_id="olderExport",
    summary="Export contacts, the older way",
    description="A workbook of all contacts. New clients use /api/v1/exports.",
    tags=["older tool"],
    opt=OLDER | {"files": (FORMATS["xlsx"],)},
    responses=problem_responses(),
)
async def older_export(request: AnyRequest, office: NamedDependency[Office]) -> File:
    return await made_now(office, request, Filters(sort="created"), "xlsx")


@post(
    "/import",
    guards=[IMPORT],
    operation_id="olderImport",
    summary="Import contacts, the older way",
    description="A JSON list of {phone, name, note, status} is imported while the caller waits: a number that is there "
    "is updated. A multipart `file` begins an import like /api/v1/imports and answers 202.",
    tags=["older tool"],
    opt=OLDER,
    status_code=201,
    request_max_body_size=BODY_MAX,
    responses=problem_responses(400, 413, 422),
)
async def older_import(request: AnyRequest, office: NamedDependency[Office]) -> Response[Any]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        return await _file(office, request)
    return Response(await _rows(office, request, _listed(await request.body())), status_code=201)


async def _file(office: Office, request: AnyRequest) -> Response[Any]:
    given = (await request.form()).get("file")
    if not isinstance(given, UploadFile):
        raise Refused(_("Elija un archivo."), "file")
    brought = await receive(office, request, ImportForm(given, mode="overwrite"))
    return await started(office, request, brought, dry=False, key=None)


def _listed(body: bytes) -> list[OldImportRow]:
    try:
        return msgspec.json.decode(body, type=list[OldImportRow])
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        sentence = _("Envíe una lista JSON de objetos con phone, name, note y status: %(error)s", error=str(error))
        raise Refused(sentence) from error


async def _rows(office: Office, request: AnyRequest, rows: list[OldImportRow]) -> OldImported:
    """The list as a file through the ordinary import: one rule for duplicates, one history, one undo."""
    places = [i for i, row in enumerate(rows, 1) if str(row.phone or "").strip()]
    bare = [_("Fila %(row)s: no tiene teléfono", row=i) for i in range(1, len(rows) + 1) if i not in set(places)]
    if not places:
        return OldImported(0, 0, 0, bare, len(rows))
    text = await asyncio.to_thread(_table, [rows[i - 1] for i in places])
    path, size_bytes = await asyncio.to_thread(uploads.keep, office.settings, io.BytesIO(text))
    name = _("importación por la API.csv")
    mapping = dict(zip(TARGETS, MAPPING.values(), strict=True))
    brought = await kept(office, request, path, size_bytes, name, mapping=mapping, mode="overwrite")
    answer = await started(office, request, brought, dry=False, key=None)
    found, refused = await _ended(office, request, answer.content.id)
    if found.state != "done":
        raise Refused(found.error or _("La importación se detuvo."), status=409)
    return _told(found.counts, bare, [(places[row - 2], reason) for row, reason in refused], len(rows))


def _table(rows: list[OldImportRow]) -> bytes:
    text = io.StringIO()
    writer = csv.writer(text)
    writer.writerow(TARGETS)
    writer.writerows([row.phone, row.name or "", row.note or "", row.status or ""] for row in rows)
    return text.getvalue().encode("utf-8", "replace")


async def _ended(office: Office, request: AnyRequest, import_id: int) -> tuple[Import, list[tuple[int, str]]]:
    """The import when it is over, and (row, reason) of what it refused."""
    async with asyncio.timeout(WAIT_S):
        while True:
            async with office.database.unit(write=False, actor=request.user) as db:
                found = await get_import(db, import_id)
                if found.state not in ("queued", "running"):
                    refused = select(ImportReject.row, ImportReject.reason, ImportReject.field)
                    rows = await db.execute(refused.where(ImportReject.import_id == import_id).order_by("row"))
                    return found, [(row, reason) for row, reason, field in rows if field != "duplicate"]
            await asyncio.sleep(LOOK_S)


def _told(counts: dict[str, int], bare: list[str], refused: list[tuple[int, str]], total: int) -> OldImported:
    updated = counts.get("updated", 0) + counts.get("same", 0)
    merged = updated + counts.get("duplicate", 0)
    errors = [*bare, *(_("Fila %(row)s: %(reason)s", row=row, reason=reason) for row, reason in refused)]
    return OldImported(counts.get("created", 0), updated, merged, errors, total)
