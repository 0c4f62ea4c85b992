"""Backups of PostgreSQL with its own tools: pg_dump, pg_restore and psql, when they are installed."""

import contextlib
import os
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, TYPE_CHECKING
from urllib.parse import urlsplit, urlunsplit

from app.frame.i18n import _
from app.frame.refused import Refused
from app.frame.settings import Settings
from app.system.copying import Copied, sync_file

if TYPE_CHECKING:
    import psycopg

TOOLS = ("pg_dump", "pg_restore", "psql")
QUEUE = "queue_*"  # may be thrown away: what is still to do is written in the office's own rows
TABLES = "SELECT tablename FROM pg_tables WHERE schemaname = current_schema()"
OURS = rf"{TABLES} AND tablename NOT LIKE 'queue\_%' ORDER BY 1"


class ToolFailed(Refused):
    """A tool of PostgreSQL is missing or said no."""


def missing() -> list[str]:
    """Tools that are not installed."""
    return [tool for tool in TOOLS if shutil.which(tool) is None]


def notice() -> str:
    """What to do when tools are missing; empty when all are there."""
    if not (lacking := missing()):
        return ""
    return _(
        "Faltan las herramientas de PostgreSQL (%(tools)s): no se hacen respaldos. Instale postgresql-client.",
        tools=", ".join(lacking),
    )


def address(settings: Settings) -> str:
    """The database as libpq writes it."""
    head, _colon, rest = settings.database.partition("://")
    return f"{head.split('+')[0]}://{rest}"


@contextlib.contextmanager
def connect(url: str) -> Iterator["psycopg.Connection"]:
    """A plain connection; what the server says against it becomes ToolFailed.

    The driver is imported only where it is used: the web process does without its 7 MB.
    """
    import psycopg

    try:
        with psycopg.connect(url, autocommit=True) as connection:
            yield connection
    except psycopg.Error as error:
        raise ToolFailed(f"PostgreSQL: {error}".strip().splitlines()[0]) from error


def dump(settings: Settings, target: Path) -> Copied:
    """Dump what the database holds at one instant, and count its rows at that same instant."""
    url = address(settings)
    with connect(url) as connection, connection.transaction():
        connection.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        row = connection.execute("SELECT pg_export_snapshot()").fetchone()
        copied = Copied(count_rows(connection), revision_in(connection))
        assert row is not None
        what = ("--format=custom", "--no-owner", f"--exclude-table={QUEUE}", f"--snapshot={row[0]}")
        _run("pg_dump", url, *what, f"--file={target}")
    os.chmod(target, 0o600)
    sync_file(target)
    return copied


def count_rows(connection: "psycopg.Connection") -> dict[str, int]:
    """Rows of every table of ours."""
    names = [str(name) for (name,) in connection.execute(OURS).fetchall()]
    return {name: _count(connection, name) for name in names}


def _count(connection: "psycopg.Connection", table: str) -> int:
    from psycopg import sql

    row = connection.execute(sql.SQL("SELECT count(*) FROM {}").format(sql.Identifier(table))).fetchone()
    return int(row[0]) if row else 0


def revision_in(connection: "psycopg.Connection") -> str:
    if connection.execute("SELECT to_regclass('alembic_version')").fetchone() == (None,):
        return ""
    row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
    return str(row[0]) if row else ""


def problem_in(path: Path, rows: dict[str, int] | None) -> str:
    """Read the whole dump back as SQL. Empty when it can be read (and holds exactly `rows`)."""
    try:
        found = rows_in(path)
    except ToolFailed as failed:
        return failed.sentence
    if rows is None:
        return ""
    names = sorted(n for n in rows.keys() | found.keys() if rows.get(n, 0) != found.get(n, 0))
    return "rows: " + ", ".join(f"{n} {found.get(n)} != {rows.get(n)}" for n in names[:5]) if names else ""


def rows_in(path: Path) -> dict[str, int]:
    """Rows of every table in a dump, counted without a server. Raises ToolFailed when the dump cannot be read."""
    command = [_tool("pg_restore"), "--data-only", "--file=-", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=_env({})) as process:
        assert process.stdout
        assert process.stderr
        rows = _count_copied(process.stdout)
        said = process.stderr.read().decode(errors="replace")
    if process.returncode:
        raise ToolFailed(said.strip()[-300:] or f"pg_restore: {process.returncode}")
    return rows


def _count_copied(lines: IO[bytes]) -> dict[str, int]:
    """COPY blocks of a script: `COPY public.contact (...) FROM stdin;`, rows, `\\.`."""
    rows: dict[str, int] = {}
    table = ""
    for line in lines:
        if table and line != b"\\.\n":
            rows[table] += 1
        elif line.startswith(b"COPY "):
            table = line.split()[1].decode().split(".")[-1].strip('"')
            rows[table] = 0
        else:
            table = ""
    return rows


def _run(tool: str, url: str, *arguments: str) -> None:
    """Run a tool on a database; the password never shows in the list of processes."""
    from psycopg.conninfo import conninfo_to_dict

    command = [_tool(tool), *arguments]
    done = subprocess.run(command, capture_output=True, env=_env(conninfo_to_dict(url)), check=False)
    if done.returncode:
        raise ToolFailed(f"{tool}: {done.stderr.decode(errors='replace').strip()[-300:]}")


def _tool(name: str) -> str:
    path = shutil.which(name)
    if path is None:
        raise ToolFailed(notice())
    return path


NAMES = {"host": "PGHOST", "port": "PGPORT", "user": "PGUSER", "password": "PGPASSWORD", "dbname": "PGDATABASE"}


def _env(told: Mapping[str, object]) -> dict[str, str]:
    given = {NAMES[k]: str(v) for k, v in told.items() if k in NAMES}
    return os.environ | given | {"PGAPPNAME": "centralita", "LC_ALL": "C"}


def restore(url: str, path: Path, scratch: Path) -> None:
    """Put a dump in the place of everything in the database, in one transaction: all of it or nothing.

    The SQL goes to `scratch` first: a dump that breaks off halfway is found out before anything is touched.
    """
    try:
        _script(path, scratch)
        drop = "; ".join(f'DROP TABLE IF EXISTS "{table}" CASCADE' for table in tables_in(url))  # also newer ones
        one = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
        _run("psql", url, *one, *([f"--command={drop}"] if drop else []), f"--file={scratch}")
    finally:
        scratch.unlink(missing_ok=True)


def _script(path: Path, scratch: Path) -> None:
    _run("pg_restore", "", "--no-owner", "--no-privileges", "--clean", "--if-exists", f"--file={scratch}", str(path))


def tables_in(url: str) -> list[str]:
    """Every table of the database, also the queue's."""
    with connect(url) as connection:
        rows = connection.execute(TABLES).fetchall()
    return [str(name) for (name,) in rows]


def end_others(url: str) -> None:
    """Close every other connection to this database: workers connect again by themselves."""
    with connect(url) as connection:
        connection.execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
            "WHERE datname = current_database() AND pid <> pg_backend_pid() AND usename = current_user"
        )


def sibling(url: str, database: str) -> str:
    """The address of another database of the same server."""
    parts = urlsplit(url)
    return urlunsplit(parts._replace(path=f"/{database}"))
