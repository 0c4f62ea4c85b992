"""The search index of an office that was opened by an earlier version is made anew, with everybody in it."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine

from app.contacts.search_index import SQLITE, TABLES
from app.frame.migrate import alembic_config, migrate
from app.frame.settings import Settings

BEFORE = "0004"
STATUS = (
    "INSERT INTO contact_status (id, code, title, priority, kind, protected, automatic, active) "
    "VALUES (1, 'NUEVO', 'Nuevo', 1, '', 0, 0, 1)"
)
CONTACT = (
    "INSERT INTO contact (id, is_company, name, company, status_id, notes, tags, country, custom, provenance, phone, "
    "email, blocked, bulk, name_key, search, version, created_at, updated_at, seen_at) VALUES "
    "(7, 0, 'Ana Quesada', '', 1, '', '[]', '', '{}', 'manual', '', '', 0, 0, 'ana quesada', 'ana quesada', 1, 0, 0, 0)"
)


@pytest.fixture
def connection(tmp_path: Path) -> Iterator[Connection]:
    """To an office as the version before left it, with one contact."""
    migrate(Settings(data=tmp_path, secret="a secret of the tests, long enough"))
    engine = create_engine(f"sqlite:///{tmp_path / 'centralita.db'}")
    with engine.connect() as connection:
        command.downgrade(alembic_config(connection), BEFORE)
        for statement in ("DELETE FROM contact_status", STATUS, CONTACT):
            connection.exec_driver_sql(statement)
        connection.commit()
        yield connection
    engine.dispose()


def found(connection: Connection, table: str, words: str) -> list[int]:
    query = f"SELECT rowid FROM {table} WHERE {table} MATCH ?"
    return list(connection.exec_driver_sql(query, (words,)).scalars())


def test_it_works(connection: Connection) -> None:
    assert found(connection, "contact_fragment", '"quesada"') == [7]
    command.upgrade(alembic_config(connection), "head")
    assert [found(connection, table, "que*") for table in TABLES] == [[7], [7]]
    assert [found(connection, table, "zzz*") for table in TABLES] == [[], []]


def test_what_the_migrations_make_is_what_the_models_say(connection: Connection) -> None:
    command.upgrade(alembic_config(connection), "head")
    made = connection.exec_driver_sql("SELECT sql FROM sqlite_master WHERE name LIKE 'contact_search%'").scalars()
    tables = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE name IN ('contact_fragment', 'contact_word')"
    ).scalars()
    assert {*made, *tables} == set(SQLITE)
