"""An office moves to the other database and back, and is the same."""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from sqlalchemy import JSON, create_engine, insert, select, text

from app.frame import audit
from app.frame.db import Base, Database, now_utc
from app.frame.instant import InstantType
from app.frame.profile import OfficeValue, save_values
from app.frame.settings import Settings
from app.main import make_office
from app.system import moving, turns
from app.system.commands.move import move_database
from app.system.moving import MoveRefused
from tests.beds.cluster import Cluster
from tests.world import make_world

KILLED = """
import os, signal, sys
from pathlib import Path
from app.frame.settings import Settings
from app.main import make_office
from app.system import moving
settings = Settings(data=Path(sys.argv[1]), secret="x" * 40)
make_office(settings)
def tell(table, rows):
    if table == "person":
        os.kill(os.getpid(), signal.SIGKILL)
moving.move(settings, sys.argv[2], tell)
"""


def quiet(_table: str, _rows: int) -> None:
    return


@pytest.fixture
async def full(settings: Settings) -> Settings:
    """An office with people, a chained audit, and the values that are hard to carry."""
    office = make_office(settings)
    office.database.after_commit.clear()
    await make_world(office)
    async with office.database.unit() as db:
        await save_values(db, signature="Señora Núñez «☕»", share=0.1, nothing=None)
        db.add(OfficeValue(name="null", value=JSON.NULL, changed_at=now_utc()))
    await office.database.close()
    return settings


def everything(url: str) -> dict[str, list[Any]]:
    """All rows of all tables; JSON as its text, so that a null and nothing differ."""
    engine = create_engine(url)
    with engine.connect() as connection:
        found = {}
        for table in Base.metadata.sorted_tables:
            columns = [c for c in table.columns if c.computed is None]
            found[table.name] = [tuple(row) for row in connection.execute(moving._reading(table, columns))]
    engine.dispose()
    return found


def sync(settings: Settings) -> str:
    return f"sqlite:///{settings.database_file}"


@pytest.fixture
def empty(postgres: Cluster, tmp_path: Path) -> str:
    """The name of an empty database."""
    name = f"move_{abs(hash(str(tmp_path)))}"
    postgres.create(name)
    return name


@pytest.mark.sqlite_only
@pytest.mark.postgresql
def test_it_works(full: Settings, postgres: Cluster, empty: str, tmp_path: Path) -> None:
    there = postgres.url(empty, "psycopg")
    rows = moving.move(full, postgres.url(empty), quiet)
    assert rows["person"] == 5
    assert rows["audit"] > 5
    assert everything(there) == everything(sync(full))
    back = tmp_path / "back.db"
    away = Settings(data=full.data, database_url=postgres.url(empty), secret="x")
    assert moving.move(away, f"sqlite:///{back}", quiet) == rows
    assert everything(f"sqlite:///{back}") == everything(there)


@pytest.mark.sqlite_only
@pytest.mark.postgresql
async def test_the_moved_office_goes_on_with_fresh_ids_and_the_same_chain(
    full: Settings, postgres: Cluster, empty: str
) -> None:
    moving_rows = await in_thread(moving.move, full, postgres.url(empty), quiet)
    database = Database(postgres.url(empty))
    database.before_commit.append(audit.write_chain)
    async with database.unit() as db:
        await save_values(db, name="En PostgreSQL")
    async with database.unit(write=False) as db:
        assert await audit.verify(db) is None
        assert len((await db.scalars(select(audit.AuditEntry.id))).all()) == moving_rows["audit"] + 1
    await database.close()


async def in_thread(work: Any, *given: Any) -> Any:
    import asyncio

    return await asyncio.to_thread(work, *given)


@pytest.mark.sqlite_only
@pytest.mark.postgresql
def test_a_target_with_an_office_in_it_is_refused(full: Settings, postgres: Cluster, empty: str) -> None:
    moving.move(full, postgres.url(empty), quiet)
    with pytest.raises(MoveRefused, match="ya tiene una oficina"):
        moving.move(full, postgres.url(empty), quiet)


