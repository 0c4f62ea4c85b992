"""Whoever is forgotten leaves no trace elsewhere: in refused rows, uploaded files, kept answers, lists of an undo."""

import asyncio
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from app.contacts.erasing import erase_person, hand_over
from app.contacts.exports.jobs import sweep_exports
from app.contacts.imports import service, uploads
from app.contacts.imports.models import Import, ImportReject
from app.contacts.models import Contact
from app.contacts.service import change_contact
from app.frame.actor import SYSTEM
from app.frame.jobs import Work
from tests.contacts.imports.test_import_run import ended
from tests.contacts.test_erasing import remains
from tests.world import World, make_world

TEXT = """Nombre;Celular;Correo
Zoraida Irrepetible;8812 3456;zoraida@correo.example
Zoraida otra vez;(506) 8812-3456;
Otra;8812 3457;
Mal;123 Irrepetible;zoraida@correo
"""


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    return await make_world(office, app)


async def brought(world: World, tmp_path: Path) -> int:
    """An import that runs to its end; its file lies where uploads lie."""
    (tmp_path / "base.csv").write_text(TEXT, encoding="utf-8")
    with (tmp_path / "base.csv").open("rb") as source:
        path, size = await asyncio.to_thread(uploads.keep, world.office.settings, source)
    async with world.office.database.unit() as db:
        found = await service.new_import(db, "base.csv", path, size)
    seen = await service.look(world.office, found.id, SYSTEM)
    async with world.office.database.unit() as db:
        mapping = {str(c.index): c.target for c in seen.columns}
        await service.settle(
            db, found.id, sheet=seen.sheet, header_row=seen.header_row, mapping=mapping, mode="fill", options={}
        )
        await service.start(db, found.id)
    await ended(world, found.id)
    return found.id


async def test_it_works(world: World, tmp_path: Path) -> None:
    import_id = await brought(world, tmp_path)
    async with world.office.database.unit() as db:
        zoraida = await db.scalar(select(Contact.id).where(Contact.name == "Zoraida Irrepetible"))
        await change_contact(db, zoraida, {"notes": "edited"})
        await service.ask_undo(db, import_id)
    await ended(world, import_id, "undone")
    async with world.office.database.unit(actor=await world.actor("diego")) as db:
        data, _certificate = await hand_over(db, zoraida, "solicitud")
        assert [row["row"] for row in data["refused_rows"]] == [3]
    async with world.office.database.unit(actor=await world.actor("diego")) as db:
        certificate = await erase_person(db, zoraida, "solicitud", keep_block=False)
        assert certificate.counts["contact_import_reject"] == 1
    async with world.office.database.unit(write=False) as db:
        assert await remains(world.office.database, "zoraida otra", "8812-3456", "zoraida irrepetible") == []
        assert [row.row for row in await db.scalars(select(ImportReject))] == [5], "somebody else's stays"
    await sweep_exports(Work(world.office), "")
    folder = world.office.settings.data / uploads.FOLDER
    assert await asyncio.to_thread(lambda: list(folder.iterdir())) == []
    async with world.office.database.unit(write=False) as db:
        assert (await db.get_one(Import, import_id)).path == ""


@pytest.mark.sqlite_only
async def test_an_answer_that_was_kept_for_a_repeated_request_goes_too(world: World) -> None:
    api, diego = await world.api_as("diego"), await world.client_as("diego")
    for name, phone in (("Zoraida Irrepetible", "8812 3456"), ("Otra", "8812 3457")):
        made = await api.post(
            "/api/v1/contacts", json={"name": name, "phone": phone}, headers={"Idempotency-Key": phone[-4:]}
        )
        assert made.status_code == 201
    typed = {"basis": "Carta", "name": "Zoraida Irrepetible"}
    done = await diego.post("/contactos/1/datos/borrado", data=typed)
    assert await remains(world.office.database, "irrepetible", "88123456") == []
    assert await remains(world.office.database, "88123457"), "the other one's answer is kept"
    page = (await diego.get(done.headers["location"])).text
    assert "se borran solos a los 7 días" in page
