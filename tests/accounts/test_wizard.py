"""The first-run wizard."""

import asyncio

from app.accounts import opening
from app.accounts.events import OfficeOpened
from app.frame import bus
from app.frame.audit import verify
from app.frame.profile import load_profile

SAID = {
    "office": "Oficina Irazú", "country": "MX", "timezone": "America/Tijuana", "language": "es",
    "name": "Mariana Rojas", "email": "mariana@irazu.example", "password": "tres gatos en el techo",
}  # fmt: skip


async def send(client, **changed):
    await client.get("/instalacion")
    return await client.post("/instalacion", data=SAID | changed)


async def test_it_works(client, office):
    assert (await client.get("/entrar")).headers["location"] == "/instalacion"
    answer = await send(client)
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert office.profile.ready
    assert (office.profile.name, office.profile.timezone) == ("Oficina Irazú", "America/Tijuana")
    assert (await client.get("/entrar")).headers["location"] == "/"  # already in


async def test_afterwards_it_is_gone(client, office):
    await send(client)
    assert (await client.get("/instalacion")).headers["location"] == "/entrar"
    assert (await client.post("/instalacion", data=SAID)).headers["location"] == "/entrar"
    assert (await client.get("/instalacion/zona?country=CR")).headers["location"] == "/entrar"


async def test_two_at_once_open_one_office(app, office):
    from tests.beds.offices import Client

    async with Client(app) as one, Client(app) as two:
        answers = await asyncio.gather(send(one), send(two, email="otra@irazu.example"))
    assert sorted(a.headers["location"] for a in answers) == ["/", "/entrar"]
    async with office.database.unit(write=False) as db:
        from app.accounts.service import people

        assert len(await people(db)) == 1


async def test_every_wrong_field_says_why_and_keeps_what_was_typed(client, office):
    answer = await send(client, country="XX", email="no es correo", password="corta")
    assert answer.status_code == 422
    for sentence in ("Elija un país", "Escriba un correo", "Use al menos 10 caracteres"):
        assert sentence in answer.text, "all of them at once"
    assert "Oficina Irazú" in answer.text
    assert not office.profile.ready
    answer = await send(client, password="mariana-rojas-1")
    assert "No use su nombre" in answer.text


async def test_choosing_a_country_offers_its_zones(client, office):
    answer = await client.get("/instalacion/zona?country=MX")
    assert "America/Mexico_City" in answer.text
    assert "America/Costa_Rica" not in answer.text


async def test_modules_hear_that_the_office_opened_in_the_same_transaction(client, office):
    heard = []

    async def hear(db, fact):
        heard.append((fact.country, await opening.is_open(db)))

    bus.listen(OfficeOpened, hear)
    await send(client)
    assert heard == [("MX", True)]


async def test_the_audit_names_who_opened_it(client, office):
    await send(client)
    async with office.database.unit(write=False) as db:
        assert await verify(db) is None
        assert (await load_profile(db)).ready
