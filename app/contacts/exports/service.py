"""The verbs of exports: ask, read, cancel, forget. Whoever asks gets what they may see and take out, nothing more."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.exports.contents import Names, keys_of, sources
from app.contacts.exports.formats import FORMATS
from app.contacts.exports.models import Export
from app.contacts.exports.question import lister_of, question
from app.contacts.exports.work import Task
from app.contacts.fields import all_fields
from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.contacts.people import names_of
from app.frame import audit, jobs, live
from app.frame.actor import Actor, actor_of
from app.frame.db import Database, now_utc
from app.frame.i18n import PLACE, Place, _
from app.frame.office import Office
from app.frame.reader import Prepared
from app.frame.refused import Forbidden, NotFound, Refused
from app.frame.show import local
from app.frame.topics import Hears, id_in, nobody

KEPT = timedelta(days=7)
WAITING = timedelta(hours=1)
FOLDER = "exports"
MOST = 2_000_000
WORK = "app.contacts.exports.work:run"


class Asker(msgspec.Struct, frozen=True):
    """As much of an export as says whose it is."""

    user_id: int | None


ASKER = Prepared(lambda: select(Export.user_id).where(Export.id == bindparam("export_id")), Asker)


def folder(office: Office) -> Path:
    """Where files wait, for the office's own eyes."""
    path = office.settings.data / FOLDER
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


async def names(office: Office, db: AsyncSession) -> Names:
    """Titles of everything that rows point at."""
    known = (await names_of(office)).names
    return Names(
        statuses={s.code: _(s.title) for s in known.statuses.values()},
        people=known.everyone,
        teams=known.teams,
        custom={f.key: f.title for f in await all_fields(db)},
    )


async def open_export(
    db: AsyncSession, format: str, *, query: str = "", said: str = "", columns: tuple[str, ...] = ()
) -> Export:
    """The row of an export that begins. Raises Refused for an unknown format, Forbidden."""
    actor = actor_of(db)
    if not actor.may("contacts.export"):
        raise Forbidden(_("Pida permiso para exportar a la persona administradora."), permission="contacts.export")
    if format not in FORMATS:
        raise Refused(_("Elija uno de estos formatos: %(formats)s.", formats=", ".join(FORMATS)), "format")
    at = now_utc()
    export = Export(
        user_id=actor.user_id, who=actor.name, asker=_asker(actor), format=format, query=query[:4000], said=said[:1000],
        columns=list(columns), state="queued", created_at=at, filename=f"contactos-{local(at):%Y-%m-%d-%H%M}.{format}",
        total=0, done=0, path="", size_bytes=0, error="",
    )  # fmt: skip
    db.add(export)
    await db.flush()
    return export


def _asker(actor: Actor) -> dict[str, Any]:
    kept = {"user_id": actor.user_id, "name": actor.name, "team_ids": actor.team_ids, "grants": actor.grants}
    return kept | {"everything": actor.everything, "place": msgspec.to_builtins(PLACE.get())}


def asker_of(export: Export) -> tuple[Actor, Place]:
    """Who asked, with the reach of that moment, and in which language."""
    kept = dict(export.asker)
    place = msgspec.convert(kept.pop("place"), Place)
    return msgspec.convert(kept | {"via": "job"}, Actor), place


async def ask_export(db: AsyncSession, format: str, query: str, said: str, columns: tuple[str, ...]) -> Export:
    """Queue an export; the screen follows it."""
    export = await open_export(db, format, query=query, said=said, columns=columns)
    jobs.enqueue(db, "contacts.export", str(export.id))
    return export


async def task_of(
    office: Office, db: AsyncSession, export: Export, actor: Actor, filters: Filters
) -> tuple[Task, Lister]:
    """What the child has to do, and the list behind it."""
    lister = lister_of(office.database, actor, filters, office.profile.timezone)
    known = await names(office, db)
    path = folder(office) / f"{export.id}.{export.format}"
    keys = keys_of(export.columns, known)
    return Task(question(lister, sources(keys)), str(path), export.format, keys, known, office.profile.timezone), lister


def finish(db: AsyncSession, export: Export, rows: int, size_bytes: int, path: str) -> None:
    """The file is there: say so and write it down."""
    export.state, export.done, export.total = "done", rows, rows
    export.size_bytes, export.path, export.finished_at = size_bytes, path, now_utc()
    export.expires_at = export.finished_at + KEPT
    after = {"filter": export.query, "format": export.format, "rows": rows, "columns": export.columns}
    audit.record(db, "contacts.exported", "export", export.id, after=after)
    tell(db, export)


def tell(db: AsyncSession, export: Export) -> None:
    live.nudge(db, f"export-{export.id}", "exports")


def is_theirs(actor: Actor, export: "Export | Asker") -> bool:
    """Who asked, or who sets the rules."""
    mine = actor.user_id is not None and export.user_id == actor.user_id
    return actor.may("contacts.export") and (mine or actor.may("contacts.settings"))


async def hears_export(database: Database, topic: str) -> Hears:
    """`export-7` is heard by whose it is."""
    export_id = id_in(topic, "export-")
    export = None if export_id is None else await database.reader.one(ASKER, Asker, export_id=export_id)
    return nobody if export is None else lambda actor: is_theirs(actor, export)


async def get_export(db: AsyncSession, export_id: int) -> Export:
    """Raises NotFound, also for what is not theirs."""
    export = await db.get(Export, export_id)
    if export is None or not is_theirs(actor_of(db), export):
        raise NotFound(_("Esa exportación ya no existe."))
    return export


async def exports_of(db: AsyncSession, limit: int = 50) -> list[Export]:
    """One's own, or everybody's for who sets the rules; newest first."""
    actor, found = actor_of(db), select(Export).order_by(Export.id.desc()).limit(limit)
    if not actor.may("contacts.settings"):
        found = found.where(Export.user_id == (actor.user_id or 0))
    return list(await db.scalars(found))


async def waiting_exports(db: AsyncSession) -> list[Export]:
    """One's own that are being made, and those made within the last hour that nobody took yet."""
    actor = actor_of(db)
    fresh = (Export.state == "done") & Export.taken_at.is_(None) & (Export.finished_at >= now_utc() - WAITING)
    mine = (Export.user_id == (actor.user_id or 0)) & or_(Export.state.in_(("queued", "running")), fresh)
    return list(await db.scalars(select(Export).where(mine).order_by(Export.id.desc()).limit(5)))


async def cancel_export(db: AsyncSession, export_id: int) -> Export:
    """Stop it; nothing is left behind. A finished one stays as it is."""
    export = await get_export(db, export_id)
    if export.is_busy:
        export.state, export.finished_at = "cancelled", now_utc()
        tell(db, export)
    return export


async def forget_files(db: AsyncSession) -> list[str]:
    """Files whose days are over: the rows say so at once, the caller deletes them."""
    over = select(Export).where(Export.state == "done", Export.expires_at <= now_utc())
    paths = []
    for export in await db.scalars(over):
        paths.append(export.path)
        export.state, export.path = "gone", ""
        tell(db, export)
    return paths
