"""The import itself, in the real child, on both databases."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from app.contacts.blocks import block_address
from app.contacts.filters import Filters
from app.contacts.imports import service
from app.contacts.imports.models import Import, ImportReject
from app.contacts.listing import Lister
from app.contacts.models import Address, Contact, Status
from app.contacts.service import AddressIn, ContactIn, change_contact, create_contact
from app.frame.actor import SYSTEM
from tests.world import World, make_world

MESSY = """Base de Heredia;;;
;;;
Teléfono;Nombre del cliente;Correo electrónico;Observaciones
8812-3456;Marvin Quesada;MARVIN@correo.example;llamar tarde
+506 8812 3456;Marvin otra vez;;repetido
2260 4418 / 7000 1111;Ferretería El Roble;;
;Sin número;nidia@correo.example;
123;Malo;;
6055 8123;Bloqueado;;
"""


@pytest.fixture
async def world(office, app) -> World:  # type: ignore[no-untyped-def]
    return await make_world(office, app)


async def uploaded(world: World, text: str, tmp_path: Path, name: str = "base.csv", **settled: Any) -> int:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    async with world.office.database.unit() as db:
        found = await service.new_import(db, name, path, path.stat().st_size)
    seen = await service.look(world.office, found.id, SYSTEM)
    mapping = {str(c.index): c.target for c in seen.columns}
    async with world.office.database.unit() as db:
        await service.settle(
            db, found.id, sheet=seen.sheet, header_row=seen.header_row, mapping=mapping, shape=seen.shape,
            mode=settled.pop("mode", "fill"), options=settled,
        )  # fmt: skip
    return found.id


async def ended(world: World, import_id: int, *states: str) -> Import:
    for _ in range(400):
        async with world.office.database.unit(write=False) as db:
            found = await db.get_one(Import, import_id)
        if found.state in (states or ("done", "failed", "cancelled")):
            return found
        await asyncio.sleep(0.05)
    raise AssertionError(found.state)


async def imported(world: World, text: str, tmp_path: Path, **settled: Any) -> Import:
    import_id = await uploaded(world, text, tmp_path, **settled)
    async with world.office.database.unit() as db:
        await service.start(db, import_id)
    return await ended(world, import_id)


async def names(world: World, q: str = "") -> list[str]:
    lister = Lister(world.office.database, SYSTEM, Filters(q=q, sort="name"), "America/Costa_Rica")
    return [row.name for row in (await lister.page()).rows]


async def test_it_works(world: World, tmp_path: Path) -> None:
    async with world.office.database.unit() as db:
        await block_address(db, "tel:+50660558123", reason="BAJA")
    found = await imported(world, MESSY, tmp_path)
    assert found.state == "done", found.error
    assert found.counts == {
        "total": 6, "created": 3, "updated": 0, "same": 0, "duplicate": 1, "blocked": 1, "rejected": 1,
    }  # fmt: skip
    assert await names(world) == ["Ferretería El Roble", "Marvin Quesada", "Sin número"]
    assert await names(world, "70001111") == ["Ferretería El Roble"]
    assert await names(world, "ferreteria") == ["Ferretería El Roble"]


async def test_every_refused_row_keeps_its_reason(world: World, tmp_path: Path) -> None:
    found = await imported(world, MESSY, tmp_path)
    async with world.office.database.unit(write=False) as db:
        rejects = list(await db.scalars(select(ImportReject).where(ImportReject.import_id == found.id)))
    by_row = {r.row: r for r in rejects}
    assert "Faltan dígitos" in by_row[8].reason
    assert "123" in by_row[8].cells
    assert "fila 4" in by_row[5].reason


async def test_the_dry_run_says_the_same_and_writes_nothing(world: World, tmp_path: Path) -> None:
    import_id = await uploaded(world, MESSY, tmp_path)
    check = await service.check(world.office, import_id, SYSTEM)
    assert await names(world) == []
    async with world.office.database.unit() as db:
        await service.start(db, import_id)
    assert (await ended(world, import_id)).counts == check.counts
    assert {row["verdict"] for row in check.rows} == {"created", "duplicate", "rejected"}


@pytest.mark.parametrize(
    ("mode", "name", "notes", "verdict"),
    [("skip", "Marvin", "viejo", "same"), ("fill", "Marvin", "viejo", "updated"),
     ("overwrite", "Marvin Quesada", "nuevo", "updated")],
)  # fmt: skip
async def test_a_known_number_is_the_same_contact(
    world: World, tmp_path: Path, mode: str, name: str, notes: str, verdict: str
) -> None:
    async with world.office.database.unit() as db:
        given = ContactIn(name="Marvin", notes="viejo", addresses=[AddressIn("phone", "88123456")])
        known = await create_contact(db, given)
    text = "Teléfono,Nombre,Nota,Empresa\n8812 3456,Marvin Quesada,nuevo,Taller\n"
    found = await imported(world, text, tmp_path, mode=mode)
    assert found.counts[verdict] == 1
    async with world.office.database.unit(write=False) as db:
        contact = await db.get_one(Contact, known.id)
        assert (contact.name, contact.notes) == (name, notes)
        assert contact.company == ("" if mode == "skip" else "Taller")
        assert await db.scalar(select(func.count()).select_from(Contact)) == 1


async def test_two_imports_at_once_never_make_two_of_one_number(world: World, tmp_path: Path) -> None:
    text = "Teléfono,Nombre\n" + "".join(f"6{i:07d},Persona {i}\n" for i in range(100_000, 103_000))
    ids = [await uploaded(world, text, tmp_path, name=f"{n}.csv") for n in "ab"]
    for import_id in ids:
        async with world.office.database.unit() as db:
            await service.start(db, import_id)
    both = [await ended(world, import_id) for import_id in ids]
    assert sum(f.counts["created"] for f in both) == 3000
    assert sum(f.counts["same"] for f in both) == 3000
    async with world.office.database.unit(write=False) as db:
        assert await db.scalar(select(func.count()).select_from(Address)) == 3000


async def test_undo_takes_back_what_it_brought_and_leaves_what_people_edited(world: World, tmp_path: Path) -> None:
    async with world.office.database.unit() as db:
        given = ContactIn(name="Marvin", addresses=[AddressIn("phone", "88123456")])
        known = await create_contact(db, given)
    found = await imported(world, MESSY, tmp_path, mode="overwrite")
    async with world.office.database.unit(write=False) as db:
        edited = await db.scalar(select(Contact.id).where(Contact.name == "Sin número"))
    assert edited is not None
    async with world.office.database.unit() as db:
        await change_contact(db, edited, {"notes": "ya hablé con ella"})
        await service.ask_undo(db, found.id)
    undone = await ended(world, found.id, "undone")
    assert undone.options["undone"]["left"] == [[edited, "Sin número", ""]]
    assert await names(world) == ["Marvin", "Sin número"]
    async with world.office.database.unit(write=False) as db:
        contact = await db.get_one(Contact, known.id)
        assert [a.external_id for a in contact.addresses] == ["+50688123456"]
        assert contact.email == ""
    assert await names(world, "ferreteria") == []


async def test_a_contact_that_comes_in_again_is_no_longer_aged(world: World, tmp_path: Path) -> None:
    from datetime import timedelta

    from app.contacts.ageing import age_contacts
    from app.frame.db import now_utc

    text = "Teléfono,Nombre\n8812 3456,Marvin\n"
    await imported(world, text, tmp_path)
    async with world.office.database.unit() as db:
        await age_contacts(db, now_utc() + timedelta(days=120))
        assert await db.scalar(select(Status.code).join(Contact, Contact.status_id == Status.id)) == "NO_EXISTE"
    await imported(world, text, tmp_path, name="again.csv")
    async with world.office.database.unit(write=False) as db:
        assert await db.scalar(select(Status.code).join(Contact, Contact.status_id == Status.id)) == "SIN_GESTIONAR"
