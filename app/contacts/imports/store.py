"""The database as an import sees it: plain SQL over one connection of the child process, on SQLite or PostgreSQL."""

import sqlite3
from collections.abc import Iterable, Sequence
from itertools import chain
from typing import Any

from app.frame.db import now_utc
from app.frame.instant import from_micros, to_micros

NUMBER_LOCK = 7_205_402
TOGETHER = 100  # rows of one INSERT: each statement pays for a savepoint, since a trigger may write too
TURNS = 4  # of writing between checkpoints: some 30 MB of journal
LAST_ID = (  # ever given, where the table keeps count; what was deleted leaves its number to nobody
    "SELECT max((SELECT coalesce(max(id), 0) FROM {table}), "
    "(SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = '{table}'))"
)
NOTHING: dict[str, Any] = {}
Rows = list[tuple[Any, ...]]


class Store:
    """One connection. SQL is written with `?`; PostgreSQL gets `%s`. Instants travel as the dialect keeps them."""

    def __init__(self, url: str, *, checks_keys: bool = True) -> None:
        """`checks_keys`: SQLite looks up what each row refers to. Not needed by who read that in the same transaction,
        and half the price of an address."""
        self.is_sqlite = url.startswith("sqlite")
        self.connection: Any = _sqlite(url, checks_keys) if self.is_sqlite else _postgresql(url)
        self.turns = 0

    def sql(self, text: str) -> str:
        return text if self.is_sqlite else text.replace("?", "%s")

    def begin(self) -> None:
        """Start writing: SQLite waits for nobody (the gate is held), PostgreSQL keeps other number givers out."""
        if self.is_sqlite:
            self.connection.execute("BEGIN IMMEDIATE")
        else:
            self.connection.execute(f"SELECT pg_advisory_xact_lock({NUMBER_LOCK})")

    def commit(self) -> None:
        self.connection.execute("COMMIT") if self.is_sqlite else self.connection.commit()

    def turn_ended(self) -> None:
        """To be called outside the gate: what was written goes from the journal into the file while others may write.

        A commit that does this by itself would keep them waiting for the disk.
        """
        self.turns += 1
        if self.turns % TURNS == 0:
            self._checkpoint()

    def _checkpoint(self) -> None:
        if self.is_sqlite:
            self.connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchall()

    def rollback(self) -> None:
        if not self.is_sqlite:
            self.connection.rollback()
        elif self.connection.in_transaction:
            self.connection.execute("ROLLBACK")

    def rows(self, text: str, values: Sequence[Any] = ()) -> Rows:
        return list(self.connection.execute(self.sql(text), tuple(values)).fetchall())

    def one(self, text: str, values: Sequence[Any] = ()) -> tuple[Any, ...] | None:
        return self.connection.execute(self.sql(text), tuple(values)).fetchone()

    def run(self, text: str, values: Sequence[Any] = ()) -> None:
        self.connection.execute(self.sql(text), tuple(values))

    def many(self, text: str, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        if self.is_sqlite:
            self.connection.executemany(text, rows)
        else:
            with self.connection.cursor() as cursor:
                cursor.executemany(self.sql(text), rows)

    def insert(
        self, table: str, columns: Sequence[str], rows: Sequence[tuple[Any, ...]], same: dict[str, Any] = NOTHING
    ) -> None:
        """New rows that conflict with nothing, in bulk. `same` are the columns in which all of them agree."""
        if not rows:
            return
        into, alike = f"{table} ({', '.join((*same, *columns))})", tuple(same.values())
        if self.is_sqlite:
            self._insert_together(into, alike, rows)
            return
        with self.connection.cursor().copy(f"COPY {into} FROM STDIN") as copy:
            for row in rows:
                copy.write_row(alike + row)

    def _insert_together(self, into: str, alike: tuple[Any, ...], rows: Sequence[tuple[Any, ...]]) -> None:
        """What is alike is handed over once for each statement: its places have numbers, the others count on.

        Who inserts ends the transaction when something is wrong. So SQLite may do it (OR ROLLBACK), and need not keep
        what it takes to undo the statement alone.
        """
        whole = len(rows) - len(rows) % TOGETHER
        places = [f"?{at}" for at in range(1, len(alike) + 1)] + ["?"] * len(rows[0])
        one, head = f"({', '.join(places)})", f"INSERT OR ROLLBACK INTO {into} VALUES "  # noqa: S608 - our names
        groups = (alike + tuple(chain.from_iterable(rows[at : at + TOGETHER])) for at in range(0, whole, TOGETHER))
        self.connection.executemany(head + ", ".join([one] * TOGETHER), groups)
        self.connection.executemany(head + one, [alike + row for row in rows[whole:]])

    def among(self, text: str, column: str, values: Iterable[Any], size: int = 500) -> Rows:
        """Rows where `column` is one of many values; `text` ends where a condition may follow (WHERE ... AND)."""
        wanted, found = list(values), []
        for start in range(0, len(wanted), size):
            some = wanted[start : start + size]
            found += self.rows(f"{text} {column} IN ({', '.join('?' * len(some))})", some)
        return found

    def now(self) -> Any:
        """The current instant as a column wants it."""
        return self.instant(now_utc())

    def instant(self, at: Any) -> Any:
        return to_micros(at) if self.is_sqlite else at

    def moment(self, stored: Any) -> Any:
        return from_micros(stored) if isinstance(stored, int) else stored

    def ids(self, table: str, count: int) -> range | list[int]:
        """Ids for new rows, taken inside the writing transaction."""
        if not count:
            return []
        if self.is_sqlite:
            first = (self.one(LAST_ID.format(table=table)) or (0,))[0] + 1
            return range(first, first + count)
        sequence = f"nextval(pg_get_serial_sequence('{table}', 'id'))"
        query = f"SELECT {sequence} FROM generate_series(1, ?)"  # noqa: S608 - our own name
        return [row[0] for row in self.rows(query, (count,))]

    def close(self) -> None:
        self.rollback()
        if self.turns % TURNS:
            self._checkpoint()
        self.connection.close()


def _sqlite(url: str, checks_keys: bool) -> sqlite3.Connection:
    connection = sqlite3.connect(url.removeprefix("sqlite+aiosqlite:///"), isolation_level=None, timeout=10)
    for pragma in (
        "synchronous=NORMAL",
        f"foreign_keys={'ON' if checks_keys else 'OFF'}",
        "cache_size=-65536",
        "temp_store=MEMORY",
        "wal_autocheckpoint=0",
    ):
        connection.execute(f"PRAGMA {pragma}")
    return connection


def _postgresql(url: str) -> Any:
    import psycopg
    from psycopg.types.json import set_json_loads

    connection = psycopg.connect(url.replace("+asyncpg", "").replace("+psycopg", ""))
    set_json_loads(_as_text, connection)  # JSON stays text, as SQLite gives it
    return connection


def _as_text(data: str | bytes) -> str:
    return data if isinstance(data, str) else bytes(data).decode()
