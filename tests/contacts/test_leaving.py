"""A team goes: its contacts belong to none, at once or in the night."""

import pytest

from app.accounts.events import TeamDeleted
from app.accounts.teams import create_team, delete_team, get_team
from app.contacts import leaving
from app.contacts.bin import put_in_bin
from app.contacts.leaving import free_strays, leave_team
from app.contacts.models import Contact
from tests.contacts.desk import Desk, number


async def test_it_works(desk: Desk) -> None:
    """What somebody may see goes at once; what lies in the bin in the night, and history tells both."""
    async with desk.unit() as db:
        gone, other = await create_team(db, "Cobros"), await create_team(db, "Ventas")
    seen, binned, theirs = [
        await desk.plant(name, number(i), team_id=team)
        for i, (name, team) in enumerate((("Marvin", gone.id), ("Karla", gone.id), ("Luis", other.id)))
    ]
    async with desk.unit() as db:
        await put_in_bin(db, await db.get_one(Contact, binned))
    async with desk.unit() as db:
        await delete_team(db, await get_team(db, gone.id))
        await leave_team(db, TeamDeleted(gone.id))
    assert (await desk.contact(seen)).team_id is None
    assert (await desk.contact(binned)).team_id == gone.id
    async with desk.unit() as db:
        assert await free_strays(db)
    async with desk.unit() as db:
        assert not await free_strays(db)
    assert (await desk.contact(binned)).team_id is None
    assert (await desk.contact(theirs)).team_id == other.id
    for contact in (seen, binned):
        last = (await desk.changes(contact, "team_id"))[-1]
        assert (last.before, last.after) == (gone.id, None)


async def test_however_many_there_are(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some at a time, so that the writer is never held for long."""
    monkeypatch.setattr(leaving, "CHUNK", 2)
    async with desk.unit() as db:
        gone = await create_team(db, "Cobros")
    strays = [await desk.plant("Marvin", number(i), team_id=gone.id) for i in range(5)]
    async with desk.unit() as db:
        for contact in strays:
            await put_in_bin(db, await db.get_one(Contact, contact))
        await delete_team(db, await get_team(db, gone.id))
    left = []
    more = True
    while more:
        async with desk.unit() as db:
            more = await free_strays(db)
        left.append(sum([(await desk.contact(contact)).team_id is not None for contact in strays]))
    assert left == [3, 1, 0, 0]
