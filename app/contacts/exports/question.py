"""A filtered list as SQL for the child process: the same conditions as on the screen, all rows, no page."""

from collections.abc import Iterator
from contextlib import closing
from typing import Any

import msgspec
from sqlalchemy.dialects.postgresql import psycopg as psycopg_dialect

from app.contacts.filters import Filters
from app.contacts.listing import Lister
from app.frame.actor import WIDTH, Actor
from app.frame.db import Database

EVERYTHING = 2**31 - 1
BLOCK_ROWS = 2_500
DIALECT = psycopg_dialect.dialect()


class Question(msgspec.Struct):
    """SQL text and its values for the driver of `database`; its columns are `fields`."""

    database: str
    fields: tuple[str, ...]
    sql: str
    values: dict[str, Any]


def narrowed(actor: Actor) -> Actor:
    """Who may see more than they may take out sees, for an export, only what they may take out."""
    if actor.everything:
        return actor
    scopes = [actor.scope(permission) for permission in ("contacts.view", "contacts.export")]
    least = min((s for s in scopes if s), key=WIDTH.__getitem__) if all(scopes) else None
    grants = {"contacts.view": least} if least else {}
    return Actor(user_id=actor.user_id, name=actor.name, role=actor.role, team_ids=actor.team_ids, grants=grants)


def lister_of(database: Database, actor: Actor, filters: Filters, timezone: str) -> Lister:
    """The list behind an export. A search in another order than newest first would stop at its newest thousand."""
    whole = msgspec.structs.replace(filters, sort="") if filters.q else filters
    return Lister(database, narrowed(actor), whole, timezone, wide=True)


def question(lister: Lister, fields: tuple[str, ...]) -> Question:
    """What the child has to ask."""
    found, values = lister.whole(fields), lister.values | {"limit": EVERYTHING}
    if lister.database.dialect == "sqlite":
        return Question(lister.database.url, fields, found.compiled.sql, found.compiled.parameters(values))
    compiled: Any = found.statement.compile(dialect=DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    convert = compiled._bind_processors  # the compiled object's own, as in the frame's reader
    given = compiled.construct_params(values)
    bound = {name: convert[name](value) if name in convert else value for name, value in given.items()}
    return Question(lister.database.url, fields, compiled.string, bound)


def answers(asked: Question) -> Iterator[list[tuple[Any, ...]]]:
    """The rows, a block at a time. Runs in the child."""
    return _sqlite(asked) if asked.database.startswith("sqlite") else _postgresql(asked)


def _blocks(cursor: Any) -> Iterator[list[tuple[Any, ...]]]:
    while block := cursor.fetchmany(BLOCK_ROWS):
        yield block


def _sqlite(asked: Question) -> Iterator[list[tuple[Any, ...]]]:
    import sqlite3

    with closing(sqlite3.connect(asked.database.removeprefix("sqlite+aiosqlite:///"), timeout=10)) as connection:
        connection.execute("PRAGMA query_only=ON")
        connection.execute("PRAGMA temp_store=FILE")
        yield from _blocks(connection.execute(asked.sql, asked.values))


def _postgresql(asked: Question) -> Iterator[list[tuple[Any, ...]]]:
    import psycopg

    address = asked.database.replace("+asyncpg", "").replace("+psycopg", "")
    with psycopg.connect(address) as connection, connection.cursor(name="export") as cursor:
        cursor.execute(asked.sql, asked.values)
        yield from _blocks(cursor)
