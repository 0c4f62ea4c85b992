"""What `centralita doctor` looks at. Each check says what is so and, when it is not well, what to do."""

import asyncio
import getpass
import glob
import os
import platform
import shutil
import sqlite3
import stat
import sys
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from sqlalchemy.exc import SQLAlchemyError

from app.frame import audit
from app.frame.db import Database, now_utc
from app.frame.migrate import current, head
from app.frame.settings import Settings
from app.system import findings, pgdump, shelf
from app.system.facts import look_at_shelf
from app.system.findings import Finding

PYTHON = (3, 11)
SQLITE = (3, 35, 0)
BORN = datetime(2026, 11, 1, tzinfo=UTC)  # no clock of an office that runs this shows an earlier day
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
MODEMS = ("/dev/ttyUSB*", "/dev/ttyACM*")

Check = Callable[[Settings], Iterator[Finding]]


def python(_settings: Settings) -> Iterator[Finding]:
    found = platform.python_version()
    if sys.version_info < PYTHON:
        yield Finding("bad", f"Python {found} es demasiado viejo.", "Instale Python 3.11 o más nuevo y use make setup.")
    else:
        yield Finding("ok", f"Python {found}.")


def sqlite(_settings: Settings) -> Iterator[Finding]:
    found = sqlite3.sqlite_version
    if sqlite3.sqlite_version_info < SQLITE:
        yield Finding("bad", f"SQLite {found} es demasiado viejo.", "Use un Python con SQLite 3.35 o más nuevo.")
    elif not _has_trigrams():
        todo = "La búsqueda lo necesita. Use el Python de Debian o Ubuntu, o uno de python.org."
        yield Finding("bad", f"SQLite {found} no trae FTS5 con trigramas.", todo)
    else:
        yield Finding("ok", f"SQLite {found} con búsqueda de texto.")


def _has_trigrams() -> bool:
    connection = sqlite3.connect(":memory:")
    try:
        connection.execute("CREATE VIRTUAL TABLE t USING fts5(x, tokenize='trigram')")
    except sqlite3.OperationalError:
        return False
    finally:
        connection.close()
    return True


def folder(settings: Settings) -> Iterator[Finding]:
    """Only the owner may look into the data folder, and it can be written."""
    data = settings.data
    if not os.access(data, os.W_OK):
        yield Finding("bad", f"No se puede escribir en {data}.", f"sudo chown -R {getpass.getuser()} {data}")
    yield from _only_ours(data, 0o700)
    secret = data / "secret"
    if secret.exists():
        yield from _only_ours(secret, 0o600)
        todo = "Guárdelo aparte, en un lugar seguro: sin él no se abren las claves de los canales."
        yield Finding("ok", f"{secret} no va dentro de los respaldos. {todo}")


def _only_ours(path: Path, mode: int) -> Iterator[Finding]:
    found = stat.S_IMODE(path.stat().st_mode)
    if found & 0o077:
        yield Finding("bad", f"Otras personas de este equipo pueden leer {path} ({found:o}).", f"chmod {mode:o} {path}")
    else:
        yield Finding("ok", f"{path}: sólo de su dueño ({found:o}).")


def disk(settings: Settings) -> Iterator[Finding]:
    yield findings.of_disk(shutil.disk_usage(settings.data).free)


def clock(settings: Settings) -> Iterator[Finding]:
    """A clock in the past breaks sessions, schedules and backups."""
    now = now_utc()
    newest = max((b.at for b in shelf.listed(settings)), default=BORN)
    todo = "Ponga la hora: sudo timedatectl set-ntp true"
    if now < BORN:
        yield Finding("bad", f"El reloj dice {now:%Y-%m-%d %H:%M} UTC.", todo)
    elif now < newest:
        yield Finding("bad", f"El reloj ({now:%Y-%m-%d %H:%M} UTC) va detrás del último respaldo.", todo)
    else:
        yield Finding("ok", f"Reloj: {now:%Y-%m-%d %H:%M} UTC.")


def database(settings: Settings) -> Iterator[Finding]:
    """It opens, it has the newest shape, and nobody has touched the audit."""
    try:
        found = current(settings)
    except (SQLAlchemyError, OSError, sqlite3.Error) as error:
        yield Finding("bad", f"La base de datos no abre: {_short(error)}", "Revise CENTRALITA_DATABASE_URL o restaure.")
        return
    if found is None:
        yield Finding("ok", "La base de datos está vacía: la oficina se crea al abrir.")
        return
    yield findings.of_revision(found, head() or "")
    if found == head():
        yield from _audit(settings)


def _short(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0][:200]


def _audit(settings: Settings) -> Iterator[Finding]:
    broken = asyncio.run(_broken_line(settings))
    if broken is None:
        yield Finding("ok", "La cadena de la auditoría está entera.")
        return
    todo = "Alguien cambió la base de datos por fuera. Compare esa línea con un respaldo anterior."
    yield Finding("bad", f"La auditoría no cuadra desde la línea {broken}.", todo)


async def _broken_line(settings: Settings) -> int | None:
    office = Database(settings.database)
    try:
        async with office.unit(write=False) as db:
            return await audit.verify(db)
    finally:
        await office.close()


def backups(settings: Settings) -> Iterator[Finding]:
    yield from findings.of_backups(settings, look_at_shelf(settings), now_utc())


def postgres(settings: Settings) -> Iterator[Finding]:
    if not settings.is_sqlite and not pgdump.missing():
        yield Finding("ok", "Herramientas de PostgreSQL: pg_dump, pg_restore y psql.")


def chromium(_settings: Settings) -> Iterator[Finding]:
    if any(shutil.which(name) for name in BROWSERS) and shutil.which("chromedriver"):
        yield Finding("ok", "Chromium y su controlador.")
        return
    todo = "Sólo hacen falta para los robots: sudo apt-get install chromium chromium-driver"
    yield Finding("warn", "No están Chromium y su controlador.", todo)


def modems(_settings: Settings) -> Iterator[Finding]:
    """Serial ports that are there and may be used."""
    ports = sorted(port for pattern in MODEMS for port in glob.glob(pattern))
    for port in ports:
        if os.access(port, os.R_OK | os.W_OK):
            yield Finding("ok", f"Puerto {port}: se puede usar.")
        else:
            todo = f"sudo usermod -aG dialout {getpass.getuser()} y entre de nuevo en el equipo."
            yield Finding("warn", f"Puerto {port}: sin permiso.", todo)
    if not ports:
        yield Finding("ok", "Sin módems por cable en este equipo.")


CHECKS: tuple[Check, ...] = (
    python,
    sqlite,
    folder,
    disk,
    clock,
    database,
    backups,
    postgres,
    chromium,
    modems,
)
