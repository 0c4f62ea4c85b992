"""What an import writes many rows at a time: nothing lost, nothing twice, everything found again."""

import asyncio
import contextlib
import shutil
import sqlite3
from pathlib import Path
from typing import Any

import msgspec
import pytest
from sqlalchemy import select, text, update

from app.contacts.blocks import block_address
from app.contacts.filters import Filters
from app.contacts.imports import settling, work
from app.contacts.imports.models import Import
from app.contacts.imports.store import TOGETHER
from app.contacts.listing import Lister
from app.contacts.models import Address, Contact
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from tests.contacts.desk import Desk

ROWS = 2 * TOGETHER + 7


class Quiet:
    """A parent that lends its writer at once and never says stop."""

    def __call__(self, data: dict[str, Any]) -> None:
        pass

    def check(self) -> None:
        pass

    def cancelled(self) -> bool:
        return False

    gate = staticmethod(contextlib.nullcontext)


def people(count: int = ROWS) -> str:
    rows = (f"6{100_000 + i:07d};Íñigo Peña {i};Taller Ñandú;persona{i}@correo.example;nota {i}" for i in range(count))
    return "Teléfono;Nombre;Empresa;Correo;Notas\n" + "\n".join(rows) + "\n"


async def planned(desk: Desk, tmp_path: Path, content: str, **already: Any) -> int:
    path = tmp_path / "base.csv"
    path.write_text(content, encoding="utf-8")
    async with desk.unit() as db:
        found = Import(
            filename="base.csv", path=str(path), size_bytes=1, state="running", created_at=now_utc(), header_row=1
        )
        db.add(found)
        await db.flush()
        await db.execute(update(Import).where(Import.id == found.id).values(**already) if already else select(1))
        return found.id


async def run(desk: Desk, import_id: int) -> dict[str, Any]:
    async with desk.unit(write=False) as db:
        found = await db.get_one(Import, import_id)
        task = work.Task(import_id=found.id, database=desk.database.url, path=found.path, filename=found.filename)
    return await asyncio.to_thread(work.run, msgspec.to_builtins(task), Quiet())  # type: ignore[arg-type]


async def listed(desk: Desk, q: str) -> list[str]:
    lister = Lister(desk.database, SYSTEM, Filters(q=q, sort="name"), "America/Costa_Rica")
    return [row.name for row in (await lister.page()).rows]


async def test_it_works(desk: Desk, tmp_path: Path) -> None:
    made = await run(desk, await planned(desk, tmp_path, people()))
    assert made["counts"]["created"] == ROWS
    async with desk.unit(write=False) as db:
        contacts = list(await db.scalars(select(Contact).order_by(Contact.id)))
        addresses = list(await db.scalars(select(Address).order_by(Address.contact_id, Address.position)))
    assert [(c.name, c.phone, c.email, c.notes) for c in contacts] == [
        (f"Íñigo Peña {i}", f"+5066{100_000 + i:07d}", f"persona{i}@correo.example", f"nota {i}") for i in range(ROWS)
    ]
    assert [(a.contact_id, a.channel) for a in addresses] == [(c.id, w) for c in contacts for w in ("phone", "email")]


async def test_what_came_in_is_found_whatever_its_accents(desk: Desk, tmp_path: Path) -> None:
    await run(desk, await planned(desk, tmp_path, people()))
    last = f"Íñigo Peña {ROWS - 1}"
    assert await listed(desk, f"inigo persona{ROWS - 1}") == [last]
    assert await listed(desk, f"6{100_000 + ROWS - 1:07d}") == [last]


async def test_it_goes_on_in_the_middle_of_a_chunk(desk: Desk, tmp_path: Path) -> None:
    """The rows that a crash left done are read, so that their twins are known, and not written again."""
    content = people(6) + "6010 0001;Repetida;;;\n"
    before = {"total": 4, "created": 4}
    made = await run(desk, await planned(desk, tmp_path, content, done=4, counts=before))
    assert made["counts"] == dict.fromkeys(work.VERDICTS, 0) | {"total": 7, "created": 6, "duplicate": 1}
    async with desk.unit(write=False) as db:
        assert list(await db.scalars(select(Contact.name).order_by(Contact.id))) == ["Íñigo Peña 4", "Íñigo Peña 5"]


