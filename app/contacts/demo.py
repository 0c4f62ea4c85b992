"""Five thousand believable contacts of Costa Rica and Mexico, with what happened to them."""

import random
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import func, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.service import Person, people
from app.contacts.addresses import match_of
from app.contacts.blocks import block_contact
from app.contacts.demo_words import AREAS, GIVEN, NOTES, SIGNS, STATUSES, SURNAMES, TAGS, TRADES
from app.contacts.folding import fold
from app.contacts.models import Address, Contact, ContactTag, Tag
from app.contacts.models_history import Change, Event
from app.contacts.statuses import all_statuses, seed_statuses
from app.contacts.tagging import ensure_tags
from app.contacts.writing import refresh
from app.frame.db import now_utc
from app.frame.i18n import _

AMOUNT = 5000
CHUNK = 500
SEED = 2026
BLOCKED = 40
BINNED = 12


class Scene(msgspec.Struct):
    """What the contacts are drawn from."""

    rng: random.Random
    now: datetime
    statuses: dict[str, Any]
    people: list[Person]
    tags: dict[str, Tag]


async def plant(db: AsyncSession, amount: int = AMOUNT) -> None:
    """Add the contacts, once: an office that has contacts is left as it is."""
    if await db.scalar(select(func.count()).select_from(Contact)):
        return
    await seed_statuses(db)
    statuses = {s.code: s for s in await all_statuses(db)}
    tags = {t.name: t for t in await ensure_tags(db, list(TAGS))}
    scene = Scene(random.Random(SEED), now_utc(), statuses, await people(db, active=True), tags)
    for start in range(0, amount, CHUNK):
        some = [_contact(scene, n) for n in range(start, min(start + CHUNK, amount))]
        db.add_all(some)
        await db.flush()
        await _history(db, scene, some)
        db.expunge_all()
        for thing in (*statuses.values(), *tags.values()):
            db.add(thing)
    await _some_more(db, scene)


def _contact(scene: Scene, n: int) -> Contact:
    rng = scene.rng
    country = "CR" if rng.random() < 0.68 else "MX"
    company = f"{rng.choice(TRADES)} {rng.choice(SIGNS)}" if rng.random() < 0.24 else ""
    name = company if company and rng.random() < 0.3 else _person_name(rng, country)
    born = scene.now - timedelta(days=rng.expovariate(1 / 60), minutes=rng.randrange(1440))
    contact = Contact(
        name=name, company=company, is_company=name == company, country=country, notes=rng.choice(NOTES),
        status=scene.statuses[rng.choices(list(STATUSES), list(STATUSES.values()))[0]],
        tags=rng.sample(TAGS, rng.choices((0, 1, 2, 4), (50, 30, 15, 5))[0]), custom={},
        provenance=rng.choices(("import", "manual", "inbound"), (80, 14, 6))[0], blocked=False, bulk=False,
        created_at=born, updated_at=born, seen_at=born, version=1, addresses=list(_addresses(rng, country, name, n)),
    )  # fmt: skip
    _owned(scene, contact)
    refresh(contact, contact.tags)
    return contact


def _person_name(rng: random.Random, country: str) -> str:
    given = rng.choice(GIVEN) + (f" {rng.choice(GIVEN)}" if rng.random() < 0.25 else "")
    return f"{given} {rng.choice(SURNAMES[country])} {rng.choice(SURNAMES[country])}"


def _addresses(rng: random.Random, country: str, name: str, n: int) -> Iterator[Address]:
    """Valid numbers out of blocks that look empty (84 00 ...), one per contact; some have e-mail or WhatsApp."""
    number = _number(country, n)
    yield _address("phone", number, 0)
    if rng.random() < 0.2:
        yield _address("whatsapp", number, 1)
    if rng.random() < 0.4:
        yield _address("email", f"{'.'.join(fold(name).split()[:2])}{n}@correo.example", 2)


