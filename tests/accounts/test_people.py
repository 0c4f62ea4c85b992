"""Personas: invited, changed, disabled, by who may."""

import re

import pytest
from sqlalchemy import select

from app.accounts import people
from app.accounts.models import User
from app.frame.audit import AuditEntry
from app.frame.refused import Forbidden, Refused
from tests.world import PASSWORD

NEW = "cinco perros en la playa"


def link_in(text: str) -> str:
    return re.search(r'id="one-time-link">http://office.test(/invitacion/[^<]+)<', text).group(1)


async def invite(client, **changed):
    data = {"name": "Flor Vega", "email": "Flor@irazu.example", "role": "agent"} | changed
    return await client.post("/personas", data=data)


async def test_it_works(world, client):
    diego = await world.client_as("diego")
    path = link_in((await invite(diego)).text)
    assert "Flor Vega" in (await client.get(path)).text
    answer = await client.post(path, data={"password": NEW})
    assert (answer.status_code, answer.headers["location"]) == (303, "/")
    assert (await client.get("/ajustes")).status_code == 200


async def test_a_link_works_once(world, client):
    path = link_in((await invite(await world.client_as("diego"))).text)
    await client.get(path)
    await client.post(path, data={"password": NEW})
    assert (await client.get(path)).status_code == 404
    assert (await client.post(path, data={"password": NEW})).status_code == 404


async def test_a_newer_link_replaces_the_older_and_resets_a_password(world, client):
    diego = await world.client_as("diego")
    first = link_in((await diego.post(f"/personas/{world.ana}/enlace")).text)
    second = link_in((await diego.post(f"/personas/{world.ana}/enlace")).text)
    assert (await client.get(first)).status_code == 404
    weak = await client.post(second, data={"password": "ana solano"})
    assert (weak.status_code, "No use su nombre" in weak.text) == (422, True)
    await client.post(second, data={"password": NEW})
    await client.post("/salir")
    assert (await client.post("/entrar", data={"name": "ana", "password": PASSWORD})).status_code == 422
    assert (await client.post("/entrar", data={"name": "ana", "password": NEW})).status_code == 303


async def test_mistakes_are_said_beside_their_field(world):
    diego = await world.client_as("diego")
    for wrong, words in (
        ({"email": "ana@irazu.example"}, "Ya hay una persona"),
        ({"email": "no es"}, "Escriba un correo"),
        ({"name": "  "}, "Falta este dato"),
        ({"role": "boss"}, "Elija uno de los roles"),
        ({"team_ids": "99"}, "ya no existe"),
    ):
        answer = await invite(diego, **wrong)
        assert (answer.status_code, words in answer.text) == (422, True), wrong


async def test_the_list_is_searched_and_filtered(world):
    diego = await world.client_as("diego")
    assert "Carla Méndez" in (await diego.get("/personas")).text
    found = (await diego.get("/personas?q=CARLA")).text
    assert "Carla Méndez" in found
    assert "ana@irazu.example" not in found
    assert "Nadie coincide" in (await diego.get("/personas?estado=disabled")).text
    by_team = (await diego.get(f"/personas?equipo={world.teams['Soporte']}")).text
    assert "beto@irazu.example" in by_team
    assert "ana@irazu.example" not in by_team


async def test_a_lead_sees_the_own_team_alone(world):
    carla = await world.client_as("carla")
    seen = (await carla.get("/personas")).text
    assert "ana@irazu.example" in seen
    assert "beto@irazu.example" not in seen
    assert (await carla.get(f"/personas/{world.ana}")).status_code == 200
    assert (await carla.get(f"/personas/{world.beto}")).status_code == 404
    assert (await carla.post(f"/personas/{world.ana}/baja")).status_code == 403


async def test_an_agent_sees_nobody_and_the_try_is_audited(world, office):
    ana = await world.client_as("ana")
    assert (await ana.get("/personas")).status_code == 403
    async with office.database.unit(write=False) as db:
        entry = await db.scalar(select(AuditEntry).where(AuditEntry.verb == "access.refused"))
    assert entry.user_id == world.ana


async def test_who_was_disabled_is_out_at_once_and_may_come_back(world):
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    assert (await ana.get("/ajustes")).status_code == 200
    assert (await diego.post(f"/personas/{world.ana}/baja")).status_code == 200
    assert (await ana.get("/ajustes")).status_code == 303
    assert (await diego.delete(f"/personas/{world.ana}/baja")).status_code == 200
    assert (await ana.post("/entrar", data={"name": "ana", "password": PASSWORD})).status_code == 303