@pytest.mark.parametrize("others", [0, 30])
async def test_blocked_numbers_are_kept_out_however_many_others_there_are(
    desk: Desk, tmp_path: Path, others: int
) -> None:
    async with desk.unit() as db:
        await block_address(db, "tel:+50660100001")
        await block_address(db, "tel:+50660100002", channel="whatsapp")
        for n in range(others):
            await block_address(db, f"tel:+5068{8_300_000 + n}")
    made = await run(desk, await planned(desk, tmp_path, people(4)))
    assert (made["counts"]["created"], made["counts"]["blocked"]) == (3, 1)


@pytest.mark.sqlite_only
async def test_a_tag_that_somebody_deletes_meanwhile_is_made_again(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And nobody carries one that does not exist."""
    monkeypatch.setattr(work, "CHUNK", 40)
    import_id = await planned(desk, tmp_path, people(80))
    where = desk.database.url.partition("///")[2]

    class Meddling(Quiet):
        def __call__(self, data: dict[str, Any]) -> None:
            if data["done"] == 40:
                with contextlib.closing(sqlite3.connect(where)) as connection, connection:
                    connection.execute("DELETE FROM contact_tag")
                    connection.execute("DELETE FROM tag")
                    connection.execute("INSERT INTO tag (id, name, key) VALUES (9, 'otra', 'otra')")

    options = work.Task(path="", filename="").options
    options.tags = ["feria"]
    task = work.Task(
        import_id=import_id, database=desk.database.url, path=str(tmp_path / "base.csv"), filename="base.csv",
        options=options,
    )  # fmt: skip
    await asyncio.to_thread(work.run, msgspec.to_builtins(task), Meddling())  # type: ignore[arg-type]
    async with desk.unit(write=False) as db:
        carried = "SELECT t.name, count(*) FROM contact_tag c LEFT JOIN tag t ON t.id = c.tag_id GROUP BY 1"
        assert [tuple(row) for row in await db.execute(text(carried))] == [("feria", 40)]


@pytest.mark.sqlite_only
async def test_the_index_holds_what_the_contacts_say(desk: Desk, tmp_path: Path) -> None:
    await run(desk, await planned(desk, tmp_path, people()))
    async with desk.unit() as db:
        for table in ("contact_fragment", "contact_word"):
            await db.execute(text(f"INSERT INTO {table}({table}, rank) VALUES ('integrity-check', 1)"))


@pytest.mark.sqlite_only
async def test_nothing_waits_in_the_journal(desk: Desk, tmp_path: Path) -> None:
    """Else the next person who saves something would have to move it all into the file."""
    await run(desk, await planned(desk, tmp_path, people()))
    alone = shutil.copy(desk.database.url.removeprefix("sqlite+aiosqlite:///"), tmp_path / "without-journal.db")
    with contextlib.closing(sqlite3.connect(alone)) as connection:
        assert connection.execute("SELECT count(*) FROM contact").fetchone() == (ROWS,)


@pytest.mark.sqlite_only
async def test_afterwards_the_pieces_of_the_search_index_are_joined(
    desk: Desk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And all that was found before is found."""
    monkeypatch.setattr(work, "CHUNK", 40)
    import_id = await planned(desk, tmp_path, people())
    await run(desk, import_id)
    before = pieces(desk)
    task = msgspec.to_builtins(work.Task(import_id=import_id, database=desk.database.url, path="", filename=""))
    assert (await asyncio.to_thread(settling.settle, task, Quiet()))["turns"] > 0  # type: ignore[arg-type]
    assert pieces(desk) < before
    assert await listed(desk, f"inigo persona{ROWS - 1}") == [f"Íñigo Peña {ROWS - 1}"]


def pieces(desk: Desk) -> int:
    """Segments of the index of fragments: each has lines of its own in what says where a word begins."""
    with contextlib.closing(sqlite3.connect(desk.database.url.partition("///")[2])) as connection:
        return connection.execute("SELECT count(DISTINCT segid) FROM contact_fragment_idx").fetchone()[0]
