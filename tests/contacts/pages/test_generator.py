"""The generator against the office: exact amounts, nobody's number twice, nothing blocked, kept as generated."""

import re

import phonenumbers
import pytest
from sqlalchemy import select

from app.contacts.blocks import block_address
from app.contacts.filters import Filters
from app.contacts.generator import service
from app.contacts.generator.service import Asked, make_numbers, save_numbers
from app.contacts.listing import Lister
from app.contacts.models import Address, Contact
from app.frame.actor import SYSTEM
from app.frame.audit import AuditEntry

ASKED = Asked(amount=40, seed="heredia")


async def made(world, asked=ASKED):
    async with world.office.database.unit(actor=SYSTEM) as db:
        return [g.e164 for g in await make_numbers(db, asked)]


@pytest.mark.parametrize("amount", [1, 7, 1000])
@pytest.mark.parametrize("method", ["stratified", "simple", "random"])
async def test_it_works(world, amount, method):
    client = await world.client_as("diego")
    answer = await client.post("/contactos/generador", data={"amount": amount, "method": method, "tags": "frío"})
    assert answer.headers["location"] == "/contactos?provenance=generated&sort=-created"
    async with world.office.database.unit(write=False) as db:
        contacts = list(await db.scalars(select(Contact)))
        numbers = list(await db.scalars(select(Address.external_id)))
    assert len(contacts) == len(set(numbers)) == amount
    assert {(c.provenance, c.status.code, tuple(c.tags)) for c in contacts} == {
        ("generated", "SIN_GESTIONAR", ("frío",))
    }
    assert all(phonenumbers.is_valid_number(phonenumbers.parse(n)) for n in numbers)


async def test_what_is_taken_or_blocked_is_passed_over(world, plant):
    first = await made(world)
    await plant("Alguien", phone=first[0])
    gone = await plant("En la papelera", phone=first[1])
    client = await world.client_as("diego")
    await client.post("/contactos/lote", data={"id": [gone], "delete": "1"})
    async with world.office.database.unit(actor=SYSTEM) as db:
        await block_address(db, f"tel:{first[2]}", reason="no")
    again = await made(world)
    assert len(again) == 40
    assert not set(first[:3]) & set(again)


async def test_a_seed_repeats_until_the_numbers_are_taken(world):
    first = await made(world)
    assert await made(world) == first
    async with world.office.database.unit(actor=SYSTEM) as db:
        _batch, kept = await save_numbers(db, ASKED, [])
    assert [g.e164 for g in kept] == first
    assert not set(await made(world)) & set(first)


async def test_asking_only_about_what_was_drawn_ends_as_if_all_were_known(world, plant):
    first = await made(world)
    for number in first[:5]:
        await plant(number, phone=number)
    expected = service.generate(40, "stratified", "heredia", set(first[:5]))
    assert await made(world) == [g.e164 for g in expected]


async def test_they_can_be_found_at_once_and_the_audit_says_so(world):
    async with world.office.database.unit(actor=SYSTEM) as db:
        _batch, kept = await save_numbers(db, ASKED, [])
    lister = Lister(world.office.database, SYSTEM, Filters(q=kept[0].e164[-8:]), "UTC")
    assert [r.phone for r in (await lister.page()).rows] == [kept[0].e164]
    async with world.office.database.unit(write=False) as db:
        entry = (await db.scalars(select(AuditEntry).where(AuditEntry.verb == "contacts.generated"))).one()
    assert entry.after["amount"] == 40


async def test_a_sample_keeps_nothing_and_its_file_has_the_same_numbers(world):
    client = await world.client_as("diego")
    text = (await client.post("/contactos/generador/muestras", data={"amount": 30, "method": "simple"})).text
    assert "Muestra de 30 números, sin guardar" in text
    at = re.search(r'href="(/contactos/generador/muestra\.csv\?[^"]+)"', text)[1].replace("&amp;", "&")
    file = await client.get(at)
    lines = file.text.removeprefix("\ufeff").splitlines()
    assert lines[0] == "Teléfono,Operador"
    assert len(lines) == 31
    shown = [n.replace(" ", "") for n in re.findall(r'<li class="num">([\d ]+)</li>', text)]
    assert [line.split(",")[0].removeprefix("506") for line in lines[1:21]] == shown
    assert (await client.get(at)).text == file.text
    async with world.office.database.unit(write=False) as db:
        assert (await db.scalars(select(Contact))).all() == []


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ({"amount": "0"}, "Escriba un número de 1 o más."),
        ({"amount": "1001"}, "Escriba un número de 1000 o menos."),
        ({"amount": "muchos"}, "Escriba un número entero."),
        ({"amount": "5", "method": "magia"}, "Elija un método"),
    ],
)
async def test_what_cannot_be_is_said_in_the_form(world, typed, said):
    client = await world.client_as("diego")
    for url in ("/contactos/generador", "/contactos/generador/muestras"):
        answer = await client.post(url, data=typed)
        assert answer.status_code == 422
        assert said in answer.text


async def test_shares_belong_to_the_office(world):
    client = await world.client_as("diego")
    bad = await client.post("/contactos/generador/cuotas", data={"share_0": "90", "share_1": "20", "share_2": "5"})
    assert bad.status_code == 422
    assert "juntos deben sumar 100" in bad.text
    good = await client.post("/contactos/generador/cuotas", data={"share_0": "100", "share_1": "0", "share_2": "0,0"})
    assert good.status_code == 200
    async with world.office.database.unit(actor=SYSTEM) as db:
        assert len({g.operator for g in await make_numbers(db, Asked(amount=50))}) == 1


async def test_only_managers_and_it_generate(world):
    for name in ("ana", "carla"):
        client = await world.client_as(name)
        assert (await client.get("/contactos/generador")).status_code == 403
        assert (await client.post("/contactos/generador", data={"amount": 1})).status_code == 403
    assert (await (await world.client_as("irene")).get("/contactos/generador")).status_code == 200