async def test_a_change_of_role_and_team_rules_from_the_next_request(world):
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    assert (await ana.get("/personas")).status_code == 403
    data = {"name": "Ana Solano", "email": "ana@irazu.example", "role": "lead", "team_ids": str(world.teams["Soporte"])}
    assert (await diego.post(f"/personas/{world.ana}", data=data)).status_code == 200
    seen = await ana.get("/personas")
    assert "beto@irazu.example" in seen.text
    assert "carla@irazu.example" not in seen.text


async def test_nobody_disables_themselves(world):
    diego = await world.client_as("diego")
    answer = await diego.post(f"/personas/{world.diego}/baja")
    assert (answer.status_code, "No puede desactivarse" in answer.text) == (409, True)


async def test_somebody_who_can_administer_is_always_left(world, office):
    actor = await world.actor("irene")
    async with office.database.unit(actor=actor) as db:
        await people.disable_person(db, await people.get_person(db, world.diego))
    async with office.database.unit(actor=actor) as db:
        irene = await people.get_person(db, world.irene)
        with pytest.raises(Refused, match="Nadie podría administrar"):
            await people.change_person(db, irene, email=irene.email, name=irene.name, role="agent", team_ids=[])
        await db.rollback()
    async with office.database.unit(write=False) as db:
        assert (await people.get_person(db, world.irene)).role == "it"


async def test_who_cannot_edit_permissions_makes_and_touches_no_administrator(world, office):
    grants = {"people.edit": "all", "people.view": "all"}
    actor = (await world.actor("carla")).__class__(user_id=world.carla, name="Carla", role="lead", grants=grants)
    async with office.database.unit(actor=actor) as db:
        with pytest.raises(Forbidden):
            await people.create_person(db, email="x@irazu.example", name="Xinia", role="manager")
        with pytest.raises(Forbidden):
            await people.disable_person(db, await people.get_person(db, world.irene))


async def test_two_with_the_same_first_part_get_different_user_names(world, office):
    diego = await world.client_as("diego")
    await invite(diego, email="ana@otra.example", name="Ana Otra")
    async with office.database.unit(write=False) as db:
        user = await db.scalar(select(User).where(User.email == "ana@otra.example"))
    assert user.username == "ana2"


async def test_teams_are_made_renamed_and_deleted_when_empty(world):
    diego = await world.client_as("diego")
    assert "Cobros" in (await diego.post("/personas/equipos", data={"name": "Cobros"})).text
    assert (await diego.post("/personas/equipos", data={"name": "cobros"})).status_code == 422
    full = await diego.delete(f"/personas/equipos/{world.teams['Ventas']}")
    assert (full.status_code, "tiene 2 personas" in full.text) == (409, True)
    renamed = await diego.post(f"/personas/equipos/{world.teams['Ventas']}", data={"name": "Ventas Sur"})
    assert "Ventas Sur" in renamed.text
    assert (await diego.get("/personas/equipos")).text.count("/personas/equipos/") >= 3
    assert (await (await world.client_as("carla")).post("/personas/equipos", data={"name": "X1"})).status_code == 403


async def test_the_api_lists_whom_the_key_reaches(world):
    async with await world.api_as("carla") as carla:
        answer = await carla.get("/api/v1/people")
    assert [p["username"] for p in answer.json()["items"]] == ["ana", "carla"]
    assert answer.json()["next"] is None
    async with await world.api_as("diego") as diego:
        assert (await diego.get("/api/v1/people?after=x")).status_code == 422
        assert [p["name"] for p in (await diego.get("/api/v1/people?q=irene")).json()["items"]] == ["Irene Campos"]


async def test_a_long_list_comes_in_pages(world, office):
    async with office.database.unit() as db:
        for n in range(70):
            await people.create_person(db, email=f"p{n}@irazu.example", name=f"Persona {n % 7}", role="agent")
    names, after = [], ""
    async with await world.api_as("diego") as diego:
        while after is not None:
            page = (await diego.get(f"/api/v1/people?after={after}")).json()
            names += [p["id"] for p in page["items"]]
            after = page["next"]
    assert len(names) == len(set(names)) == 75


async def test_the_demo_office_has_people_and_may_be_made_twice(world, office):
    from app.accounts.demo import PEOPLE, demo
    from app.accounts.service import people as everybody

    for _n in range(2):
        async with office.database.unit() as db:
            await demo(db)
    async with office.database.unit(write=False) as db:
        assert len(await everybody(db)) == 5 + len(PEOPLE)