@pytest.mark.sqlite_only
@pytest.mark.postgresql
def test_kill_9_in_the_middle_leaves_the_target_empty_and_the_move_can_be_made(
    full: Settings, postgres: Cluster, empty: str
) -> None:
    command = [sys.executable, "-c", KILLED, str(full.data), postgres.url(empty)]
    killed = subprocess.run(command, check=False, env=os.environ)
    assert killed.returncode == -signal.SIGKILL
    with postgres.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)
    assert moving.move(full, postgres.url(empty), quiet)["person"] == 5


@pytest.mark.sqlite_only
@pytest.mark.postgresql
def test_what_the_other_database_cannot_hold_is_named_and_nothing_is_left_there(
    full: Settings, postgres: Cluster, empty: str
) -> None:
    engine = create_engine(sync(full))
    with engine.begin() as connection:
        long = {"name": "x" * 200, "value": json.dumps(1), "changed_at": now_utc()}
        connection.execute(insert(OfficeValue), [long])
    engine.dispose()
    with pytest.raises(MoveRefused, match="office_value"):
        moving.move(full, postgres.url(empty), quiet)
    with postgres.connect(empty) as connection:
        assert connection.execute("SELECT count(*) FROM person").fetchone() == (0,)


@pytest.mark.sqlite_only
def test_a_forged_audit_is_not_carried_over(full: Settings, tmp_path: Path) -> None:
    engine = create_engine(sync(full))
    with engine.begin() as connection:
        connection.execute(text("UPDATE audit SET who = 'Nadie' WHERE id = 3"))
    engine.dispose()
    with pytest.raises(MoveRefused, match="línea 3"):
        moving.move(full, f"sqlite:///{tmp_path / 'other.db'}", quiet)


@pytest.mark.sqlite_only
def test_search_finds_what_came_in_bulk(full: Settings, tmp_path: Path) -> None:
    """The triggers leave bulk rows to whoever brought them; a move has to draw the index itself."""
    engine = create_engine(sync(full))
    contact = Base.metadata.tables["contact"]
    with engine.begin() as connection:
        status = connection.scalar(select(Base.metadata.tables["contact_status"].c.id).limit(1))
        given = {c.name: _filler(c, status) for c in contact.columns if not c.nullable and c.name != "id"}
        connection.execute(insert(contact), [given | {"bulk": True, "search": "quesada alfaro"}])
    engine.dispose()
    target = tmp_path / "other.db"
    moving.move(full, f"sqlite:///{target}", quiet)
    engine = create_engine(f"sqlite:///{target}")
    with engine.connect() as connection:
        for index in ("contact_fragment", "contact_word"):
            found = connection.exec_driver_sql(f"SELECT count(*) FROM {index} WHERE {index} MATCH 'que*'").scalar()
            assert found == 1
    engine.dispose()


def _filler(column: Any, status: int | None) -> Any:
    if column.name == "status_id":
        return status
    if isinstance(column.type, JSON):
        return {}
    return now_utc() if isinstance(column.type, InstantType) else column.type.python_type()


@pytest.mark.sqlite_only
@pytest.mark.parametrize("url", ["mysql://x/y", "centralita.db", ""])
def test_an_address_of_something_else_is_refused(settings: Settings, url: str) -> None:
    with pytest.raises(MoveRefused, match="postgresql://"):
        moving.target_of(settings, url)


@pytest.mark.sqlite_only
def test_the_command_refuses_while_the_office_is_open(
    full: Settings, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("CENTRALITA_DATA", str(full.data))
    target = f"sqlite:///{tmp_path / 'other.db'}"
    with turns.shared(full.data):
        said = CliRunner().invoke(move_database, ["--to", target])
    assert said.exit_code == 1
    assert "está abierta" in said.output
    done = CliRunner().invoke(move_database, ["--to", target])
    assert done.exit_code == 0, done.output
    assert "person: 5" in done.output
    assert f"CENTRALITA_DATABASE_URL={target}" in done.output
