"""Put a backup in the place of the present. Any step may be cut by a kill -9.

The request is a file. Whoever finds the office closed applies it: the command at once, the office when it opens; a try
that was cut is done again from its beginning, and until the swap, which is one rename, the present is what it was.
"""

import contextlib
import os
import shutil
import sqlite3
from contextlib import closing
from datetime import datetime
from pathlib import Path

import msgspec

from app.accounts.withdrawn import Ended, Withdrawn
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.migrate import knows
from app.frame.refused import Refused
from app.frame.settings import Settings
from app.system import copying, pgdump, shelf, turns
from app.system.backups import Damaged, backup_now
from app.system.present import withdrawn_now
from app.system.shelf import Backup

REQUEST = "restore.json"
RESULT = "restored.json"
DUMP = ".dump"


class BadBackup(Refused):
    """This file cannot be restored; the sentence says why."""


class Request(msgspec.Struct, frozen=True, kw_only=True):
    """Somebody wants this file restored; `path` is absolute.

    `withdrawn` is what the present had revoked, read once (`looked`) before anything is swapped; None if unreadable.
    """

    path: str
    by: str
    at: datetime
    user_id: int | None = None
    looked: bool = False
    withdrawn: Withdrawn | None = None


class Result(msgspec.Struct, frozen=True, kw_only=True):
    """How the last restore ended. `safety` names the backup of what was there before.

    `noted`: the office has opened since, closed what had to be closed (`ended`), and its audit has it.
    """

    name: str
    by: str
    at: datetime
    user_id: int | None = None
    safety: str = ""
    problem: str = ""
    noted: bool = False
    withdrawn: Withdrawn | None = None
    ended: Ended | None = None


def ask(settings: Settings, path: Path, by: str, user_id: int | None = None) -> None:
    """Leave the request for the next start (or for the open office, which looks every second)."""
    request = Request(path=str(path.resolve()), by=by, at=now_utc(), user_id=user_id)
    shelf.put_file(settings.data / REQUEST, msgspec.json.encode(request))


def asked(settings: Settings) -> Request | None:
    try:
        return msgspec.json.decode((settings.data / REQUEST).read_bytes(), type=Request)
    except FileNotFoundError:
        return None


def last_result(settings: Settings) -> Result | None:
    try:
        return msgspec.json.decode((settings.data / RESULT).read_bytes(), type=Result)
    except FileNotFoundError:
        return None


def put_result(settings: Settings, result: Result) -> None:
    shelf.put_file(settings.data / RESULT, msgspec.json.encode(result))


def finish(settings: Settings) -> Result | None:
    """Before the office opens: do what was asked for, also when an earlier try was cut. None when nothing was asked.

    Raises Taken while somebody has the office open.
    """
    request = asked(settings)
    if request is None:
        return None
    with turns.alone(settings.data):
        request = _look(settings, request)
        result = _try(settings, request)
        put_result(settings, result)
        (settings.data / REQUEST).unlink()
    return result


def _look(settings: Settings, request: Request) -> Request:
    """Keep what the present had revoked: a try that is cut after the swap would not find it any more."""
    if not request.looked:
        request = msgspec.structs.replace(request, looked=True, withdrawn=withdrawn_now(settings))
        shelf.put_file(settings.data / REQUEST, msgspec.json.encode(request))
    return request


def _try(settings: Settings, request: Request) -> Result:
    """A restore that fails leaves the present as it was: the office must open in any case."""
    path = Path(request.path)
    result = Result(name=path.name, by=request.by, user_id=request.user_id, at=now_utc(), withdrawn=request.withdrawn)
    try:
        return msgspec.structs.replace(result, safety=replace_present(settings, path))
    except Refused as refused:
        return msgspec.structs.replace(result, problem=refused.sentence)
    except (OSError, sqlite3.Error) as error:
        return msgspec.structs.replace(result, problem=f"{type(error).__name__}: {error}")


