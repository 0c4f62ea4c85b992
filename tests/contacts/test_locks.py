"""One person edits at a time; the others see who."""

from datetime import timedelta

import pytest
from sqlalchemy import update

from app.contacts.bin import delete_contact
from app.contacts.held import live_lock
from app.contacts.locks import lock_contact, sweep_locks, take_over, unlock_contact
from app.contacts.models import Lock
from app.contacts.service import change_contact
from app.frame.db import now_utc
from app.frame.refused import Conflict, Forbidden, NotFound
from tests.contacts.desk import ANA, BETO, Desk, agent, number

LEAD = agent(9, "Carla Méndez", takeover="team")


async def holder(desk: Desk, contact_id: int) -> str:
    async with desk.unit(write=False) as db:
        lock = await live_lock(db, contact_id)
        return lock.who if lock else ""


async def expire(desk: Desk, contact_id: int) -> None:
    async with desk.unit() as db:
        past = now_utc() - timedelta(seconds=1)
        await db.execute(update(Lock).where(Lock.contact_id == contact_id).values(until=past))


async def test_it_works(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await lock_contact(db, one, 10)
    async with desk.unit(BETO) as db:
        with pytest.raises(Conflict) as refused:
            await lock_contact(db, one, 10)
        assert refused.value.extra["locked_by"] == "Ana Solano"
        assert "Ana Solano" in refused.value.sentence
        with pytest.raises(Conflict):
            await change_contact(db, one, {"notes": "x"})
    async with desk.unit(ANA) as db:
        await change_contact(db, one, {"notes": "mío"})
        await unlock_contact(db, one)
    async with desk.unit(BETO) as db:
        await change_contact(db, one, {"notes": "ahora sí"})


async def test_what_somebody_edits_is_not_thrown_away_under_their_hands(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await lock_contact(db, one, 10)
    async with desk.unit() as db:
        with pytest.raises(Conflict) as refused:
            await delete_contact(db, one)
        assert refused.value.extra["locked_by"] == "Ana Solano"
    assert (await desk.contact(one)).deleted_at is None
    await expire(desk, one)
    async with desk.unit() as db:
        await delete_contact(db, one)
    assert (await desk.contact(one)).deleted_at is not None


async def test_typing_extends_and_keeps_since_when(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        first = await lock_contact(db, one, 1)
        since, until = first.since, first.until
    async with desk.unit(ANA) as db:
        again = await lock_contact(db, one, 10)
    assert again.since == since
    assert again.until > until


async def test_nobody_holds_for_more_than_an_hour(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        lock = await lock_contact(db, one, 100_000)
    assert lock.until - now_utc() <= timedelta(minutes=60)


async def test_a_lock_that_ran_out_stops_nobody(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await lock_contact(db, one, 10)
    await expire(desk, one)
    async with desk.unit(BETO) as db:
        await lock_contact(db, one, 10)
    assert await holder(desk, one) == "Beto Chaves"


async def test_the_sweep_removes_what_ran_out_alone(desk: Desk) -> None:
    one, other = await desk.plant("Marvin", number(1)), await desk.plant("Nidia", number(2))
    async with desk.unit(ANA) as db:
        await lock_contact(db, one, 10)
        await lock_contact(db, other, 10)
    await expire(desk, one)
    async with desk.unit() as db:
        assert await sweep_locks(db) == 1
        assert await db.get(Lock, one) is None
        assert db.info["nudges"] == {f"contact-{one}": None}
    assert await holder(desk, other) == "Ana Solano"


async def test_only_a_lead_takes_over(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await lock_contact(db, one, 10)
    async with desk.unit(BETO) as db:
        with pytest.raises(Forbidden):
            await take_over(db, one, 10)
    async with desk.unit(LEAD) as db:
        await take_over(db, one, 10)
        assert [e["verb"] for e in db.info["audit"]] == ["contacts.taken_over"]
    assert await holder(desk, one) == "Carla Méndez"
    async with desk.unit(ANA) as db:
        with pytest.raises(Conflict):
            await lock_contact(db, one, 10)


async def test_nobody_gives_back_what_another_holds(desk: Desk) -> None:
    one = await desk.plant("Marvin", number(1))
    async with desk.unit(ANA) as db:
        await lock_contact(db, one, 10)
    async with desk.unit(BETO) as db:
        await unlock_contact(db, one)
    assert await holder(desk, one) == "Ana Solano"


async def test_what_is_in_the_bin_or_out_of_reach_is_not_locked(desk: Desk) -> None:
    one, foreign = await desk.plant("Marvin", number(1)), await desk.plant("Ajeno", number(2), team_id=2)
    async with desk.unit() as db:
        await delete_contact(db, one)
    async with desk.unit(ANA) as db:
        with pytest.raises(Conflict):
            await lock_contact(db, one, 10)
        with pytest.raises(NotFound):
            await lock_contact(db, foreign, 10)