def _number(country: str, n: int) -> str:
    if country == "CR":
        return f"+506{83 + n % 7}00{n:04d}"
    area = AREAS[n % len(AREAS)]
    return f"+52{area}{n + 1_000_000:0{10 - len(area)}d}" if len(area) == 3 else f"+52{area}{n + 10_000_000:08d}"


def _address(channel: str, value: str, position: int) -> Address:
    return Address(
        channel=channel, external_id=value, match=match_of(channel, value), position=position, live=True,
        created_at=now_utc(), label="", operator="",
    )  # fmt: skip


def _owned(scene: Scene, contact: Contact) -> None:
    """Who looks after it, and when they last spoke."""
    rng = scene.rng
    agents = [p for p in scene.people if p.role in ("agent", "lead")] or scene.people
    if agents and rng.random() < 0.6:
        person = rng.choice(agents)
        contact.owner_id, contact.team_id = person.id, (person.team_ids or (None,))[0]
    if contact.status.code != "SIN_GESTIONAR":
        contact.last_contacted_at = _spoken(scene, (scene.now - contact.created_at).days)
        contact.updated_at = contact.seen_at = contact.last_contacted_at
        contact.version = 2


def _spoken(scene: Scene, days: int) -> datetime:
    """An instant in working hours (8 to 18 in Costa Rica), not long ago rather than long ago."""
    day = scene.now - timedelta(days=int(days * scene.rng.random() ** 1.6))
    at = day.replace(hour=14, minute=0, second=0, microsecond=0) + timedelta(minutes=scene.rng.randrange(600))
    return at if at < scene.now else at - timedelta(days=1)


async def _history(db: AsyncSession, scene: Scene, contacts: list[Contact]) -> None:
    tagged = [{"contact_id": c.id, "tag_id": scene.tags[t].id} for c in contacts for t in c.tags]
    called = [c for c in contacts if c.last_contacted_at]
    if tagged:
        await db.execute(insert(ContactTag), tagged)
    if called:
        await db.execute(insert(Change), [_change(scene, c) for c in called])
        await db.execute(insert(Event), [_event(scene, c) for c in called])


def _change(scene: Scene, contact: Contact) -> dict[str, Any]:
    who = _who(scene, contact)
    return {
        "contact_id": contact.id, "at": contact.last_contacted_at, "user_id": contact.owner_id, "who": who,
        "field": "status", "before": "SIN_GESTIONAR", "after": contact.status.code, "batch_id": None,
    }  # fmt: skip


def _event(scene: Scene, contact: Contact) -> dict[str, Any]:
    minutes = scene.rng.randrange(1, 9)
    title, text = _("Llamada saliente"), f"{minutes}:{scene.rng.randrange(60):02d} min"
    return {
        "contact_id": contact.id, "at": contact.last_contacted_at, "kind": "demo.call", "icon": "phone-out",
        "title": title, "text": text, "url": "", "user_id": contact.owner_id, "who": _who(scene, contact),
    }  # fmt: skip


def _who(scene: Scene, contact: Contact) -> str:
    return next((p.name for p in scene.people if p.id == contact.owner_id), "Centralita")


async def _some_more(db: AsyncSession, scene: Scene) -> None:
    """A few who do not want to be contacted, and a few in the bin."""
    code = scene.statuses["NO_CONTACTO"].id
    unwilling = select(Contact.id).where(Contact.status_id == code).order_by(Contact.id).limit(BLOCKED)
    for contact_id in list(await db.scalars(unwilling)):
        await block_contact(db, contact_id, reason=_("Pidió que no le llamen más."), source="demo")
    gone = scene.statuses["NO_EXISTE"].id
    for contact in await db.scalars(select(Contact).where(Contact.status_id == gone).limit(BINNED)):
        contact.deleted_at = scene.now - timedelta(days=scene.rng.randrange(30), hours=2)
        for address in contact.addresses:
            address.live = False
