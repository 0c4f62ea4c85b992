"""Nobody sees what is not theirs: not by a filter, a search, the palette, a pulse, a menu, a bulk edit."""

import pytest
from sqlalchemy import select

from app.accounts.teams import create_team
from app.contacts.models import Contact
from app.contacts.service import change_contact
from app.frame.actor import SYSTEM
from tests.contacts.pages.conftest import shown

ASKED = (
    "", "q=secreto", "q=8812", "q=s", "status=SIN_GESTIONAR", "owner={beto}", "owner=none", "team={Soporte}",
    "tag=oculta", "has=phone", "blocked=no", "provenance=manual", "sort=name", "sort=-created", "sort=contacted",
    "country=CR", "created_from=2020-01-01", "owner={beto}&team={Soporte}", "cols=email,notes", "vista=1",
    "binned=true", "after_id=0",
)  # fmt: skip


@pytest.fixture
async def secret(plant):
    """Beto's, of support: nothing of Ana's."""
    given = {"phone": "8812 3456", "email": "secreto@x.example", "tags": ["oculta"], "country": "CR"}
    return await plant("Secreto de Beto", owner="beto", team="Soporte", **given)


@pytest.fixture
async def own(plant):
    return await plant("De Ana", owner="ana", team="Ventas", phone="8812 9999", tags=["oculta"], country="CR")


async def test_it_works(world, secret, own):
    assert shown((await (await world.client_as("beto")).get("/contactos?q=secreto")).text) == [secret]
    assert sorted(shown((await (await world.client_as("diego")).get("/contactos")).text)) == [secret, own]


async def test_no_filter_opens_what_is_not_ones_own(world, secret, own):
    names = {"beto": str(world.beto), **{name: str(i) for name, i in world.teams.items()}}
    client = await world.client_as("ana")
    for query in ASKED:
        answer = await client.partial(f"/contactos?{query.format(**names)}")
        assert answer.status_code == 200, query
        assert secret not in shown(answer.text), query
        assert "Secreto de Beto" not in answer.text, query


async def test_the_palette_the_menu_and_the_total_keep_it_too(world, secret, own):
    client = await world.client_as("ana")
    assert "Secreto" not in (await client.partial("/buscar?q=8812")).text
    assert (await client.get(f"/contactos/{secret}/menu")).status_code == 404
    assert "<span>1</span>" in (await client.partial("/contactos/pulso?")).text


async def test_a_pulse_tells_nothing_of_others(world, secret, own):
    answer = await (await world.client_as("ana")).partial(f"/contactos/pulso?desde=0&v={secret}:0-0-0,{own}:0-0-0")
    assert "Secreto" not in answer.text
    assert f'hx-target="#k-{secret}" hx-swap="delete"' in answer.text
    assert f'hx-target="#k-{own}" hx-swap="outerMorph"' in answer.text
    assert "1 nuevo" in answer.text


@pytest.mark.parametrize("marks", [{"id": "secret"}, {"all": "1", "filter": "tag=oculta"}])
async def test_a_bulk_edit_reaches_only_ones_own(world, secret, own, marks):
    data = {k: str(secret) if v == "secret" else v for k, v in marks.items()}
    await (await world.client_as("ana")).post("/contactos/lote", data=data | {"status": "NC"})
    async with world.office.database.unit(write=False) as db:
        assert (await db.scalars(select(Contact).where(Contact.id == secret))).one().status.code == "SIN_GESTIONAR"


async def test_kept_rows_are_not_shown_to_who_may_not_see_them(world, secret, own):
    """A row rendered for a manager is kept for all; the list of ids decides who gets it."""
    await (await world.client_as("diego")).get("/contactos")
    assert shown((await (await world.client_as("ana")).get("/contactos")).text) == [own]


async def test_a_foreign_batch_can_be_neither_seen_nor_undone(world, secret, own):
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    await diego.post("/contactos/lote", data={"id": [secret], "status": "NC"})
    for answer in (await ana.get("/contactos/lotes/1"), await ana.post("/contactos/deshacer/1")):
        assert answer.status_code == 403


async def test_the_contacts_of_a_team_that_goes_are_not_left_to_nobody(world, plant):
    """They belong to no team, and so to everybody who answers; their history says who did it."""
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    async with world.office.database.unit(actor=SYSTEM) as db:
        team = await create_team(db, "Cobros")
    one = await plant("De Cobros")
    async with world.office.database.unit(actor=SYSTEM) as db:
        await change_contact(db, one, {"team_id": team.id})
    assert shown((await ana.get("/contactos")).text) == []
    assert (await diego.delete(f"/personas/equipos/{team.id}")).status_code == 200
    assert shown((await ana.get("/contactos")).text) == [one]
    assert "Diego Rojas" in (await diego.partial(f"/contactos/{one}/historial/team_id")).text
