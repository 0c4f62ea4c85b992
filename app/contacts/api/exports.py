"""/api/v1/exports: a filtered view as a file, made while the caller waits."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec
from litestar import Controller, Request, get
from litestar.background_tasks import BackgroundTask
from litestar.di import NamedDependency
from litestar.params import QueryParameter
from litestar.response import File

from app.contacts.api.asked import FILTERED, split
from app.contacts.asked import Asked
from app.contacts.exports import service
from app.contacts.exports.contents import refuse_unknown
from app.contacts.exports.formats import FORMATS
from app.contacts.exports.models import Export
from app.contacts.filters import Filters
from app.frame.api import problem_responses
from app.frame.auth import needs
from app.frame.child import ChildError
from app.frame.office import Office

AnyRequest = Request[Any, Any, Any]
EXPORT = needs("contacts.export")
Format = Literal["xlsx", "csv", "json", "vcf"]


class Exports(Controller):
    """Contacts as files."""

    path = "/api/v1/exports"
    tags = ["exports"]

    @get(
        guards=[EXPORT],
        operation_id="exportContacts",
        summary="Export contacts",
        description="The file itself, of what /api/v1/contacts lists with the same filters. `X-Total-Count` says how "
        "many contacts it has; a file of none says so inside.",
        responses=problem_responses(422),
        dependencies=FILTERED,
        opt={"files": tuple(FORMATS.values())},
    )
    async def export(
        self,
        request: AnyRequest,
        office: NamedDependency[Office],
        filters: NamedDependency[Filters],
        format: Annotated[Format, QueryParameter(description="The kind of file.")] = "xlsx",
        columns: Annotated[str, QueryParameter(max_length=1000, description="Column keys, comma between.")] = "",
    ) -> File:
        return await made_now(office, request, filters, format, split(columns))


async def made_now(
    office: Office, request: AnyRequest, filters: Filters, format: str, columns: tuple[str, ...] = ()
) -> File:
    """Make it in the child, write it down, send it, delete it."""
    async with office.database.unit(actor=request.user) as db:
        refuse_unknown(columns, await service.names(office, db))
        export = await service.open_export(db, format, query=Asked(filters=filters).query, columns=columns)
        export.state = "api"  # no job: a caller who goes away asks again
        task, _lister = await service.task_of(office, db, export, request.user, filters)
    try:
        made = await office.child.run(service.WORK, msgspec.to_builtins(task))
        await _written_down(office, request, export.id, made)
    except (ChildError, asyncio.CancelledError):
        await asyncio.to_thread(Path(task.path).unlink, missing_ok=True)
        raise
    return File(
        task.path, filename=export.filename, media_type=FORMATS[format],
        headers={"Cache-Control": "no-store", "X-Total-Count": str(made["rows"])},
        background=BackgroundTask(asyncio.to_thread, Path(task.path).unlink, missing_ok=True),
    )  # fmt: skip


async def _written_down(office: Office, request: AnyRequest, export_id: int, made: dict[str, Any]) -> None:
    async with office.database.unit(actor=request.user) as db:
        export = await db.get_one(Export, export_id)
        service.finish(db, export, made["rows"], made["bytes"], "")
        export.state, export.taken_at = "gone", export.finished_at
