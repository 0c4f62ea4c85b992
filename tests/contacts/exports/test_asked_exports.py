"""Exports that people ask for: made in the child, downloaded by who asked, within their reach, written down."""

import asyncio
import csv
import io
from typing import Any

import pytest
from sqlalchemy import select

from app.contacts.exports import jobs, service
from app.contacts.exports.models import Export
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.frame.actor import SYSTEM
from app.frame.audit import AuditEntry
from app.frame.db import now_utc
from app.frame.jobs import Work
from tests.world import World, make_world

PAGE = "/contactos/exportaciones"


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    return await make_world(office, app)


async def plant(world: World, name: str, phone: str, **more: Any) -> int:
    addresses = [AddressIn("phone", phone), AddressIn("email", f"{name.lower()}@correo.example")]
    async with world.office.database.unit(actor=SYSTEM) as db:
        return (await create_contact(db, ContactIn(name=name, addresses=addresses, **more))).id


async def asked(world: World, client: Any, **typed: Any) -> Export:
    """Ask for a file and wait until it is there."""
    answer = await client.post(PAGE, data={"format": "csv", "filter": ""} | typed)
    assert answer.status_code == 200, answer.text
    return await ended(world)


async def ended(world: World) -> Export:
    for _ in range(300):
        async with world.office.database.unit(write=False) as db:
            export = (await db.scalars(select(Export).order_by(Export.id.desc()))).first()
        assert export is not None
        if not export.is_busy:
            return export
        await asyncio.sleep(0.05)
    raise AssertionError("the export did not end")


def lines(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


async def test_it_works(world: World) -> None:
    said = {"notes": "=1+1", "tags": ["vip"], "status": "INTERESADO", "owner_id": world.ids["ana"]}
    await plant(world, "Marvin", "8812 3456", **said)
    await plant(world, "Nidia", "8812 3457", status="NC")
    diego = await world.client_as("diego")
    export = await asked(world, diego, filter="status=INTERESADO")
    assert (export.state, export.total, export.said) == ("done", 1, "Estado: Interesado")
    file = await diego.get(f"{PAGE}/{export.id}/archivo")
    assert file.headers["content-disposition"].startswith("attachment")
    [row] = lines(file)
    assert row["Nombre"] == "Marvin"
    assert row["Teléfono"] == "+50688123456"
    assert row["Notas"] == "'=1+1", "no cell becomes a formula"
    assert (row["Etiquetas"], row["Estado"], row["Responsable"]) == ("vip", "Interesado", "Ana Solano")
    assert "Listo" in (await diego.get(PAGE)).text
    async with world.office.database.unit(write=False) as db:
        kept = await db.scalar(select(AuditEntry.after).where(AuditEntry.verb == "contacts.exported"))
    assert kept["rows"] == 1
    assert kept["filter"] == "status=INTERESADO"


@pytest.mark.parametrize("kind", ["xlsx", "json", "vcf"])
async def test_every_format_has_the_contact(world: World, kind: str) -> None:
    await plant(world, "Marvin", "8812 3456")
    diego = await world.client_as("diego")
    export = await asked(world, diego, format=kind)
    file = await diego.get(f"{PAGE}/{export.id}/archivo")
    assert file.status_code == 200
    assert file.content[:2] == b"PK" if kind == "xlsx" else b"Marvin" in file.content


async def test_only_the_columns_that_were_chosen(world: World) -> None:
    await plant(world, "Marvin", "8812 3456")
    diego = await world.client_as("diego")
    export = await asked(world, diego, column=["phone", "name"])
    file = await diego.get(f"{PAGE}/{export.id}/archivo")
    assert [list(row) for row in lines(file)] == [["Nombre", "Teléfono"]]


async def test_a_search_is_exported_whole(world: World) -> None:
    for n in range(3):
        await plant(world, f"Quesada{n}", f"8812 345{n}")
    await plant(world, "Otro", "8812 9999")
    diego = await world.client_as("diego")
    assert (await asked(world, diego, filter="q=quésada&sort=name")).total == 3


async def test_nobody_takes_out_more_than_they_may(world: World) -> None:
    await plant(world, "Ajeno", "8812 3456", team_id=world.teams["Soporte"])
    await plant(world, "Nuestro", "8812 3457", team_id=world.teams["Ventas"])
    carla, diego, ana = [await world.client_as(name) for name in ("carla", "diego", "ana")]
    export = await asked(world, carla)
    file = await carla.get(f"{PAGE}/{export.id}/archivo")
    assert [row["Nombre"] for row in lines(file)] == ["Nuestro"]
    assert (await diego.get(f"{PAGE}/{export.id}/archivo")).status_code == 200, "who sets the rules may look"
    assert (await ana.get(f"{PAGE}/{export.id}/archivo")).status_code == 403
    other = await asked(world, diego)
    assert (await carla.get(f"{PAGE}/{other.id}/archivo")).status_code == 404
    assert (await ana.post(PAGE, data={"format": "csv"})).status_code == 403


async def test_an_export_of_nothing_says_so(world: World) -> None:
    diego = await world.client_as("diego")
    answer = await diego.post(PAGE, data={"format": "csv", "filter": "q=nadie"})
    assert answer.status_code == 422
    assert "no hay nada que exportar" in answer.text


async def test_an_unknown_format_is_refused_with_the_known_ones(world: World) -> None:
    await plant(world, "Marvin", "8812 3456")
    diego = await world.client_as("diego")
    answer = await diego.post(PAGE, data={"format": "pdf"})
    assert answer.status_code == 422
    assert "xlsx, csv, json, vcf" in answer.text


async def test_a_half_made_file_is_made_again_and_a_cancelled_one_is_not(world: World) -> None:
    await plant(world, "Marvin", "8812 3456")
    actor = await world.actor("diego")
    async with world.office.database.unit(actor=actor) as db:
        crashed = await service.open_export(db, "csv")
        crashed.state = "running"
        cancelled = await service.open_export(db, "csv")
        await service.cancel_export(db, cancelled.id)
    async with world.office.database.unit(write=False) as db:
        assert await jobs.pending_exports(db) == [str(crashed.id)]
    for export in (crashed, cancelled):
        await jobs.run_export(Work(world.office), str(export.id))
    async with world.office.database.unit(write=False) as db:
        states = [(await db.get_one(Export, e.id)).state for e in (crashed, cancelled)]
    assert states == ["done", "cancelled"]
    assert [p.name for p in service.folder(world.office).iterdir()] == [f"{crashed.id}.csv"]


async def test_files_are_deleted_after_a_week(world: World) -> None:
    await plant(world, "Marvin", "8812 3456")
    diego = await world.client_as("diego")
    export = await asked(world, diego)
    async with world.office.database.unit(actor=SYSTEM) as db:
        (await db.get_one(Export, export.id)).expires_at = now_utc()
    await jobs.sweep_exports(Work(world.office), "")
    assert list(service.folder(world.office).iterdir()) == []
    answer = await diego.get(f"{PAGE}/{export.id}/archivo")
    assert answer.status_code == 404
    assert "7 días" in answer.text


async def test_the_screen_that_watched_gets_the_notice_once(world: World) -> None:
    await plant(world, "Marvin", "8812 3456")
    diego = await world.client_as("diego")
    export = await asked(world, diego)
    watched = await diego.partial(f"{PAGE}/{export.id}?mirando=1")
    assert "aviso" in watched.headers["hx-trigger"]
    assert "mirando" not in watched.text
    assert "hx-trigger" not in (await diego.partial(f"{PAGE}/{export.id}")).headers
