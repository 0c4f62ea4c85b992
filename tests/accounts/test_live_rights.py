"""What the live stream tells follows the rights of its person, at once."""

import asyncio

import pytest

from app.accounts import matrix, people
from app.frame.listener import Listener


@pytest.fixture
async def stream(office, world):
    """Carla's stream after its greeting."""
    opened = []

    async def again():
        async with office.database.unit(write=False) as db:
            user = await people.get_person(db, world.carla)
        return None if user.disabled_at else await world.actor("carla")

    async def start():
        chunks = office.live.stream(Listener(await world.actor("carla")), "", again)
        opened.append(chunks)
        await anext(chunks)
        return one_by_one(chunks)

    yield start
    for chunks in opened:
        await chunks.aclose()


async def one_by_one(chunks):
    """The names, as a browser hears them; heartbeats are none."""
    async for chunk in chunks:
        for line in chunk.decode().splitlines():
            if line.startswith("data: "):
                yield line.removeprefix("data: ")


async def heard(names) -> str:
    async with asyncio.timeout(5):
        return await anext(names)


async def test_it_works(office, world, stream):
    chunks = await stream()
    office.live.publish("people")
    assert await heard(chunks) == "people"


async def test_who_is_disabled_hears_nothing_more(office, world, stream):
    chunks = await stream()
    async with office.database.unit() as db:
        await people.disable_person(db, await people.get_person(db, world.carla))
    office.live.publish("audit-chain")
    with pytest.raises(StopAsyncIteration):
        await heard(chunks)


async def test_a_permission_taken_away_silences_its_topics(office, world, stream):
    chunks = await stream()
    permission = next(p for p in matrix.declared(office.modules.values()) if p.name == "audit.view")
    async with office.database.unit() as db:
        await matrix.grant(db, "lead", permission, "all")
    office.live.publish("audit-chain")
    while (name := await heard(chunks)) == "people":
        continue
    assert name == "audit-chain"
    async with office.database.unit() as db:
        await matrix.grant(db, "lead", permission, "")
    office.live.publish("audit-chain", "people")
    assert await heard(chunks) == "people"


async def test_a_person_of_another_team_is_none_of_her_business(office, world, stream):
    chunks = await stream()
    office.live.publish(f"person-{world.beto}", f"person-{world.ana}")
    assert await heard(chunks) == f"person-{world.ana}"
