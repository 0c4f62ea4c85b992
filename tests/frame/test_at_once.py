"""Short reads run on the thread that asks; a long one is stopped there and done in a thread."""

import sqlite3
import threading
from pathlib import Path

import pytest
from sqlalchemy import literal_column, select, text

from app.frame.at_once import AtOnce, TooLong
from app.frame.db import Database
from app.frame.reader import LONG, Prepared

SHORT = "SELECT value FROM numbers WHERE value < 3"
LONG_SQL = "SELECT count(*) FROM numbers a, numbers b WHERE a.value + b.value = 1"


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "numbers.db"
    with sqlite3.connect(path) as connection:
        connection.execute("CREATE TABLE numbers (value INTEGER PRIMARY KEY)")
        connection.executemany("INSERT INTO numbers VALUES (?)", [(n,) for n in range(1000)])
    return path


def test_it_works(file: Path):
    at_once = AtOnce(sqlite3.connect(file, isolation_level=None))
    assert at_once.fetch(SHORT, {}) == [(0,), (1,), (2,)]


def test_a_long_read_is_stopped(file: Path):
    with pytest.raises(TooLong):
        AtOnce(sqlite3.connect(file, isolation_level=None)).fetch(LONG_SQL, {})


def test_many_short_reads_of_one_statement_are_never_taken_for_a_long_one(file: Path):
    at_once = AtOnce(sqlite3.connect(file, isolation_level=None))
    for _ in range(5000):
        assert len(at_once.fetch(SHORT, {})) == 3


def test_other_errors_are_not_hidden(file: Path):
    with pytest.raises(sqlite3.OperationalError):
        AtOnce(sqlite3.connect(file, isolation_level=None)).fetch("SELECT nothing FROM nowhere", {})


async def test_a_long_read_is_answered_all_the_same_and_soon_goes_to_a_thread_at_once(file: Path):
    database = Database(f"sqlite+aiosqlite:///{file}")
    where: list[str] = []

    def noted(value: int) -> int:
        where.append(threading.current_thread().name)
        return value

    pairs = select(literal_column("count(*)")).select_from(text("numbers a, numbers b"))
    whole = pairs.where(text("a.value + b.value = 1"))
    long, short = Prepared(lambda: whole, noted), Prepared(lambda: select(literal_column("1")), noted)
    assert await database.reader.fetch(short) == [1]
    for _ in range(LONG):
        assert await database.reader.fetch(long) == [2]
    assert not long.short
    assert where[0] == threading.current_thread().name
    assert all(name.startswith("reader") for name in where[1:])
    await database.close()
