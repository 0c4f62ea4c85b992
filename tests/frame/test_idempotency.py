"""The same Idempotency-Key gets the same answer and the work is done once."""

import asyncio
from typing import Any

import pytest
from litestar import Litestar, Request, Response, post
from litestar.di import NamedDependency, Provide
from litestar.params import JSONBody
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.actor import Actor
from app.frame.db import Base
from app.frame.errors import HANDLERS
from app.frame.idempotency import Idempotency, IdempotencyKey, idempotent
from tests.beds.offices import Client

WORK: list[dict[str, Any]] = []


@post("/api/things")
@idempotent
async def make_thing(
    request: Request[Any, Any, Any],
    db: NamedDependency[AsyncSession],
    data: JSONBody[dict[str, Any]],
    idempotency_key: IdempotencyKey = None,
) -> Response[dict[str, Any]]:
    """Counts."""
    WORK.append(data)
    if data.get("fail"):
        raise RuntimeError("no")
    return Response({"number": len(WORK)}, status_code=201, headers={"Location": f"/things/{len(WORK)}"})


@pytest.fixture
async def client(database):
    async with database.write_engine.begin() as connection:
        await connection.run_sync(lambda c: Base.metadata.create_all(c, tables=[Idempotency.__table__]))

    async def provide():
        async with database.unit() as db:
            yield db

    async def who(request: Request[Any, Any, Any]) -> None:
        request.scope["user"] = Actor(user_id=int(request.headers.get("x-user", "1")))

    app = Litestar([make_thing], dependencies={"db": Provide(provide)}, before_request=who, exception_handlers=HANDLERS)
    WORK.clear()
    async with Client(app) as client:
        yield client


async def send(client, key="k1", body=None, user="1"):
    return await client.post("/api/things", json=body or {"a": 1}, headers={"Idempotency-Key": key, "x-user": user})


async def test_it_works(client):
    first, again = await send(client), await send(client)
    assert (first.status_code, first.json(), first.headers["location"]) == (201, {"number": 1}, "/things/1")
    assert (again.status_code, again.json(), again.headers["location"]) == (201, {"number": 1}, "/things/1")
    assert again.headers["idempotent-replayed"] == "true"
    assert len(WORK) == 1


async def test_without_a_key_each_post_is_its_own(client):
    await client.post("/api/things", json={})
    await client.post("/api/things", json={})
    assert len(WORK) == 2


async def test_another_body_under_the_same_key_is_refused(client):
    await send(client)
    assert (await send(client, body={"a": 2})).status_code == 422
    assert len(WORK) == 1


async def test_keys_of_different_people_are_strangers(client):
    assert (await send(client)).json() != (await send(client, user="2")).json()


async def test_work_that_failed_may_be_tried_again(client, database):
    assert (await send(client, body={"fail": 1})).status_code == 500
    async with database.unit(write=False) as db:
        assert (await db.scalars(select(Idempotency))).all() == []


async def test_two_at_once_do_the_work_once(client):
    answers = await asyncio.gather(*(send(client) for _n in range(6)))
    assert {a.text for a in answers} == {'{"number":1}'}
    assert len(WORK) == 1


async def test_a_key_with_spaces_is_refused(client):
    assert (await send(client, key="a b")).status_code == 422
