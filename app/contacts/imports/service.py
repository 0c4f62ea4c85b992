"""The verbs of imports: upload, look, settle, check, start, cancel, undo."""

from pathlib import Path
from typing import Any

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import people
from app.contacts import belonging
from app.contacts.fields import all_fields, define_field
from app.contacts.folding import fold
from app.contacts.history import open_batch
from app.contacts.imports.bad_file import BadFile
from app.contacts.imports.columns import Column
from app.contacts.imports.models import Import, ImportMapping
from app.contacts.imports.task import Options, Task
from app.contacts.service import region_of
from app.contacts.statuses import START, status_by_code
from app.frame import audit, jobs, live
from app.frame.actor import actor_of
from app.frame.child import ChildDied, ChildFailed
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.refused import Conflict, Forbidden, NotFound, Refused, each_awaited

MODES = ("skip", "fill", "overwrite")
WORK = "app.contacts.imports.work"


class Look(msgspec.Struct, kw_only=True):
    """What the file is and what each column probably is."""

    kind: str
    sheets: list[str]
    sheet: str
    header_row: int
    headers: list[str]
    samples: list[list[str]]
    columns: list[Column]
    rows: int
    shape: str
    remembered: bool = False


class Check(msgspec.Struct):
    """The dry run: counts, and some rows of each verdict as plain dicts."""

    counts: dict[str, int]
    rows: list[dict[str, Any]]


async def new_import(db: AsyncSession, filename: str, path: Path, size_bytes: int) -> Import:
    """A file that was uploaded; nothing is read yet."""
    actor = actor_of(db)
    found = Import(
        filename=filename[:255], path=str(path), size_bytes=size_bytes, state="draft", created_at=now_utc(),
        user_id=actor.user_id, who=actor.name, mapping={}, options={}, counts={}, total=0, done=0,
    )  # fmt: skip
    db.add(found)
    await db.flush()
    audit.record(db, "contacts.import_uploaded", "import", found.id, after={"file": filename, "bytes": size_bytes})
    return found


async def get_import(db: AsyncSession, import_id: int) -> Import:
    """Raises NotFound, Forbidden."""
    if not actor_of(db).may("contacts.import"):
        raise Forbidden(_("Pida permiso para importar a la persona administradora."), permission="contacts.import")
    found = await db.get(Import, import_id)
    if found is None:
        raise NotFound(_("Esa importación ya no existe."))
    return found


async def task_of(db: AsyncSession, office: Office, found: Import) -> dict[str, Any]:
    """Everything the child needs to know."""
    names = {fold(p.name): p.id for p in await people(db, active=True)}
    given = {k: v for k, v in found.options.items() if k in Options.__struct_fields__}
    options = msgspec.convert(given | {"mode": found.mode, "people": names, "region": await region_of(db)}, Options)
    task = Task(
        import_id=found.id, database=office.database.url, path=found.path, filename=found.filename,
        sheet=found.sheet or None, header_row=found.header_row, mapping=found.mapping, options=options,
        batch_id=found.batch_id or 0, user_id=found.user_id, who=found.who, trusted=bool(found.shape),
    )  # fmt: skip
    return msgspec.to_builtins(task)


async def in_child(office: Office, verb: str, task: dict[str, Any], **options: Any) -> dict[str, Any]:
    """Run a verb of `work`. Raises Refused with the file's own sentence."""
    try:
        return await office.child.run(f"{WORK}:{verb}", task, **options)
    except ChildDied as died:  # a file made to break readers breaks only the child
        raise Refused(BadFile("broken").sentence, "file") from died
    except ChildFailed as failed:
        if failed.expected:
            raise Refused(failed.sentence, "file") from failed
        raise


async def look(office: Office, import_id: int, actor: Any) -> Look:
    """Read the file's head in the child. A mapping remembered for this shape of file is applied."""
    async with office.database.unit(write=False, actor=actor) as db:
        task = await task_of(db, office, await get_import(db, import_id))
    seen = msgspec.convert(await in_child(office, "look", task), Look)
    if task["mapping"]:
        return seen
    async with office.database.unit(write=False, actor=actor) as db:
        kept = await db.get(ImportMapping, seen.shape) if seen.shape else None
    if kept:
        seen.remembered = True
        seen.columns = [_as_kept(column, kept.mapping) for column in seen.columns]
    return seen


def _as_kept(column: Column, kept: dict[str, str]) -> Column:
    target = kept.get(str(column.index), "skip")
    return Column(column.index, column.header, target, 1.0, _("como la última vez"))


