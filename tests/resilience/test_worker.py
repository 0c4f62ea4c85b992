"""`centralita worker`: one more process that does what waits, for an office that outgrew one."""

import asyncio
import sys
from pathlib import Path

import pytest

from app.contacts.exports.models import Export
from app.contacts.exports.service import open_export
from app.contacts.service import ContactIn, create_contact
from app.frame.actor import Actor
from app.frame.db import Database
from tests.beds.servers import ROOT, LiveServer
from tests.resilience.offices import PASSWORD

WHO = ("--email", "irene@irazu.example", "--name", "Irene Campos", "--role", "it", "--password-stdin")
IRENE = Actor(user_id=1, name="Irene Campos", role="it", everything=True, via="session")


async def ended(database: Database, export_id: int) -> str:
    for _ in range(600):
        async with database.unit(write=False) as db:
            export = await db.get_one(Export, export_id)
        if not export.is_busy:
            return export.state
        await asyncio.sleep(0.05)
    return export.state


@pytest.mark.slow
@pytest.mark.postgresql
@pytest.mark.parametrize("dialect", ["postgresql"])
async def test_it_works(database: Database, database_url: str, tmp_path: Path) -> None:
    """No office is open: what the rows say is still to do is found and done by the worker alone, through the other
    driver than the tests use elsewhere."""
    assert "+asyncpg" in database_url
    office = LiveServer(tmp_path / "data", CENTRALITA_DATABASE_URL=database_url.replace("+asyncpg", "+psycopg"))
    made = await asyncio.to_thread(office.command, "admin", "create", *WHO, typed=PASSWORD)
    assert made.returncode == 0, made.stderr
    async with database.unit(actor=IRENE) as db:
        await create_contact(db, ContactIn(name="Marvin"))
        export = await open_export(db, "csv")
    worker = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "app", "worker", cwd=ROOT, env=office.environ, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert await ended(database, export.id) == "done"
    finally:
        worker.terminate()
        said, _errors = await asyncio.wait_for(worker.communicate(), 15)
    assert "trabajador en marcha" in said.decode()
    assert worker.returncode == 0
    files = await asyncio.to_thread(lambda: list((office.data / "exports").glob("*.csv")))
    assert len(files) == 1
    assert "Marvin" in files[0].read_text("utf-8-sig")


@pytest.mark.slow
@pytest.mark.sqlite_only
def test_on_sqlite_it_says_why_not(tmp_path: Path) -> None:
    said = LiveServer(tmp_path / "data").command("worker")
    assert said.returncode == 1
    assert "necesita PostgreSQL" in said.stderr
