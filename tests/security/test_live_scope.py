"""Who hears of a contact follows the contact: what moves out of somebody's reach is not told to them any more."""

import asyncio

import pytest

from app.accounts import matrix, people
from app.contacts.service import ContactIn, change_contact, create_contact
from app.frame.actor import SYSTEM
from app.frame.listener import Listener

END = "people"  # everybody here hears it, so what comes before it has been decided


@pytest.fixture
async def contact(office, world):
    """One of the sales team's."""
    async with office.database.unit(actor=SYSTEM) as db:
        return (await create_contact(db, ContactIn(name="Elena Mora", team_id=world.teams["Ventas"]))).id


@pytest.fixture
async def ears(office, world):
    """Open streams by name."""
    opened = []

    async def start(name):
        async def again():
            return await world.actor(name)

        chunks = office.live.stream(Listener(await world.actor(name)), "", again)
        opened.append(chunks)
        await anext(chunks)
        return chunks

    yield start
    for chunks in opened:
        await chunks.aclose()


async def until_end(chunks) -> list[str]:
    """The names heard up to END."""
    heard: list[str] = []
    async with asyncio.timeout(5):
        while END not in heard:
            lines = (await anext(chunks)).decode().splitlines()
            heard += [line.removeprefix("data: ") for line in lines if line.startswith("data: ")]
    return [name for name in heard if name != END]


async def move(office, contact_id, **wanted):
    async with office.database.unit(actor=SYSTEM) as db:
        await change_contact(db, contact_id, wanted)


async def test_it_works(office, world, contact, ears):
    carla = await ears("carla")
    office.live.publish(f"contact-{contact}", END)
    assert await until_end(carla) == [f"contact-{contact}"]


async def test_a_contact_that_moves_to_another_team_is_not_heard_any_more(office, world, contact, ears):
    carla, diego = await ears("carla"), await ears("diego")
    office.live.publish(f"contact-{contact}", END)
    assert await until_end(carla) == [f"contact-{contact}"]
    await move(office, contact, team_id=world.teams["Soporte"])
    office.live.publish(f"contact-{contact}", END)
    assert f"contact-{contact}" not in await until_end(carla)
    assert f"contact-{contact}" in await until_end(diego)


async def test_a_contact_that_moves_in_is_heard(office, world, contact, ears):
    await move(office, contact, team_id=world.teams["Soporte"])
    carla = await ears("carla")
    office.live.publish(f"contact-{contact}", END)
    assert f"contact-{contact}" not in await until_end(carla)
    await move(office, contact, team_id=world.teams["Ventas"])
    office.live.publish(END)
    assert f"contact-{contact}" in await until_end(carla)


async def test_a_narrower_right_counts_at_once(office, world, contact, ears):
    carla = await ears("carla")
    permission = next(p for p in matrix.declared(office.modules.values()) if p.name == "contacts.view")
    async with office.database.unit() as db:
        await matrix.grant(db, "lead", permission, "own")
    office.live.publish(f"contact-{contact}", END)
    assert f"contact-{contact}" not in await until_end(carla)


async def test_who_changes_team_hears_of_the_new_one_alone(office, world, contact, ears):
    carla = await ears("carla")
    async with office.database.unit(actor=SYSTEM) as db:
        user = await people.get_person(db, world.carla)
        await people._put_in_teams(db, user.id, [world.teams["Soporte"]])
    office.live.publish(f"contact-{contact}", END)
    assert f"contact-{contact}" not in await until_end(carla)
    await move(office, contact, team_id=world.teams["Soporte"])
    office.live.publish(END)
    assert f"contact-{contact}" in await until_end(carla)


async def test_a_page_that_comes_back_is_judged_by_how_things_stand_now(office, world, contact, ears):
    carla = await ears("carla")
    at = office.live.at()
    office.live.publish(f"contact-{contact}", END)
    await until_end(carla)
    await move(office, contact, team_id=world.teams["Soporte"])
    office.live.publish(END)
    await until_end(carla)
    again = office.live.stream(Listener(await world.actor("carla")), at, None)
    await anext(again)
    assert f"contact-{contact}" not in await until_end(again)
    await again.aclose()
