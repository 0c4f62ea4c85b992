"""Everything one contact's page shows, read once."""

from typing import Any

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import people, teams
from app.contacts.blocks import blocks_of
from app.contacts.consents import consents_of
from app.contacts.fields import all_fields
from app.contacts.held import live_lock
from app.contacts.merging import merges_of
from app.contacts.models import Address, Contact, CustomField, Lock, Status
from app.contacts.models_consent import Block, Consent
from app.contacts.models_history import Merge
from app.contacts.scope import sees
from app.contacts.service import get_contact
from app.contacts.statuses import all_statuses
from app.frame.actor import actor_of


class Card(msgspec.Struct, kw_only=True):
    """A contact with the names its page needs and what this person may do with it."""

    contact: Contact
    statuses: list[Status]
    people: list[tuple[int, str]]
    names: dict[int, str]
    teams: dict[int, str]
    fields: list[CustomField]
    blocks: list[Block]
    consents: list[Consent]
    merges: list[Merge]
    lock: Lock | None
    may: dict[str, bool]
    mine: bool

    @property
    def custom(self) -> list[tuple[str, Any, str]]:
        """(title, value, kind) of the office's own fields that are filled in."""
        values = self.contact.custom
        return [(f.title, values[f.key], f.kind) for f in self.fields if f.key in values]

    @property
    def ways(self) -> list[tuple[Address, list[str]]]:
        """Each number or mailbox once, with the channels that it serves."""
        found: dict[str, tuple[Address, list[str]]] = {}
        for address in self.contact.addresses:
            found.setdefault(address.match, (address, []))[1].append(address.channel)
        return list(found.values())

    @property
    def barred(self) -> bool:
        """Whether this person wants no contact at all; `contact.blocked` also marks lesser wishes."""
        mine = (b for b in self.blocks if not b.lifted_at and b.channel == b.purpose == "*")
        return any(b.match is None or len(self.ways) == 1 for b in mine)


RIGHTS = ("edit", "delete", "takeover", "block", "unblock", "erase")


async def read_card(db: AsyncSession, contact_id: int) -> Card:
    """Raises NotFound."""
    contact = await get_contact(db, contact_id)
    actor = actor_of(db)
    everyone = await people(db)
    lock = await live_lock(db, contact_id)
    return Card(
        contact=contact,
        statuses=await all_statuses(db),
        people=[(p.id, p.name) for p in everyone if not p.disabled or p.id == contact.owner_id],
        names={p.id: p.name for p in everyone},
        teams={t.id: t.name for t in await teams(db)},
        fields=await all_fields(db),
        blocks=await blocks_of(db, contact_id),
        consents=await consents_of(db, contact_id),
        merges=await merges_of(db, contact_id),
        lock=lock,
        may={right: sees(actor, contact, f"contacts.{right}") for right in RIGHTS},
        mine=lock is not None and lock.user_id == actor.user_id,
    )
