"""A restored backup opens no door that was closed since it was made."""

from typing import Any

import pytest
from sqlalchemy import select, update

from app.accounts import invitations, keys, people, withdrawn
from app.accounts.models import ApiKey, Invitation, RecoveryCode, Session, User
from app.frame.actor import SYSTEM
from app.frame.db import now_utc
from tests.beds.offices import Client
from tests.world import World


async def known_of(world: World) -> withdrawn.Withdrawn:
    async with world.office.database.unit(write=False) as db:
        connection = await db.connection()
        return await connection.run_sync(withdrawn.withdrawn)


async def withdraw(world: World, known: withdrawn.Withdrawn | None) -> withdrawn.Ended:
    async with world.office.database.unit(actor=SYSTEM) as db:
        return await withdrawn.withdraw(db, known)


async def as_before(world: World, *stated: Any) -> None:
    """Put back what a backup would bring."""
    async with world.office.database.unit(actor=SYSTEM) as db:
        for statement in stated:
            await db.execute(statement)


async def test_it_works(world: World) -> None:
    irene, ana = await world.client_as("irene"), await world.client_as("ana")
    revoked, kept = await world.api_as("ana"), await world.api_as("beto")
    async with world.office.database.unit(actor=SYSTEM) as db:
        await keys.revoke_key(db, world.ana, (await keys.keys_of(db, world.ana))[0].id)
    known = await known_of(world)
    await as_before(world, update(ApiKey).values(revoked_at=None))
    ended = await withdraw(world, known)
    assert (ended.sessions, ended.keys, ended.people, ended.verified) == (2, 1, [], True)
    assert [(await c.get("/contactos")).status_code for c in (irene, ana)] == [303, 303]
    assert (await revoked.get("/api/v1/me")).status_code == 401
    assert (await kept.get("/api/v1/me")).status_code == 200


@pytest.mark.sqlite_only
async def test_every_key_is_revoked_when_nobody_can_tell_which_were(world: World) -> None:
    keyed = await world.api_as("beto")
    ended = await withdraw(world, None)
    assert (ended.keys, ended.verified) == (1, False)
    assert (await keyed.get("/api/v1/me")).status_code == 401


async def test_tokens_links_and_used_codes_stay_closed(world: World) -> None:
    async with world.office.database.unit(actor=SYSTEM) as db:
        await invitations.make_link(db, await people.get_person(db, world.ana), "http://office.test")
        db.add(RecoveryCode(user_id=world.ana, code_hash=b"u" * 32, used_at=now_utc()))
        db.add(RecoveryCode(user_id=world.ana, code_hash=b"f" * 32))
    known = await known_of(world)
    await as_before(world, update(RecoveryCode).values(used_at=None))
    given = await (await world.client_as("beto")).post(
        "/api/v1/auth/token", json={"username": "beto@irazu.example", "password": "el cafe de la tarde"}
    )
    token = given.json()["access_token"]
    await withdraw(world, known)
    async with world.office.database.unit(write=False) as db:
        assert await db.scalar(select(Invitation.id).where(Invitation.used_at.is_(None))) is None
        codes = {c.code_hash[:1]: c.used_at is not None for c in await db.scalars(select(RecoveryCode))}
        assert await db.scalar(select(Session.id)) is None
    assert codes == {b"u": True, b"f": False}
    async with Client(world.app, headers={"Authorization": f"Bearer {token}"}) as program:
        assert (await program.get("/api/v1/me")).status_code == 401


@pytest.mark.sqlite_only
async def test_who_was_disabled_since_stays_out(world: World) -> None:
    async with world.office.database.unit(actor=SYSTEM) as db:
        await people.disable_person(db, await people.get_person(db, world.ana))
    known = await known_of(world)
    await as_before(world, update(User).values(disabled_at=None))
    assert (await withdraw(world, known)).people == ["Ana Solano"]


@pytest.mark.sqlite_only
async def test_the_office_is_never_left_without_who_administers_it(world: World) -> None:
    known = withdrawn.Withdrawn(people=["irene@irazu.example", "diego@irazu.example"])
    assert (await withdraw(world, known)).people == []
    async with world.office.database.unit(write=False) as db:
        assert await db.scalar(select(User.id).where(User.disabled_at.is_not(None))) is None
