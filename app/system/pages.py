"""/sistema: the state of everything, and the backups."""

import asyncio
import time
from pathlib import Path
from typing import Any

from litestar import Request, Response, get, post
from litestar.di import NamedDependency
from litestar.params import FromPath, FromQuery
from litestar.response import File
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame import audit, jobs
from app.frame.actor import Actor
from app.frame.auth import needs
from app.frame.child import ChildFailed
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.pages import fragment, page, toast
from app.frame.refused import Conflict, Refused
from app.system import findings, pgdump, restoring, shelf
from app.system.backups import WHYS
from app.system.errands import settings_out
from app.system.facts import Shelf, facts, look_at_shelf, versions

AWAITED_S = 120
AnyRequest = Request[Any, Any, Any]


async def _state(office: Office) -> dict[str, Any]:
    found = await facts(office)
    return {
        "facts": found,
        "troubles": findings.troubles(office.settings, found, office.skipped),
        "modules": office.modules,
        "skipped": office.skipped,
        "versions": versions(office),
        "settings": office.settings,
        "limits": findings,
    }


@get("/sistema", guards=[needs("system.view")], include_in_schema=False)
async def system_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """What runs, how it feels, what to do."""
    return page(request, "system/page.html", **await _state(office))


@get("/sistema/estado", guards=[needs("system.view")], include_in_schema=False)
async def system_state(office: NamedDependency[Office]) -> Response[str]:
    """The part that changes; asked again every few seconds."""
    return fragment("system/_state.html", **await _state(office))


def _shelf(office: Office, since: int = 0) -> dict[str, Any]:
    """`since`: when a backup was asked for, in epoch seconds; the list follows it until it is there."""
    settings = office.settings
    look = look_at_shelf(settings)
    return {
        "backups": shelf.listed(settings),
        "look": look,
        "busy": _is_awaited(look, since) or shelf.is_writing(settings),
        "since": since,
        "whys": WHYS,
        "settings": settings,
        "tools": "" if settings.is_sqlite else pgdump.notice(),
        "result": restoring.last_result(settings),
        "waiting": restoring.asked(settings),
    }


def _is_awaited(look: Shelf, since: int) -> bool:
    """A backup was asked for a moment ago, and neither it nor a failure has come."""
    came = [b.fresh_at for b in (look.newest,) if b] + [f.at for f in (look.failure,) if f]
    return time.time() - since < AWAITED_S and not any(at.timestamp() >= since for at in came)


@get("/sistema/respaldos", guards=[needs("system.backups")], include_in_schema=False)
async def backups_page(request: AnyRequest, office: NamedDependency[Office]) -> Response[str]:
    """The shelf of backups."""
    return page(request, "system/backups.html", **await asyncio.to_thread(_shelf, office))


@get("/sistema/respaldos/lista", guards=[needs("system.backups")], include_in_schema=False)
async def backups_list(office: NamedDependency[Office], desde: FromQuery[int] = 0) -> Response[str]:
    """The list again: after a backup, and while one is being made."""
    return fragment("system/_backups.html", **await asyncio.to_thread(_shelf, office, desde))


@post("/sistema/respaldos", guards=[needs("system.backups")], include_in_schema=False, status_code=200)
async def make_backup(db: NamedDependency[AsyncSession], office: NamedDependency[Office]) -> Response[str]:
    """Ask for a backup; the list follows it."""
    if not office.settings.is_sqlite and (notice := pgdump.notice()):
        raise Refused(notice)
    audit.record(db, "system.backup_asked", "backup")
    jobs.enqueue(db, "system.backup", "manual")
    return fragment("system/_backups.html", **await asyncio.to_thread(_shelf, office, int(time.time())))


@post("/sistema/simulacros", guards=[needs("system.backups")], include_in_schema=False, status_code=200)
async def hold_drill(db: NamedDependency[AsyncSession], office: NamedDependency[Office]) -> Response[str]:
    """Ask for a restore drill now."""
    if shelf.newest_good(shelf.listed(office.settings)) is None:
        raise Refused(_("Todavía no hay ningún respaldo bueno. Haga uno antes."))
    audit.record(db, "system.drill_asked", "backup")
    jobs.enqueue(db, "system.drill", "manual")
    answer = fragment("system/_backups.html", **await asyncio.to_thread(_shelf, office))
    return toast(answer, "ok", _("El simulacro está en marcha"), _("El resultado aparece aquí al terminar."))


@get("/sistema/respaldos/{name:str}/archivo", guards=[needs("system.backups")], include_in_schema=False)
async def download(request: AnyRequest, name: FromPath[str], office: NamedDependency[Office]) -> File:
    """The file itself. It holds everything the office knows, so taking it is audited."""
    backup = shelf.find(office.settings, name)
    await _note(office, request.scope["user"], "system.backup_downloaded", backup.name)
    return File(shelf.path_of(office.settings, backup), filename=backup.name, headers={"Cache-Control": "no-store"})


@post(
    "/sistema/respaldos/{name:str}/restauraciones",
    guards=[needs("system.backups")],
    include_in_schema=False,
    status_code=200,
)
async def restore(request: AnyRequest, name: FromPath[str], office: NamedDependency[Office]) -> Response[str]:
    """Check the backup, then leave the request: the office closes, swaps the database and opens again."""
    actor: Actor = request.scope["user"]
    backup = shelf.find(office.settings, name)
    if restoring.asked(office.settings) is not None:
        raise Conflict(_("Ya hay una restauración en marcha."))
    path = shelf.path_of(office.settings, backup)
    await _check(office, path)
    await _note(office, actor, "system.restore_asked", backup.name)
    restoring.ask(office.settings, path, by=actor.name, user_id=actor.user_id)
    return fragment("system/_restarting.html", backup=backup, restarts="restart" in office.state)


async def _check(office: Office, path: Path) -> None:
    told = {"settings": settings_out(office.settings), "path": str(path)}
    try:
        await office.child.run("app.system.errands:check_backup", told)
    except ChildFailed as failed:
        raise Refused(failed.sentence) from failed


async def _note(office: Office, actor: Actor, verb: str, name: str) -> None:
    async with office.database.unit(actor=actor) as db:
        audit.record(db, verb, "backup", name)


routes = (
    system_page,
    system_state,
    backups_page,
    backups_list,
    make_backup,
    hold_drill,
    download,
    restore,
)
