"""API keys and bearer tokens."""

import asyncio
from datetime import timedelta

import pytest

from app.accounts import keys, people
from app.accounts.budgets import LoginBudgets
from app.accounts.cache import cache_of
from app.accounts.limits import Limits
from app.frame.db import now_utc
from tests.beds.offices import Client
from tests.world import PASSWORD


async def test_it_works(world):
    async with await world.api_as("ana") as ana:
        me = (await ana.get("/api/v1/me")).json()
    assert (me["username"], me["role"], me["via"]) == ("ana", "agent", "key")
    assert me["team_ids"] == [world.teams["Ventas"]]


@pytest.mark.parametrize("path", ["/login", "/api/v1/auth/token"])
async def test_name_and_password_give_a_bearer_token(client, world, path):
    answer = await client.post(path, json={"username": "carla", "password": PASSWORD})
    assert answer.status_code == 200
    token = answer.json()
    assert (token["token_type"], token["expires_in"]) == ("bearer", 24 * 3600)
    me = await client.get("/api/v1/me", headers={"Authorization": f"Bearer {token['access_token']}"})
    assert me.json()["name"] == "Carla Méndez"


async def test_a_token_can_be_revoked_at_once(client, world):
    answer = await client.post("/login", json={"username": "carla", "password": PASSWORD})
    headers = {"Authorization": f"Bearer {answer.json()['access_token']}"}
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 200
    assert (await client.delete("/api/v1/auth/token", headers=headers)).status_code == 204
    assert (await client.get("/api/v1/me", headers=headers)).status_code == 401


async def test_wrong_credentials_are_problem_details(client, world):
    answer = await client.post("/login", json={"username": "carla", "password": "no es esta"})
    assert answer.status_code == 401
    assert answer.headers["content-type"] == "application/problem+json"
    assert "coinciden" in answer.json()["detail"]


async def test_the_cookie_opens_no_door_of_the_api_and_a_key_no_page(world):
    diego = await world.client_as("diego")
    assert (await diego.get("/api/v1/me")).status_code == 401
    key = await world.api_key_for("diego")
    async with Client(world.app, headers={"X-API-Key": key}) as program:
        assert (await program.get("/ajustes")).status_code in (303, 404)
        assert (await program.get("/entrar")).status_code == 200


async def test_a_key_keeps_only_the_permissions_it_was_given(world):
    async with await world.api_as("diego", ["audit.view", "no.such"]) as narrow:
        assert (await narrow.get("/api/v1/me")).json()["permissions"] == {"audit.view": "all"}


async def test_a_revoked_key_or_a_disabled_owner_stops_at_once(world, office):
    program = await world.api_as("ana")
    assert (await program.get("/api/v1/me")).status_code == 200
    async with office.database.unit() as db:
        (row,) = await keys.keys_of(db, world.ana)
        await keys.revoke_key(db, world.ana, row.id)
    assert (await program.get("/api/v1/me")).status_code == 401
    other = await world.api_as("beto")
    assert (await other.get("/api/v1/me")).status_code == 200
    async with office.database.unit() as db:
        await people.disable_person(db, await people.get_person(db, world.beto))
    assert (await other.get("/api/v1/me")).status_code == 401


async def test_a_key_ends_on_its_day_also_where_it_is_remembered(world, office):
    async with office.database.unit() as db:
        text = await keys.create_key(db, await people.get_person(db, world.ana), name="un día", days=1)
    async with Client(world.app, headers={"X-API-Key": text}) as program:
        assert (await program.get("/api/v1/me")).status_code == 200
        async with office.database.unit() as db:
            (row,) = await keys.keys_of(db, world.ana)
            row.expires_at = now_utc() + timedelta(seconds=3)
        cache_of(office).forget()
        assert (await program.get("/api/v1/me")).status_code == 200
        await asyncio.sleep(3.1)
        assert (await program.get("/api/v1/me")).status_code == 401


async def test_use_is_noted(world, office):
    from app.accounts.jobs import write_uses

    async with await world.api_as("ana") as program:
        await program.get("/api/v1/me")
    await write_uses(office)
    async with office.database.unit(write=False) as db:
        (row,) = await keys.keys_of(db, world.ana)
    assert row.used_at is not None
    assert row.used_ip == "127.0.0.1"


async def test_a_key_that_asks_too_often_is_told_how_long_to_wait(world, office):
    office.state["accounts.limits"] = Limits(2)
    async with await world.api_as("ana") as program:
        answers = [await program.get("/api/v1/me") for _n in range(3)]
    assert [a.status_code for a in answers] == [200, 200, 429]
    assert 1 <= int(answers[2].headers["retry-after"]) <= 60


async def test_too_many_logins_are_told_how_long_to_wait(client, world, office):
    office.state["accounts.budgets"] = LoginBudgets(2)
    said = {"username": "carla", "password": "no es esta"}
    answers = [await client.post("/login", json=said) for _n in range(3)]
    assert [a.status_code for a in answers] == [401, 401, 429]
    assert int(answers[2].headers["retry-after"]) >= 1


@pytest.mark.parametrize("body", ["{", "[]", '{"username": 3, "password": "x"}', '{"username": "a"}', ""])
async def test_bad_bodies_are_no_surprise(client, world, body):
    answer = await client.post("/login", content=body, headers={"content-type": "application/json"})
    assert answer.status_code in (400, 422)
    assert answer.json()["detail"]