async def settle(
    db: AsyncSession, import_id: int, *, sheet: str, header_row: int | None, mapping: dict[str, str], mode: str,
    options: dict[str, Any], shape: str = "", total: int = 0,
) -> Import:  # fmt: skip
    """Keep what the person decided; remember it for files of this shape."""
    found = await get_import(db, import_id)
    if found.state != "draft":
        raise Conflict(_("La importación ya empezó."))
    if mode not in MODES:
        raise Refused(_("Elija qué hacer con los contactos que ya existen."), "mode")
    await each_awaited(*belonging.checks(db, options))
    await _define(db, mapping)
    options["status"] = (await status_by_code(db, options.get("status") or START)).code
    found.sheet, found.header_row, found.mapping, found.mode = sheet, header_row, mapping, mode
    found.options, found.shape, found.total = options, shape, total
    if shape and (kept := await db.get(ImportMapping, shape)):
        kept.mapping, kept.changed_at = mapping, now_utc()
    elif shape:
        db.add(ImportMapping(shape=shape, mapping=mapping, changed_at=now_utc()))
    return found


async def _define(db: AsyncSession, mapping: dict[str, str]) -> None:
    """A column for a field that the office does not have yet makes it, when the person may."""
    known = {f.key for f in await all_fields(db, active=False)}
    wanted = {t.removeprefix("custom:") for t in mapping.values() if t.startswith("custom:")} - known
    for key in sorted(wanted):
        if not actor_of(db).may("contacts.settings"):
            sentence = _("El campo «%(key)s» no existe y usted no puede crearlo. Elija otro destino.", key=key)
            raise Refused(sentence, "mapping")
        await define_field(db, key.replace("_", " ").capitalize(), "text")


async def check(office: Office, import_id: int, actor: Any) -> Check:
    """The dry run, in the child."""
    async with office.database.unit(write=False, actor=actor) as db:
        task = await task_of(db, office, await get_import(db, import_id))
    return msgspec.convert(await in_child(office, "check", task), Check)


async def rehearse(office: Office, import_id: int, actor: Any) -> Import:
    """The dry run of who does not look on: its counts stay with the draft, which a person may still start."""
    async with office.database.unit(write=False, actor=actor) as db:
        found = await get_import(db, import_id)
    if found.state != "draft" or "rehearsal" in found.options:
        return found
    counts = (await check(office, import_id, actor)).counts
    async with office.database.unit(actor=actor) as db:
        found = await get_import(db, import_id)
        found.options = found.options | {"rehearsal": counts}
    return found


async def start(db: AsyncSession, import_id: int) -> Import:
    """Queue it. Starting twice is no error."""
    found = await get_import(db, import_id)
    if found.state in ("queued", "running"):
        return found
    if found.state != "draft":
        raise Conflict(_("Esta importación ya terminó. Suba el archivo otra vez para repetirla."))
    batch = await open_batch(db, "import", import_id=found.id)
    found.batch_id, found.state = batch.id, "queued"
    jobs.enqueue(db, "contacts.import", str(found.id))
    audit.record(db, "contacts.import_started", "import", found.id, after={"file": found.filename, "mode": found.mode})
    live.nudge(db, f"import-{found.id}", "imports")
    return found


async def cancel(db: AsyncSession, import_id: int) -> Import:
    """What came in stays (and can be undone); the rest does not come."""
    found = await get_import(db, import_id)
    if found.state in ("draft", "queued", "running"):
        found.state, found.finished_at = "cancelled", now_utc()
        audit.record(db, "contacts.import_cancelled", "import", found.id, after={"done": found.done})
        live.nudge(db, f"import-{found.id}", "imports", "contacts")
    return found


async def ask_undo(db: AsyncSession, import_id: int) -> Import:
    """Queue the undoing. Within 30 days, of a finished import. Asking twice is no error."""
    found = await get_import(db, import_id)
    if found.state not in ("done", "cancelled", "failed"):
        raise Conflict(_("Sólo se deshace una importación terminada."))
    if found.finished_at and (now_utc() - found.finished_at).days >= UNDO_DAYS:
        raise Conflict(_("Pasaron más de %(days)s días: ya no se puede deshacer.", days=UNDO_DAYS))
    if not found.options.get("undo"):
        found.options = found.options | {"undo": True}
        jobs.enqueue(db, "contacts.undo_import", str(found.id))
        audit.record(db, "contacts.import_undo_asked", "import", found.id)
    return found


UNDO_DAYS = 30


async def imports_of(db: AsyncSession, limit: int = 50) -> list[Import]:
    """Newest first."""
    return list(await db.scalars(select(Import).order_by(Import.id.desc()).limit(limit)))
