"""A copy of a SQLite database while the office goes on working: the online backup API, never a copy of the file."""

import hashlib
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import msgspec

PAGES = 512  # per step: 2 MB, so that somebody who wants us to stop is heard
CHUNK = 1 << 20
ORDINARY = (
    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite~_%' ESCAPE '~' "
    "AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"
)

Tell = Callable[[int, int], None]


class Copied(msgspec.Struct, frozen=True):
    """What the source held at the instant of the copy."""

    rows: dict[str, int]
    revision: str


def quiet(_done: int, _total: int) -> None:
    """Tell nobody."""


def open_source(path: Path) -> sqlite3.Connection:
    """For reading. Raises sqlite3.DatabaseError when it is not a database."""
    source = sqlite3.connect(f"{path.as_uri()}?mode=ro", uri=True, isolation_level=None)
    source.execute("PRAGMA busy_timeout=10000")
    return source


def snapshot(path: Path, target: Path, tell: Tell = quiet) -> Copied:
    """Copy the database as it is now into a new single file, on the disk when this returns.

    The open read transaction holds the instant: the counts and the pages are of the same moment, and a busy writer
    cannot make the copy begin again.
    """
    with closing(open_source(path)) as source:
        source.execute("BEGIN")
        copied = Copied(count_rows(source), revision_in(source))
        with closing(sqlite3.connect(target, isolation_level=None)) as copy:
            os.chmod(target, 0o600)
            copy.execute("PRAGMA synchronous=OFF")  # one fsync at the end does it
            source.backup(copy, pages=PAGES, progress=lambda _status, left, total: tell(total - left, total))
            copy.execute("PRAGMA journal_mode=DELETE")  # a single file, without a log beside it
    sync_file(target)
    return copied


def sync_file(path: Path) -> None:
    handle = os.open(path, os.O_RDWR)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def count_rows(connection: sqlite3.Connection) -> dict[str, int]:
    """Rows of every ordinary table."""
    names = [name for (name,) in connection.execute(ORDINARY).fetchall()]
    return {name: _count(connection, name) for name in names}


def _count(connection: sqlite3.Connection, table: str) -> int:
    quoted = table.replace('"', '""')
    return int(connection.execute(f'SELECT count(*) FROM "{quoted}"').fetchone()[0])  # noqa: S608


def revision_in(connection: sqlite3.Connection) -> str:
    """The shape the database has; empty when it never was migrated."""
    if not connection.execute("SELECT 1 FROM sqlite_master WHERE name = 'alembic_version'").fetchone():
        return ""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def look(path: Path) -> Copied:
    """What a finished copy holds. Raises sqlite3.DatabaseError when it cannot be read."""
    with closing(open_copy(path)) as copy:
        return Copied(count_rows(copy), revision_in(copy))


def open_copy(path: Path) -> sqlite3.Connection:
    """A finished copy: nobody writes it, so no lock and no log file is wanted."""
    return sqlite3.connect(f"{path.as_uri()}?mode=ro&immutable=1", uri=True, isolation_level=None)


def problem_in(path: Path, rows: dict[str, int] | None = None) -> str:
    """Open a copy and look for damage. Empty when it is whole (and holds exactly `rows`)."""
    try:
        with closing(open_copy(path)) as copy:
            return _damage(copy) or _difference(count_rows(copy), rows)
    except sqlite3.DatabaseError as error:
        return f"sqlite: {error}"


def _damage(copy: sqlite3.Connection) -> str:
    said = str(copy.execute("PRAGMA integrity_check(1)").fetchone()[0])
    return "" if said == "ok" else f"integrity_check: {said}"


def _difference(found: dict[str, int], wanted: dict[str, int] | None) -> str:
    if wanted is None or found == wanted:
        return ""
    names = sorted(n for n in found.keys() | wanted.keys() if found.get(n) != wanted.get(n))
    return "rows: " + ", ".join(f"{n} {found.get(n)} != {wanted.get(n)}" for n in names[:5])


def sha256_of(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while chunk := file.read(CHUNK):
            digest.update(chunk)
    return digest.hexdigest()