def replace_present(settings: Settings, path: Path) -> str:
    """Check the file, keep what is there now, then swap. Returns the name of the safety backup."""
    check(settings, path)
    if settings.is_sqlite:
        return _replace_file(settings, path)
    safety = backup_now(settings, "restore").name
    pgdump.end_others(pgdump.address(settings))
    pgdump.restore(pgdump.address(settings), path, shelf.folder(settings) / f"restore.sql{shelf.PART}")
    return safety


def check(settings: Settings, path: Path) -> None:
    """Raises BadBackup when the file is not whole, is of the other kind of database or newer than this program."""
    if not path.is_file():
        raise BadBackup(_("Ese respaldo ya no existe."))
    if (path.suffix == DUMP) is settings.is_sqlite:
        raise BadBackup(_("Ese respaldo es de otra clase de base de datos (SQLite o PostgreSQL)."))
    story = story_beside(path)
    if problem := _problem(path, story):
        raise BadBackup(_("El respaldo está dañado: %(problem)s. Elija otro.", problem=problem))
    if not knows(revision_of(path, story)):
        raise BadBackup(_("El respaldo es de una versión más nueva. Actualice Centralita antes de restaurarlo."))


def story_beside(path: Path) -> Backup | None:
    """What the shelf says of a file; None for a file that came from elsewhere."""
    try:
        return msgspec.json.decode(shelf.story_of(path).read_bytes(), type=Backup)
    except (FileNotFoundError, msgspec.DecodeError):
        return None


def _problem(path: Path, story: Backup | None) -> str:
    if story and copying.sha256_of(path) != story.sha256:
        return "sha256"
    rows = story.rows if story else None
    return pgdump.problem_in(path, rows) if path.suffix == DUMP else copying.problem_in(path, rows)


def revision_of(path: Path, story: Backup | None) -> str:
    if story:
        return story.revision
    return "" if path.suffix == DUMP else copying.look(path).revision


def _replace_file(settings: Settings, path: Path) -> str:
    present = settings.database_file
    fresh = present.with_name(present.name + ".restoring")
    put_copy(path, fresh)
    safety = _keep_present(settings) if present.exists() else ""
    _settle(present)
    os.replace(fresh, present)
    shelf.sync_folder(present.parent)
    return safety


def put_copy(path: Path, target: Path) -> None:
    """A copy of a backup, on the disk when this returns."""
    target.unlink(missing_ok=True)
    shutil.copyfile(path, target)
    os.chmod(target, 0o600)
    copying.sync_file(target)


def _keep_present(settings: Settings) -> str:
    """A backup of what is there; when that is too broken to be read, its very files are put aside."""
    try:
        backup = backup_now(settings, "restore")
    except Damaged:
        return _put_aside(settings.database_file)
    return backup.name if backup.good else _put_aside(settings.database_file)


def _put_aside(present: Path) -> str:
    stamp = f"{now_utc():%Y%m%dT%H%M%SZ}"
    for end in ("", "-wal"):
        with contextlib.suppress(FileNotFoundError):
            shutil.copyfile(f"{present}{end}", f"{present}.broken-{stamp}{end}")
    return f"{present.name}.broken-{stamp}"


def _settle(present: Path) -> None:
    """Fold the log into the file: a log left beside the swapped file would be read as if it belonged to it.

    Raises sqlite3.OperationalError while somebody still has the database open.
    """
    if present.exists() and _folded(present):
        return
    for end in ("-wal", "-shm"):  # of a file that is gone or broken, and put aside by now
        present.with_name(present.name + end).unlink(missing_ok=True)


def _folded(present: Path) -> bool:
    try:
        with closing(sqlite3.connect(present, isolation_level=None)) as last:
            last.execute("PRAGMA journal_mode=DELETE")
            return True
    except sqlite3.OperationalError:
        raise
    except sqlite3.DatabaseError:
        return False
