"""Carry an office from SQLite to PostgreSQL or back: every row with its id, in one transaction, counted twice."""

from collections.abc import Callable
from typing import Any

import msgspec
from sqlalchemy import (
    JSON,
    Column,
    Connection,
    Engine,
    Select,
    Table,
    Text,
    cast,
    column,
    delete,
    func,
    insert,
    inspect,
    select,
    table,
    text,
)  # fmt: skip
from sqlalchemy.exc import DBAPIError
from sqlalchemy.types import NullType

from app.frame import audit
from app.frame.db import Base
from app.frame.i18n import _
from app.frame.migrate import current, head, migrate
from app.frame.refused import Refused
from app.frame.settings import Settings
from app.system.present import engine_of

CHUNK = 1000
Tell = Callable[[str, int], None]


class MoveRefused(Refused):
    """The office cannot be carried there; nothing was changed on either side."""


def target_of(settings: Settings, url: str) -> Settings:
    """Settings of the office at the other address. Raises MoveRefused for an address that is none or the same."""
    url = url.replace("sqlite:///", "sqlite+aiosqlite:///")
    if not url.startswith(("sqlite+aiosqlite:///", "postgresql://", "postgresql+asyncpg://", "postgresql+psycopg://")):
        raise MoveRefused(_("Escriba una dirección postgresql://… o sqlite:///…"), "to")
    if url == settings.database:
        raise MoveRefused(_("La oficina ya está en esa base de datos."), "to")
    return msgspec.structs.replace(settings, database_url=url)


def move(settings: Settings, url: str, tell: Tell) -> dict[str, int]:
    """Copy everything to an empty database. Returns rows by table. The source is only read.

    Raises MoveRefused; the target is then as empty as it was.
    """
    target = target_of(settings, url)
    if current(settings) != head():
        raise MoveRefused(_("La base de datos no está al día. Antes use: centralita migrate"))
    with engine_of(settings) as here, engine_of(target) as there:
        _must_be_empty(there)
        migrate(target)
        with here.connect() as source, there.begin() as copy:
            _hold_still(source)
            return _all(source, copy, tell)


def _tables() -> list[Table]:
    return list(Base.metadata.sorted_tables)


def _must_be_empty(engine: Engine) -> None:
    try:
        with engine.connect() as there:
            known = set(inspect(there).get_table_names())
            full = [t.name for t in _tables() if t.name in known and _count(there, t)]
    except DBAPIError as error:
        raise MoveRefused(_("No se puede abrir la base de datos de destino: %(why)s", why=_short(error))) from error
    if full:
        raise MoveRefused(_("El destino ya tiene una oficina (%(table)s tiene filas). Elija uno vacío.", table=full[0]))


def _short(error: DBAPIError) -> str:
    return str(error.orig).strip().splitlines()[0][:200]


def _count(connection: Connection, of: Table) -> int:
    return int(connection.scalar(select(func.count()).select_from(of)) or 0)


def _hold_still(source: Connection) -> None:
    """One instant of the source, should somebody write it after all."""
    if source.dialect.name == "postgresql":
        source.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ"))


def _all(source: Connection, copy: Connection, tell: Tell) -> dict[str, int]:
    for of in reversed(_tables()):
        copy.execute(delete(of))  # what the migrations themselves put into a new database
    rows: dict[str, int] = {}
    for of in _tables():
        rows[of.name] = _copy(source, copy, of)
        tell(of.name, rows[of.name])
    _after(copy)
    _compare(source, copy)
    return rows


def _copy(source: Connection, copy: Connection, of: Table) -> int:
    columns = [c for c in of.columns if c.computed is None]
    there = insert(table(of.name, *(column(c.name, NullType() if _is_json(c) else c.type) for c in columns)))
    found = source.execution_options(stream_results=True, yield_per=CHUNK).execute(_reading(of, columns))
    count = 0
    try:
        for rows in found.mappings().partitions(CHUNK):
            copy.execute(there, [dict(row) for row in rows])
            count += len(rows)
    except DBAPIError as error:
        why = {"table": of.name, "why": _short(error)}
        raise MoveRefused(_("La tabla %(table)s no se pudo copiar: %(why)s", **why)) from error
    return count


def _reading(of: Table, columns: list[Column[Any]]) -> Select[Any]:
    """JSON travels as its text: decoded, a missing value and a JSON null would look the same."""
    wanted = [cast(c, Text).label(c.name) if _is_json(c) else c for c in columns]
    return select(*wanted).order_by(*of.primary_key.columns)


def _is_json(one: Column[Any]) -> bool:
    return isinstance(one.type, JSON)


def _after(copy: Connection) -> None:
    if copy.dialect.name == "postgresql":
        for of in _tables():
            _set_sequence(copy, of)
    else:
        _fill_search(copy)


def _set_sequence(copy: Connection, of: Table) -> None:
    """The next id comes after the last one that was carried over."""
    own = of.autoincrement_column
    if own is None or not (last := copy.scalar(select(func.max(own)))):
        return
    sequence = copy.scalar(select(func.pg_get_serial_sequence(of.name, own.name)))
    if sequence:
        copy.execute(select(func.setval(sequence, last)))


def _fill_search(copy: Connection) -> None:
    """Search tables of SQLite are drawn from the rows; the triggers leave out what came in bulk."""
    names = copy.scalars(
        text("SELECT name FROM sqlite_master WHERE sql LIKE 'CREATE VIRTUAL TABLE%fts5%content=%'")
    ).all()
    for name in names:
        copy.exec_driver_sql(f'INSERT INTO "{name}"("{name}") VALUES (\'rebuild\')')  # noqa: S608


def _compare(source: Connection, copy: Connection) -> None:
    for of in _tables():
        if (here := _count(source, of)) != (there := _count(copy, of)):
            counts = {"table": of.name, "here": here, "there": there}
            raise MoveRefused(_("La tabla %(table)s tiene %(here)s filas aquí y %(there)s allá.", **counts))
    if broken := _broken_line(copy):
        raise MoveRefused(_("La auditoría no cuadra desde la línea %(line)s.", line=broken))


def _broken_line(copy: Connection) -> int | None:
    """First line of the audit that does not fit, read from where it was carried to."""
    previous = audit.START
    lines = select(*audit.AuditEntry.__table__.columns).order_by(audit.AuditEntry.id)
    for row in copy.execution_options(yield_per=CHUNK).execute(lines).mappings():
        entry = dict(row)
        if entry["previous"] != previous or entry["hash"] != audit.digest(entry, previous):
            return int(entry["id"])
        previous = entry["hash"]
    return None
