"""A desk with a database and no web around it: contacts planted by hand, services called by people."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.models import Team, User
from app.contacts.models import Contact
from app.contacts.models_consent import Block, Consent
from app.contacts.models_history import Change, Merge
from app.contacts.service import AddressIn, ContactIn, create_contact
from app.contacts.statuses import seed_statuses
from app.frame import audit
from app.frame.actor import Actor
from app.frame.db import Database, now_utc

DIEGO = Actor(user_id=1, name="Diego Rojas", role="manager", everything=True, via="session")
CAST = range(1, 10)  # people and teams, numbered as they come: to whom contacts may belong
EVERY = ("view", "edit", "delete", "takeover", "block", "unblock")


def agent(user_id: int, name: str, *, teams: tuple[int, ...] = (), **grants: str) -> Actor:
    """Somebody with a team's reach over contacts, or what `grants` say: `agent(2, "Ana", delete="all")`."""
    usual = {"contacts.view": "team", "contacts.edit": "team", "contacts.block": "team"}
    given = {f"contacts.{name}": scope for name, scope in grants.items()}
    return Actor(user_id=user_id, name=name, role="agent", team_ids=teams, grants=usual | given, via="session")


ANA, BETO = agent(2, "Ana Solano", teams=(1,)), agent(3, "Beto Chaves", teams=(2,))


def number(n: int) -> str:
    """The n-th mobile number of Costa Rica."""
    return f"+506881{n:05d}"


class Desk:
    """`async with desk.unit(ANA) as db:`; without a name it is Diego, who may do everything."""

    def __init__(self, database: Database) -> None:
        self.database = database

    @asynccontextmanager
    async def unit(self, actor: Actor = DIEGO, *, write: bool = True) -> AsyncIterator[AsyncSession]:
        async with self.database.unit(write=write, actor=actor) as db:
            yield db

    async def plant(self, name: str, *phones: str, actor: Actor = DIEGO, email: str = "", **more: Any) -> int:
        typed = [AddressIn("phone", phone) for phone in phones] + [AddressIn("email", email)]
        async with self.unit(actor) as db:
            return (await create_contact(db, ContactIn(name=name, addresses=typed, **more))).id

    async def contact(self, contact_id: int) -> Contact:
        async with self.unit(write=False) as db:
            return await db.get_one(Contact, contact_id)

    async def changes(self, contact_id: int, field: str = "") -> list[Change]:
        found = select(Change).where(Change.contact_id == contact_id).order_by(Change.id)
        async with self.unit(write=False) as db:
            return list(await db.scalars(found.where(Change.field == field) if field else found))

    async def clear(self) -> None:
        """Nobody and nothing, for the next example of a property."""
        async with self.unit() as db:
            for table in (Block, Consent, Merge, Change, Contact):
                await db.execute(delete(table))


async def open_desk(database: Database) -> Desk:
    database.before_commit.append(audit.write_chain)
    desk = Desk(database)
    at = now_utc()
    async with desk.unit() as db:
        await seed_statuses(db)
        people = [{"email": f"p{n}@desk.example", "username": f"p{n}", "name": f"Persona {n}"} for n in CAST]
        await db.execute(insert(User), [one | {"role": "agent", "created_at": at} for one in people])
        await db.execute(insert(Team), [{"name": f"Equipo {n}", "created_at": at} for n in CAST])
    return desk
