"""An erased contact leaves its number to nobody: bookmarks, audit lines and ETags keep meaning whom they meant."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from alembic import command
from sqlalchemy import Connection, create_engine, text

from app.contacts.bin import delete_contact
from app.contacts.erasing import erase_person
from app.contacts.imports.store import Store
from app.contacts.searched import spoken
from app.frame.migrate import alembic_config, migrate
from app.frame.settings import Settings
from tests.contacts.desk import Desk

STATUS = (
    "INSERT INTO contact_status (id, code, title, priority, kind, protected, automatic, active) "
    "VALUES (1, 'NUEVO', 'Nuevo', 1, '', FALSE, FALSE, TRUE)"
)
CONTACT = (
    "INSERT INTO contact (id, is_company, name, company, status_id, notes, tags, country, custom, provenance, phone, "
    "email, blocked, bulk, name_key, search, version, created_at, updated_at, seen_at) VALUES "
    "({id}, FALSE, 'Ana', '', 1, 'fijo 2260-4418', '[]', '', '{{\"cedula\": \"1-0234-0567\"}}', 'manual', "
    "'+50688123456', '', FALSE, {bulk}, 'ana', 'ana 50688123456 1-0234-0567 fijo 2260-4418', 3, {at}, {at}, {at})"
)
ADDRESS = (
    "INSERT INTO contact_address "
    "(contact_id, channel, external_id, match, label, operator, position, live, created_at) "
    "VALUES (7, 'phone', '+50688123456', 'tel:+50688123456', '', '', 0, TRUE, {at})"
)


async def test_it_works(desk: Desk) -> None:
    first = await desk.plant("Ana Mora", "8812 3456")
    async with desk.unit() as db:
        await delete_contact(db, first)
        await erase_person(db, first, "solicitud")
    assert await desk.plant("Beto Rojas", "8812 3457") > first


@pytest.mark.sqlite_only
async def test_an_import_goes_on_counting_too(desk: Desk) -> None:
    first = await desk.plant("Ana Mora", "8812 3456")
    async with desk.unit() as db:
        await erase_person(db, first, "solicitud")
    store = Store(desk.database.url)
    assert list(store.ids("contact", 2)) == [first + 1, first + 2]
    store.close()


@pytest.fixture
def older(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Connection]:
    """An office as the version before left it, with one contact and an audit that knows of a later one."""
    settings, url = Settings(data=tmp_path, secret="x"), f"sqlite:///{tmp_path / 'centralita.db'}"
    if dialect == "postgresql":
        cluster = request.getfixturevalue("postgres")
        cluster.create("numbered_once")
        settings = Settings(data=tmp_path, database_url=cluster.url("numbered_once"), secret="x")
        url = cluster.url("numbered_once", "psycopg")
    migrate(settings, "0005")
    engine = create_engine(url)
    with engine.connect() as connection:
        at = "0" if dialect == "sqlite" else "now()"
        bulk = "TRUE" if dialect == "sqlite" else "FALSE"
        connection.exec_driver_sql("DELETE FROM contact_status")
        for statement in (STATUS, CONTACT.format(id=7, at=at, bulk=bulk), ADDRESS.format(at=at)):
            connection.exec_driver_sql(statement)
        connection.commit()
        yield connection
    engine.dispose()


def upgrade(connection: Connection, to: str = "head") -> None:
    command.upgrade(alembic_config(connection), to)


def the_row(connection: Connection) -> dict[str, Any]:
    return dict(connection.execute(text("SELECT * FROM contact WHERE id = 7")).mappings().one())


def test_an_older_office_finds_its_numbers_and_keeps_all_else(older: Connection) -> None:
    before = the_row(older)
    upgrade(older)
    after = the_row(older)
    assert after.pop("search") == before.pop("search") + " 88123456 22604418 102340567"
    assert after == before
    assert older.execute(text("SELECT contact_id FROM contact_address")).scalars().all() == [7]


@pytest.mark.sqlite_only
def test_an_older_office_keeps_its_indexes_and_triggers_and_counts_on(older: Connection) -> None:
    query = "SELECT type, name, sql FROM sqlite_master WHERE tbl_name = 'contact' AND type <> 'table' ORDER BY name"
    before = older.exec_driver_sql(query).all()
    upgrade(older)
    assert older.exec_driver_sql(query).all() == before
    assert older.exec_driver_sql("PRAGMA foreign_key_check").all() == []
    for table in ("contact_fragment", "contact_word"):
        assert older.exec_driver_sql(f"SELECT rowid FROM {table} WHERE {table} MATCH '881*'").scalars().all() == [7]
    older.exec_driver_sql("DELETE FROM contact")
    older.exec_driver_sql(CONTACT.replace("{id}", "NULL").format(at="0", bulk="FALSE"))
    assert older.exec_driver_sql("SELECT id FROM contact").scalars().all() == [8]


def test_a_number_is_spoken_whole_and_as_it_is_dialled_at_home() -> None:
    said = {"+50688123456": "50688123456 88123456", "+15551234567": "15551234567 5551234567", "ana@x.cr": "ana@x.cr",
            "+525512345678": "525512345678 5512345678", "+999": "999", "+": ""}  # fmt: skip
    assert {number: spoken(number) for number in said} == said
