"""/hooks/...: a provider knocks. Raw body -> driver.hook() -> intake -> answer. Whatever happens, never a 500."""

import logging
from datetime import UTC, datetime
from typing import Any

from litestar import Request, Response, route
from litestar.di import NamedDependency
from litestar.params import FromPath
from sqlalchemy.exc import SQLAlchemyError

from app.frame import intake
from app.frame.auth import public
from app.frame.db import Database
from app.frame.lines import Line
from app.frame.office import Office
from drivers.contract import HookReply, HookRequest

BODY_MAX = 4 * 1024 * 1024
BROKEN_MAX = 500  # unread bodies kept per device: a bug must not let strangers fill the disk
LATER = {"Retry-After": "60"}
log = logging.getLogger("centralita.hooks")


@route(
    ["/hooks/{device:str}", "/hooks/{device:str}/{rest:path}"], http_method=["GET", "POST"], guards=[public],
    opt={"exclude_from_csrf": True}, include_in_schema=False, request_max_body_size=BODY_MAX,
)  # fmt: skip
async def take_hook(
    request: Request[Any, Any, Any], device: FromPath[str], office: NamedDependency[Office]
) -> Response[str]:
    """What the device's driver says, sent only after everything that came in is stored."""
    line = office.lines.by_hook.get(device)
    if line is None:
        return _away(later=office.lines.may_come(device))
    knock = await _read(request)
    try:
        reply = line.driver.hook(knock)
    except Exception as error:
        log.exception("the driver could not read a webhook", extra={"device": line.device_id, "kind": line.kind})
        reply = await _keep_unread(office.database, line, knock, error)
    return _answer(await _stored(office.database, line, reply))


def _away(*, later: bool) -> Response[str]:
    """Switched off, or the office is just opening: the provider tries again. Unknown: it need not."""
    if later:
        return Response("", status_code=503, headers=LATER, media_type="text/plain")
    return Response("", status_code=404, media_type="text/plain")


async def _read(request: Request[Any, Any, Any]) -> HookRequest:
    headers = {name.lower(): value for name, value in request.headers.items()}
    query = tuple((k, v) for k, v in request.query_params.multi_items())
    return HookRequest(
        method=request.method, path=request.url.path, url=str(request.url), query=query, headers=headers,
        body=await request.body(), received_at=datetime.now(UTC),
    )  # fmt: skip


async def _keep_unread(database: Database, line: Line, knock: HookRequest, error: Exception) -> HookReply:
    """Our bug is no reason to lose a message: kept raw, to be read again when it is mended."""
    try:
        async with database.unit(write=False) as db:
            broken = (await intake.counts(db, line.device_id))["broken"]
        if broken >= BROKEN_MAX:
            return HookReply(status=503)
        await intake.keep(database, line.device_id, knock, error=f"{type(error).__name__}: {error}")
    except (SQLAlchemyError, OSError):
        log.exception("a webhook could not be kept", extra={"device": line.device_id})
        return HookReply(status=503)
    return HookReply()


async def _stored(database: Database, line: Line, reply: HookReply) -> HookReply:
    """The reply, once what it brought is stored; 503 when it cannot be, so that the provider comes again."""
    brought: tuple[intake.Value, ...] = (*reply.inbounds, *reply.statuses)
    if not 200 <= reply.status < 300 or not brought:
        return reply
    try:
        await intake.keep(database, line.device_id, *brought)
    except Exception:
        log.exception("a webhook could not be stored", extra={"device": line.device_id})
        return HookReply(status=503)
    return reply


def _answer(reply: HookReply) -> Response[str]:
    headers = LATER if reply.status == 503 else {}
    return Response(reply.body, status_code=reply.status, media_type=reply.media_type, headers=headers)


async def reread(office: Office, device_id: int, limit: int = 100) -> int:
    """Read kept bodies again with the driver of today; how many were touched."""

    async def reader(db: Any, item: intake.Item) -> None:
        line = office.lines.get(item.device_id)
        if line is None or not isinstance(item.value, HookRequest):
            raise LookupError("the device is switched off")
        reply = line.driver.hook(item.value)
        brought: tuple[intake.Value, ...] = (*reply.inbounds, *reply.statuses)
        for value in brought:
            await intake.store(db, item.device_id, value)

    return await intake.take(office.database, reader, kinds=("hook",), limit=limit)


hook_routes = [take_hook]
