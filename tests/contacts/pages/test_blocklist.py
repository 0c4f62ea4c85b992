"""/contactos/no-contactar: what stands, and whole lists put in force after a look."""

import io
from collections.abc import Awaitable, Callable

import pytest
import xlsxwriter
from sqlalchemy import select

from app.contacts.blocked_files import Found
from app.contacts.blocking_lists import draft_list
from app.contacts.blocks import block_contact
from app.contacts.consent import may_contact
from app.contacts.models_history import Batch
from tests.world import World

Plant = Callable[..., Awaitable[int]]
HTMX = {"HX-Request": "true", "HX-Request-Type": "partial"}
BASE = "/contactos/no-contactar"
TEXT = "8812 3456\n+52 33 1234 5678\nnadie@correo.example\n8812-3456\n123\n=HYPERLINK(1)\n\n"


async def last(world: World) -> Batch:
    async with world.office.database.unit(write=False) as db:
        batch = await db.scalar(select(Batch).where(Batch.kind == "blocklist").order_by(Batch.id.desc()).limit(1))
        assert batch is not None
        return batch


async def blocked(world: World, address: str, channel: str = "phone") -> bool:
    async with world.office.database.unit(write=False) as db:
        return (await may_contact(db, address, channel)).code == "blocked"


async def test_it_works(world: World, plant: Plant) -> None:
    one = await plant("Marvin", phone="8812 3456", team="Ventas")
    carla = await world.client_as("carla")
    looked = await carla.post(f"{BASE}/lista", data={"text": TEXT}, headers=HTMX)
    assert looked.status_code == 200, looked.text
    batch = await last(world)
    assert (batch.total, batch.detail["bad_count"], batch.detail["doubles"]) == (3, 2, 1)
    assert not await blocked(world, "+50688123456"), "looking changes nothing"
    rejects = await carla.get(f"{BASE}/lista/{batch.id}/rechazados")
    assert rejects.content.startswith("\ufeff".encode())
    assert "123" in rejects.text
    assert "'=HYPERLINK(1)" in rejects.text, "a spreadsheet must not run it"
    applied = await carla.post(f"{BASE}/lista/{batch.id}", data={"reason": "Registro oficial"}, headers=HTMX)
    assert applied.headers["hx-redirect"] == BASE
    for address, channel in (("+50688123456", "phone"), ("+523312345678", "sms"), ("nadie@correo.example", "email")):
        assert await blocked(world, address, channel)
    page = await carla.get(BASE)
    assert "3 vigentes" in page.text
    assert f'href="/contactos/{one}"' in page.text
    assert "matches" not in (await last(world)).detail, "numbers are not kept twice"
    assert (await carla.post(f"{BASE}/lista/{batch.id}", data={}, headers=HTMX)).status_code == 409
    assert "Pidió que no se le contacte" in (await carla.get(f"/contactos/{one}")).text


async def test_a_second_look_says_what_is_known(world: World) -> None:
    carla = await world.client_as("carla")
    await carla.post(f"{BASE}/lista", data={"text": "8812 3456"}, headers=HTMX)
    await carla.post(f"{BASE}/lista/{(await last(world)).id}", data={}, headers=HTMX)
    again = await carla.post(f"{BASE}/lista", data={"text": "8812 3456\n8812 3457"}, headers=HTMX)
    assert (await last(world)).detail["known"] == 1
    assert "Ya estaban" in again.text


async def test_a_workbook_gives_its_numbers_and_not_its_dates(world: World) -> None:
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True}) as book:
        sheet = book.add_worksheet()
        rows = [("Nombre", "Teléfono", "Desde"), ("Ana", "8812 3456", "2026-01-05"), ("Beto", "malo", "2026-01-06")]
        for i, row in enumerate(rows):
            sheet.write_row(i, 0, row)
    carla = await world.client_as("carla")
    answer = await carla.post(f"{BASE}/lista", files={"file": ("lista.xlsx", buffer.getvalue())}, headers=HTMX)
    assert answer.status_code == 200, answer.text
    batch = await last(world)
    assert batch.detail["matches"] == ["tel:+50688123456"]
    assert [(row, cell) for row, cell, _why in batch.detail["bad"]] == [(3, "malo")]


@pytest.mark.parametrize("data", [{"text": ""}, {"text": "\n \n"}])
@pytest.mark.sqlite_only
async def test_nothing_says_so(world: World, data: dict[str, str]) -> None:
    carla = await world.client_as("carla")
    assert (await carla.post(f"{BASE}/lista", data=data, headers=HTMX)).status_code == 422


@pytest.mark.sqlite_only
async def test_a_picture_is_refused_with_a_sentence(world: World) -> None:
    carla = await world.client_as("carla")
    png = b"\x89PNG\r\n\x1a\n" + bytes(64)
    answer = await carla.post(f"{BASE}/lista", files={"file": ("foto.xlsx", png)}, headers=HTMX)
    assert answer.status_code == 422
    assert "aria-invalid" in answer.text


async def test_search_finds_numbers_names_and_reasons_within_reach(world: World, plant: Plant) -> None:
    mine = await plant("Marvin Núñez", phone="8812 3456", team="Ventas")
    foreign = await plant("Ajena Secreta", phone="8812 3457", team="Soporte")
    diego = await world.actor("diego")
    async with world.office.database.unit(actor=diego) as db:
        await block_contact(db, mine, reason="no quiere")
        await block_contact(db, foreign, reason="tampoco")
    carla = await world.client_as("carla")
    assert "Marvin Núñez" in (await carla.partial(BASE, params={"q": "nunez"})).text
    assert "Marvin" in (await carla.partial(BASE, params={"q": "no quiere"})).text
    assert "Nada coincide" in (await carla.partial(BASE, params={"q": "zzz"})).text
    everything = (await carla.get(BASE)).text
    assert "Ajena Secreta" not in everything
    assert "Fuera de su alcance" in everything


async def test_long_lists_come_in_pages(world: World) -> None:
    carla = await world.client_as("carla")
    text = "\n".join(f"8812 {n:04d}" for n in range(60))
    await carla.post(f"{BASE}/lista", data={"text": text}, headers=HTMX)
    await carla.post(f"{BASE}/lista/{(await last(world)).id}", data={}, headers=HTMX)
    page = (await carla.get(BASE)).text
    assert page.count('id="block-') == 50
    before = page.split("antes=")[1].split("&")[0]
    assert (await carla.partial(BASE, params={"antes": before})).text.count('id="block-') == 10


async def test_agents_and_other_people_stay_out(world: World) -> None:
    ana, carla = await world.client_as("ana"), await world.client_as("carla")
    assert (await ana.get(BASE)).status_code == 403
    diego = await world.actor("diego")
    async with world.office.database.unit(actor=diego) as db:
        batch = await draft_list(db, Found(matches=["tel:+50688123456"]), "lista.txt")
    assert (await carla.post(f"{BASE}/lista/{batch.id}", data={}, headers=HTMX)).status_code == 404
    assert (await carla.get(f"{BASE}/lista/{batch.id}/rechazados")).status_code == 404
