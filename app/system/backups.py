"""Make a backup: copy, open the copy and look, then put it on the shelf. A kill -9 leaves none half done."""

import os
import shutil
import sqlite3
import time
from datetime import datetime
from pathlib import Path

import msgspec

from app import __version__
from app.frame.db import now_utc
from app.frame.i18n import N_, _
from app.frame.refused import Refused
from app.frame.settings import Settings
from app.system import copying, pgdump, shelf
from app.system.copying import Copied, Tell
from app.system.shelf import Backup

WHYS = {
    "schedule": N_("Programado"),
    "manual": N_("A pedido"),
    "migration": N_("Antes de actualizar"),
    "restore": N_("Antes de restaurar"),
    "move": N_("Antes de trasladar"),
}
MARGIN_BYTES = 64 * 1024 * 1024


class BackupFailed(Refused):
    """No backup could be made; the sentence says what to do."""


class Damaged(BackupFailed):
    """The database cannot be read to its end."""


def backup_now(settings: Settings, why: str = "manual", tell: Tell = copying.quiet) -> Backup:
    """Make one backup and say how it went. `problem` is set when the copy was opened and found damaged.

    A scheduled backup of a database that did not change only confirms the last one. Raises BackupFailed.
    """
    with shelf.writing(settings) as folder:
        shelf.sweep(folder)
        _make_room(settings, folder)
        backup = _make(settings, why, folder, tell)
        shelf.prune(settings, now_utc())
    return backup


def _make_room(settings: Settings, folder: Path) -> None:
    needed = size_of_database(settings) + MARGIN_BYTES
    free = shutil.disk_usage(folder).free
    if free < needed:
        free += sum(b.bytes for b in shelf.thin(settings, free, needed, now_utc()))
    if free < needed:
        raise BackupFailed(_("No hay espacio en el disco para un respaldo. Libere espacio en la carpeta de datos."))


def size_of_database(settings: Settings) -> int:
    """Bytes of the database with its log; 0 on PostgreSQL, whose dump is compressed and smaller than we can know."""
    if not settings.is_sqlite:
        return 0
    file = settings.database_file
    return sum(p.stat().st_size for p in (file, file.with_name(file.name + "-wal")) if p.exists())


def _make(settings: Settings, why: str, folder: Path, tell: Tell) -> Backup:
    at, started = now_utc(), time.perf_counter()
    path = _free_name(folder, at, why, ".db" if settings.is_sqlite else ".dump")
    part = path.with_name(path.name + shelf.PART)
    copied = _copy(settings, part, tell)
    problem = copying.problem_in(part, copied.rows) if settings.is_sqlite else pgdump.problem_in(part, copied.rows)
    backup = _story(settings, path.name, why, at, part, copied, problem)
    backup = msgspec.structs.replace(backup, seconds=round(time.perf_counter() - started, 3))
    same = _same(settings, backup)
    return _confirm(settings, same, backup, part) if same else _keep(path, part, backup)


def _copy(settings: Settings, part: Path, tell: Tell) -> Copied:
    if not settings.is_sqlite:
        return pgdump.dump(settings, part)
    try:
        return copying.snapshot(settings.database_file, part, tell)
    except sqlite3.OperationalError as error:
        raise BackupFailed(_("No se pudo respaldar: %(why)s. Intente de nuevo.", why=error)) from error
    except sqlite3.DatabaseError as error:
        raise Damaged(_("La base de datos está dañada: %(why)s. Restaure un respaldo.", why=error)) from error


def _free_name(folder: Path, at: datetime, why: str, end: str) -> Path:
    """20261121T083000Z-manual.db, and -2 behind it when a second one is made in the same second."""
    stem = f"{at:%Y%m%dT%H%M%SZ}-{why}"
    names = (stem if n == 1 else f"{stem}-{n}" for n in range(1, 1000))
    return next(folder / f"{name}{end}" for name in names if not (folder / f"{name}.json").exists())


def _story(settings: Settings, name: str, why: str, at: datetime, part: Path, copied: Copied, problem: str) -> Backup:
    return Backup(
        name=name,
        why=why,
        at=at,
        seconds=0,
        bytes=part.stat().st_size,
        sha256=copying.sha256_of(part),
        version=__version__,
        revision=copied.revision,
        dialect="sqlite" if settings.is_sqlite else "postgresql",
        rows=copied.rows,
        problem=problem,
    )


def _same(settings: Settings, backup: Backup) -> Backup | None:
    """The last good backup, when a scheduled one found byte for byte the same."""
    if backup.why not in ("schedule", "restore"):
        return None
    last = shelf.newest_good(shelf.listed(settings))
    return last if last and last.sha256 == backup.sha256 else None


def _confirm(settings: Settings, last: Backup, backup: Backup, part: Path) -> Backup:
    part.unlink()
    confirmed = msgspec.structs.replace(last, confirmed_at=backup.at)
    shelf.put_story(shelf.path_of(settings, last), confirmed)
    return confirmed


def _keep(path: Path, part: Path, backup: Backup) -> Backup:
    """The story first: a copy without one would be a file that nobody can vouch for."""
    shelf.put_story(path, backup)
    os.replace(part, path)
    shelf.sync_folder(path.parent)
    return backup
