"""The permission matrix."""

import pytest

from app.accounts import matrix
from app.frame.actor import ROLES
from app.frame.module import Permission
from app.frame.refused import Refused


async def send(client, role, permission, scope):
    return await client.post("/personas/permisos", data={"role": role, "permission": permission, "scope": scope})


async def test_it_works(world):
    diego, ana = await world.client_as("diego"), await world.client_as("ana")
    assert (await ana.get("/auditoria")).status_code == 403
    answer = await send(diego, "agent", "audit.view", "all")
    assert answer.status_code == 200
    assert (await ana.get("/auditoria")).status_code == 200
    await send(diego, "agent", "audit.view", "")
    assert (await ana.get("/auditoria")).status_code == 403


async def test_every_permission_of_every_module_is_on_the_page(world, office):
    page = (await (await world.client_as("irene")).get("/personas/permisos")).text
    for permission in matrix.declared(office.modules.values()):
        assert f'value="{permission.name}"' in page


async def test_the_start_is_what_the_modules_declare(world, office):
    async with office.database.unit(write=False) as db:
        cells = await matrix.cells(db)
    for permission in matrix.declared(office.modules.values()):
        assert {r: cells[r, permission.name] for r in ROLES} == {r: permission.start().get(r, "") for r in ROLES}


async def test_a_new_permission_is_seeded_and_a_decision_stays(world, office):
    new = Permission("bees.keep", "Bees", agent="own")
    taken = Permission("audit.view", "Audit", agent="all")
    async with office.database.unit() as db:
        assert await matrix.seed(db, [new, taken]) == 1
        assert await matrix.seed(db, [new, taken]) == 0
    async with office.database.unit(write=False) as db:
        cells = await matrix.cells(db)
    assert cells["agent", "bees.keep"] == "own"
    assert cells["lead", "bees.keep"] == ""
    assert cells["agent", "audit.view"] == ""


async def test_the_last_who_can_administer_keep_it(world, office):
    diego = await world.client_as("diego")
    assert (await send(diego, "it", "permissions.edit", "")).status_code == 200
    answer = await send(diego, "manager", "people.edit", "team")
    assert (answer.status_code, "Nadie podría administrar" in answer.text) == (409, True)
    async with office.database.unit(write=False) as db:
        assert (await matrix.cells(db))["manager", "people.edit"] == "all"


@pytest.mark.parametrize(("role", "scope"), [("boss", "all"), ("agent", "everything"), ("agent", "own")])
async def test_nonsense_is_refused(world, office, role, scope):
    permission = Permission("audit.view", "Audit", scoped=False)
    async with office.database.unit() as db:
        with pytest.raises(Refused):
            await matrix.grant(db, role, permission, scope)


async def test_an_unknown_permission_is_not_found(world):
    assert (await send(await world.client_as("diego"), "agent", "no.such", "all")).status_code == 404


async def test_who_only_looks_gets_words_and_no_selects(world):
    page = await (await world.client_as("carla")).get("/personas/permisos")
    assert page.status_code == 200
    assert "<select" not in page.text.split("<tbody>", 1)[1]
