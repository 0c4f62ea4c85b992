"""The menu of a row, the palette, the columns, the views, the bin."""

import re

from app.contacts.fields import define_field
from app.contacts.people import forget_names
from app.frame.actor import SYSTEM
from tests.contacts.pages.conftest import shown


async def test_it_works(world, plant):
    one = await plant("Marta", phone="8812 3456", email="marta@x.example")
    menu = (await (await world.client_as("diego")).get(f"/contactos/{one}/menu")).text
    for said in ("tel:+50688123456", "mailto:marta@x.example", "Eliminar", "Cambiar el estado"):
        assert said in menu


async def test_the_menu_offers_only_what_one_may_do(world, plant):
    one = await plant("Marta", owner="ana")
    menu = (await (await world.client_as("ana")).get(f"/contactos/{one}/menu")).text
    assert "Cambiar el estado" in menu
    assert "Eliminar" not in menu


async def test_the_palette_finds_contacts(world, plant):
    one = await plant("José Núñez", phone="8812 3456")
    client = await world.client_as("diego")
    for typed in ("nunez", "8812", "jo"):
        assert f'href="/contactos/{one}"' in (await client.partial(f"/buscar?q={typed}")).text
    assert "/contactos/" not in (await client.partial("/buscar?q=")).text


async def test_columns_stay_with_the_person(world, plant):
    await plant("Marta", phone="8812 3456", country="CR")
    diego, irene = await world.client_as("diego"), await world.client_as("irene")
    answer = await diego.post("/contactos/columnas", data={"column": ["country", "nonsense"], "filter": "sort=name"})
    assert answer.headers["location"] == "/contactos?sort=name"
    assert "8812 3456" not in (await diego.get("/contactos")).text
    assert ">CR</td>" in (await diego.get("/contactos")).text
    assert "8812 3456" in (await irene.get("/contactos")).text


async def test_the_offices_own_fields_can_be_columns(world, plant):
    async with world.office.database.unit(actor=SYSTEM) as db:
        field = await define_field(db, "Cédula", "text")
    forget_names(world.office)
    await plant("Marta", custom={field.key: "1-0234-0567"})
    client = await world.client_as("diego")
    assert f'value="own.{field.key}"' in (await client.get("/contactos")).text
    await client.post("/contactos/columnas", data={"column": [f"own.{field.key}", "own.other"]})
    page = (await client.get("/contactos")).text
    assert "Cédula</th>" in page
    assert ">1-0234-0567</td>" in page


async def test_a_view_keeps_filter_order_and_columns(world, plant):
    await plant("Marta", status="NC", tags=["norte"])
    client = await world.client_as("diego")
    saved = await client.post(
        "/contactos/vistas", data={"name": "Del norte", "filter": "tag=norte&sort=name&cols=tags"}
    )
    at = saved.headers["location"]
    assert at.startswith("/contactos?tag=norte&sort=name&cols=tags&vista=")
    page = (await client.get(at)).text
    assert "Del norte" in page
    assert "Teléfono</th>" not in page
    assert len(shown(page)) == 1


async def test_a_view_is_ones_own_until_it_is_shared(world):
    ana, beto = await world.client_as("ana"), await world.client_as("beto")
    diego = await world.client_as("diego")
    await ana.post("/contactos/vistas", data={"name": "De Ana"})
    await diego.post("/contactos/vistas", data={"name": "De todos", "shared": "true"})
    assert (await ana.post("/contactos/vistas", data={"name": "Quiero", "shared": "true"})).status_code == 422
    page = (await beto.get("/contactos")).text
    assert "De todos" in page
    assert "De Ana" not in page


async def test_a_view_goes_by_who_may(world):
    ana, diego = await world.client_as("ana"), await world.client_as("diego")
    at = (await diego.post("/contactos/vistas", data={"name": "De todos", "shared": "true"})).headers["location"]
    view = re.search(r"vista=(\d+)", at)[1]
    assert (await ana.delete(f"/contactos/vistas/{view}")).status_code == 403
    assert (await diego.delete(f"/contactos/vistas/{view}")).status_code in (200, 303)
    assert "De todos" not in (await diego.get("/contactos")).text


async def test_the_bin_shows_days_left_and_gives_back(world, plant):
    one = await plant("Marta", phone="8812 3456")
    client = await world.client_as("diego")
    await client.post("/contactos/lote", data={"id": [one], "delete": "1"})
    page = (await client.get("/contactos/papelera")).text
    assert "Marta" in page
    assert "30 días" in page
    assert "Marta" in (await client.partial("/contactos/papelera?q=8812")).text
    assert "Marta" not in (await client.partial("/contactos/papelera?q=zzz")).text
    await client.post(f"/contactos/papelera/{one}/restauraciones")
    assert shown((await client.get("/contactos")).text) == [one]


async def test_the_bin_is_not_for_agents(world):
    assert (await (await world.client_as("ana")).get("/contactos/papelera")).status_code == 403
