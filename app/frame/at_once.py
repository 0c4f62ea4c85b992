"""A SQLite connection for reads so short that a thread would cost more than they do. The work is bounded."""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STEPS = 10_000  # virtual machine instructions: some 0.3 ms; a page of fifty rows takes a third of that


class TooLong(Exception):
    """The read was stopped within twice its steps: it belongs in a thread."""


class AtOnce:
    """Reads on the thread that asks. SQLite calls the guard each `steps` instructions, usually never."""

    def __init__(self, connection: sqlite3.Connection, steps: int = STEPS) -> None:
        self.connection = connection
        self._calls = 0
        connection.execute("SELECT count(*) FROM sqlite_schema").fetchone()  # reading the schema takes many steps
        connection.set_progress_handler(self._guard, steps)

    def _guard(self) -> bool:
        """SQLite counts on from the statement's last run, so only a second call means that this one took its steps."""
        self._calls += 1
        return self._calls > 1

    def fetch(self, sql: str, parameters: dict[str, Any]) -> list[tuple[Any, ...]]:
        """All rows. Raises TooLong."""
        self._calls = 0
        try:
            return self.connection.execute(sql, parameters).fetchall()
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
                raise TooLong from error
            raise


@contextmanager
def bounded(connection: sqlite3.Connection) -> Iterator[None]:
    """The same bound around a read on somebody else's connection, taken off again. Raises TooLong."""
    calls = iter((False,))
    connection.set_progress_handler(lambda: next(calls, True), STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if error.sqlite_errorcode == sqlite3.SQLITE_INTERRUPT:
            raise TooLong from error
        raise
    finally:
        connection.set_progress_handler(None, 0)
