"""Generating against the office: no number that somebody has, none that asked not to be called; saved as contacts."""

from typing import Any

import msgspec
from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import events
from app.contacts.addresses import match_of
from app.contacts.generator.errors import GeneratorError
from app.contacts.generator.generate import Generated, generate
from app.contacts.generator.numbering import checked, costa_rica
from app.contacts.history import open_batch
from app.contacts.models import Address, Contact, ContactTag, Tag
from app.contacts.models_consent import Block
from app.contacts.models_history import Batch
from app.contacts.service import hold_numbers
from app.contacts.statuses import START, status_by_code
from app.contacts.tagging import ensure_tags
from app.contacts.writing import search_text
from app.frame import audit, bus, live
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.profile import read_value, save_values
from app.frame.refused import Forbidden, Refused

SHARES = "contacts.generator_shares"
CHUNK = 500


class Asked(msgspec.Struct, kw_only=True):
    """What is asked of the generator; the same seed gives the same numbers while the office's numbers are the same."""

    amount: int
    method: str = "stratified"
    seed: str = ""


async def shares_of(db: AsyncSession) -> dict[str, float]:
    """Percent by operator: the office's own, else those of the data file."""
    return await read_value(db, SHARES) or costa_rica().shares


async def save_shares(db: AsyncSession, shares: dict[str, float]) -> dict[str, float]:
    """Keep the office's own shares. Raises Refused unless each operator has one and they add up to 100."""
    _refuse_strangers(db)
    try:
        kept = checked(shares, costa_rica())
    except GeneratorError as error:
        raise Refused(error.sentence, error.field) from error
    await save_values(db, **{SHARES: kept})
    return kept


def _refuse_strangers(db: AsyncSession) -> None:
    if not actor_of(db).may("contacts.generate"):
        raise Forbidden(_("Pida a la persona administradora que los genere."), permission="contacts.generate")


async def make_numbers(db: AsyncSession, asked: Asked) -> list[Generated]:
    """Exactly as many as asked, none taken, none blocked. Raises Refused with the field at fault.

    The database is asked only about the numbers drawn: those found taken are known at the next try, and the draw
    ends as if all had been known from the start.
    """
    _refuse_strangers(db)
    shares, taken = await shares_of(db), set[str]()
    seed = asked.seed or None
    if seed is None:
        seed = str(now_utc().timestamp())
    while True:
        try:
            batch = generate(asked.amount, asked.method, seed, taken, shares)
        except GeneratorError as error:
            raise Refused(error.sentence, error.field) from error
        found = await _taken(db, [g.e164 for g in batch])
        if not found:
            return batch
        taken |= found


async def _taken(db: AsyncSession, numbers: list[str]) -> set[str]:
    """Which of these a contact has, also one in the bin, or somebody asked not to be called at."""
    found: set[str] = set()
    for start in range(0, len(numbers), CHUNK):
        some = [match_of("phone", n) for n in numbers[start : start + CHUNK]]
        found |= set(await db.scalars(select(Address.match).where(Address.match.in_(some))))
        blocked = select(Block.match).where(Block.match.in_(some), Block.lifted_at.is_(None))
        found |= {m for m in await db.scalars(blocked) if m}
    return {m.removeprefix("tel:") for m in found}


async def save_numbers(db: AsyncSession, asked: Asked, tags: list[str]) -> tuple[Batch, list[Generated]]:
    """Generate and keep as contacts of provenance `generated`: no consent, so a person may call, bulk may not write."""
    await hold_numbers(db)
    batch = await make_numbers(db, asked)
    record = await open_batch(db, "generated", amount=asked.amount, method=asked.method, seed=asked.seed)
    record.total = record.done = len(batch)
    kept = await ensure_tags(db, tags)
    ids = await _insert(db, batch, record.id, kept)
    for contact_id in ids:
        await bus.emit(db, events.ContactCreated(contact_id, "generated"))
    after = {"amount": len(batch), "method": asked.method, "seed": asked.seed, "first_id": ids[0], "last_id": ids[-1]}
    audit.record(db, "contacts.generated", "batch", record.id, after=after)
    live.nudge(db, "contacts")
    return record, batch


async def _insert(db: AsyncSession, batch: list[Generated], batch_id: int, tags: list[Tag]) -> list[int]:
    names, status = [t.name for t in tags], await status_by_code(db, START)
    rows = [_contact(g, batch_id, status.id, names) for g in batch]
    made = await db.execute(insert(Contact).returning(Contact.id, sort_by_parameter_order=True), rows)
    ids = list(made.scalars())
    addresses = [_address(g, contact_id) for g, contact_id in zip(batch, ids, strict=True)]
    await db.execute(insert(Address), addresses)
    if tags:
        await db.execute(insert(ContactTag), [{"contact_id": i, "tag_id": t.id} for i in ids for t in tags])
    return ids


def _contact(one: Generated, batch_id: int, status_id: int, tags: list[str]) -> dict[str, Any]:
    now = now_utc()
    return {
        "name": one.e164, "name_key": one.e164, "phone": one.e164, "country": costa_rica().country, "tags": tags,
        "search": search_text(one.e164, "", [one.e164], "", tags), "status_id": status_id, "custom": {},
        "provenance": "generated", "provenance_id": batch_id, "created_at": now, "updated_at": now, "seen_at": now,
    }  # fmt: skip


def _address(one: Generated, contact_id: int) -> dict[str, Any]:
    return {
        "contact_id": contact_id, "channel": "phone", "external_id": one.e164, "match": match_of("phone", one.e164),
        "operator": one.operator, "label": "", "position": 0, "live": True, "created_at": now_utc(),
    }  # fmt: skip
