"""What an office starts with: who may do what with contacts, and the statuses of the call list in their order."""

from typing import Any

import pytest

from app.contacts.statuses import START, all_statuses
from tests.contacts.desk import Desk
from tests.world import World, make_world

STATUSES = [  # code, call priority, kept from ageing, after so many months unseen
    ("NC", 1, False, None),
    ("CUELGA", 2, False, None),
    ("SIN_GESTIONAR", 3, False, None),
    ("INTERESADO", 4, True, None),
    ("SERVICIOS_ACTIVOS", 10, True, None),
    ("NO_EXISTE", 20, False, 3),
    ("SIN_RED", 21, False, 6),
    ("NO_CONTACTO", 22, False, 8),
]
SCOPES = {  # of agent, lead, manager, it
    "contacts.view": ("team", "team", "all", "all"),
    "contacts.edit": ("team", "team", "all", "all"),
    "contacts.delete": (None, None, "all", "all"),
    "contacts.generate": (None, None, "all", "all"),
    "contacts.export": (None, "team", "all", "all"),
}


@pytest.fixture
async def world(office: Any, app: Any) -> World:
    return await make_world(office, app)


async def test_it_works(world: World) -> None:
    """Everyone reads and updates within reach; managers and IT generate and delete; an export is asked for apart."""
    actors = [await world.actor(name) for name in ("ana", "carla", "diego", "irene")]
    assert {name: tuple(actor.scope(name) for actor in actors) for name in SCOPES} == SCOPES


DEEDS = {  # what is asked: who gets it
    ("GET", "/api/v1/contacts"): "ana carla diego irene",
    ("PATCH", "/api/v1/contacts/{own}"): "ana carla diego irene",
    ("DELETE", "/api/v1/contacts/{own}"): "diego irene",
    ("POST", "/api/v1/generator"): "diego irene",
    ("GET", "/api/v1/exports?format=csv"): "carla diego irene",
}


@pytest.mark.parametrize("who", ["ana", "carla", "diego", "irene"])
async def test_the_doors_keep_to_it(world: World, who: str) -> None:
    api, boss = await world.api_as(who), await world.api_as("diego")
    own = (await boss.post("/api/v1/contacts", json={"name": "De Ventas", "team": world.teams["Ventas"]})).json()["id"]
    bodies = {"PATCH": {"notes": "x"}, "POST": {"amount": 1}}
    for (method, path), allowed in DEEDS.items():
        answer = await api.request(method, path.format(own=own), json=bodies.get(method))
        assert (answer.status_code < 300) is (who in allowed), f"{who}: {method} {path} {answer.text}"
        assert answer.status_code < 300 or answer.status_code == 403


async def test_the_statuses_are_those_of_the_call_list_in_its_order(desk: Desk) -> None:
    async with desk.unit(write=False) as db:
        found = await all_statuses(db)
        assert [(s.code, s.priority, s.protected, s.after_months) for s in found] == STATUSES
    assert START == "SIN_GESTIONAR"
