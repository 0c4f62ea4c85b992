"""The verbs of contacts: open, change, address. Every write keeps history, audit, search text and screens."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

import msgspec
from sqlalchemy import select, text
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import belonging, events
from app.contacts.addresses import Exact, exact
from app.contacts.fields import checked_custom
from app.contacts.held import refuse_locked
from app.contacts.insertion import claims_on, ground_for, insert_contact
from app.contacts.models import PROVENANCES, Address, Contact, Status
from app.contacts.models_history import Batch
from app.contacts.scope import sees
from app.contacts.standing import keep_on_addresses, settle_marks
from app.contacts.statuses import START, as_code, status_by_code
from app.contacts.tagging import ensure_tags, set_tags
from app.contacts.writing import FIELDS, refresh, snapshot, write_change
from app.frame import audit, bus, live
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.profile import read_value
from app.frame.refused import Conflict, Forbidden, NotFound, Refused, each, each_awaited

NUMBER_LOCK = 7_205_402


class AddressIn(msgspec.Struct):
    """An address as typed."""

    channel: str
    value: str
    label: str = ""


class ContactIn(msgspec.Struct, kw_only=True):
    """A contact as typed. At least a name or an address."""

    name: str = ""
    company: str = ""
    is_company: bool = False
    status: str = START
    notes: str = ""
    tags: list[str] = []
    owner_id: int | None = None
    team_id: int | None = None
    country: str = ""
    custom: dict[str, Any] = {}
    addresses: list[AddressIn] = []


async def region_of(db: AsyncSession, country: str = "") -> str:
    """The country whose numbers are written without +: the contact's, else the office's."""
    return country or await read_value(db, "country", "CR")


async def get_contact(db: AsyncSession, contact_id: int, permission: str = "contacts.view") -> Contact:
    """A contact this person may see. Raises NotFound (also when it is not theirs), Forbidden to touch what they see."""
    contact = await db.get(Contact, contact_id)
    actor = actor_of(db)
    if contact is None or contact.merged_into or not sees(actor, contact):
        raise NotFound(_("Este contacto ya no existe o no está a su alcance."))
    if permission != "contacts.view" and not sees(actor, contact, permission):
        raise Forbidden(_("Puede ver este contacto, pero no cambiarlo."), permission=permission)
    return contact


async def create_contact(
    db: AsyncSession, given: ContactIn, *, provenance: str = "manual", provenance_id: int | None = None
) -> Contact:
    """Open a contact. Raises Refused for bad data, Conflict (extra `contact_id`) when a number or e-mail is taken."""
    assert provenance in PROVENANCES
    found, country = await ground_for(db, as_code(given.status))
    addresses, custom, status, (name, company, typed, _notes), *_rest = await each_awaited(
        all_exact(given.addresses, given.country or country or "CR"),
        checked_custom(db, given.custom),
        _status(db, found, given.status),
        belonging.texts(given.name, given.company, given.tags, given.notes),
        *belonging.checks(db, msgspec.structs.asdict(given)),
    )
    name = _name(name or company, addresses)
    await hold_numbers(db)
    blocked = await _refuse_claimed(db, addresses)
    tags, now = await ensure_tags(db, typed), now_utc()
    own = {f: getattr(given, f) for f in FIELDS} | {"name": name, "company": company, "custom": custom}
    contact = Contact(
        **own, status=status, tags=[tag.name for tag in tags], blocked=blocked,
        provenance=provenance, provenance_id=provenance_id, created_at=now, updated_at=now, seen_at=now, version=1,
        addresses=[],
    )  # fmt: skip
    _own(db, contact)
    put_addresses(contact, addresses)
    refresh(contact)
    await insert_contact(db, contact, tags)
    audit.record(db, "contacts.created", "contact", contact.id, after=snapshot(contact))
    await bus.emit(db, events.ContactCreated(contact.id, provenance))
    live.nudge(db, f"contact-{contact.id}", "contacts")
    return contact


async def _status(db: AsyncSession, found: Status | None, code: str) -> Status:
    return found or await status_by_code(db, code)


async def all_exact(typed: list[AddressIn], region: str) -> list[Exact]:
    """Those that hold something. Raises Refused with the reason of every one that is wrong."""
    return each(*(partial(exact, a.channel, a.value, region, a.label) for a in typed if a.value.strip()))


def _name(name: str, addresses: list[Exact]) -> str:
    if name:
        return name
    if not addresses:
        raise Refused(_("Escriba un nombre, un teléfono o un correo."), "name")
    return addresses[0].external_id


def _own(db: AsyncSession, contact: Contact) -> None:
    """Who may only see their own gets what they create, else it would vanish before their eyes."""
    actor = actor_of(db)
    if contact.owner_id is None and contact.team_id is None and actor.scope("contacts.view") == "own":
        contact.owner_id = actor.user_id


async def hold_row(db: AsyncSession, contact: Contact) -> None:
    """Two who save one contact do it one after the other, and the second sees it: SQLite has one writer anyway."""
    if db.info["database"].dialect == "postgresql":
        await db.flush()
        await db.refresh(contact, with_for_update={"of": Contact})


def refuse_binned(contact: Contact) -> None:
    """Raises Conflict for what is in the bin: it is restored first, then changed."""
    if contact.deleted_at:
        raise Conflict(_("Está en la papelera. Restáurelo primero."))


async def hold_numbers(db: AsyncSession) -> None:
    """Two people must not give one number to two contacts at once: SQLite has one writer, PostgreSQL takes a lock."""
    if db.info["database"].dialect == "postgresql":
        await db.execute(text(f"SELECT pg_advisory_xact_lock({NUMBER_LOCK})"))


async def _refuse_claimed(db: AsyncSession, addresses: list[Exact]) -> bool:
    """Raises Conflict when a contact has one of these addresses. Returns whether a block touches one of them."""
    if not addresses:
        return False
    claim = (await db.execute(claims_on(), {"matches": [a.match for a in addresses]})).one()
    _refuse_holder(db, addresses, claim)
    return bool(claim.blocked)


async def refuse_taken(db: AsyncSession, addresses: list[Exact], mine: int | None = None) -> None:
    """Raises Conflict when another live contact has one of these numbers or mailboxes."""
    if not addresses:
        return
    matches = [a.match for a in addresses]
    taken = await db.execute(
        select(Address.contact_id, Address.match, Contact.name, Contact.owner_id, Contact.team_id)
        .join(Contact, Contact.id == Address.contact_id)
        .where(Address.match.in_(matches), Address.live, Address.contact_id != (mine or -1))
        .limit(1)
    )
    _refuse_holder(db, addresses, taken.first())


def _refuse_holder(db: AsyncSession, addresses: list[Exact], row: Any) -> None:
    if row is None or row.contact_id is None:
        return
    address = next(a for a in addresses if a.match == row.match)
    raise Conflict(_whose(db, address, row), address.channel, contact_id=row.contact_id, id=row.contact_id)


def _whose(db: AsyncSession, address: Exact, other: Any) -> str:
    """The other contact's name only for who may see it."""
    if sees(actor_of(db), other):
        return _("%(address)s ya es de «%(name)s».", address=address.external_id, name=other.name)
    return _(
        "%(address)s ya es de un contacto fuera de su alcance. Pida que se lo asignen.", address=address.external_id
    )


def put_addresses(contact: Contact, wanted: list[Exact]) -> None:
    """Make the contact's addresses these, keeping rows that stay."""
    known = {(a.channel, a.external_id): a for a in contact.addresses}
    rows: dict[tuple[str, str], Address] = {}
    for position, one in enumerate(wanted):
        key = (one.channel, one.external_id)
        row = rows.get(key) or known.get(key)
        if row is None:
            row = Address(channel=one.channel, external_id=one.external_id, match=one.match)
            row.created_at = now_utc()
        row.live = contact.deleted_at is None
        row.operator, row.label = one.operator or row.operator or "", one.label
        row.position = position if key not in rows else row.position
        rows.setdefault(key, row)
    contact.addresses = list(rows.values())


async def change_contact(
    db: AsyncSession, contact_id: int, wanted: dict[str, Any], *, version: int | None = None, batch: Batch | None = None
) -> Contact:
    """Change some fields ({field: value}; `status` by code, `tags` and `addresses` as whole lists).

    Raises Conflict (extra `current`, `mine`) when `version` is not the stored one: both texts are kept by the caller.
    """
    contact = await get_contact(db, contact_id, "contacts.edit")
    await hold_row(db, contact)
    refuse_binned(contact)
    await refuse_locked(db, contact_id)
    if version is not None and version != contact.version:
        sentence = _("Otra persona guardó antes. Compare las dos versiones.")
        raise Conflict(sentence, current=snapshot(contact), mine=wanted)
    before = snapshot(contact)
    await _apply(db, contact, wanted)
    changes = write_change(db, contact, before, batch)
    if not changes:
        return contact
    audit.record(
        db, "contacts.changed", "contact", contact.id,
        {f: was for f, (was, _now) in changes.items()}, {f: now for f, (_was, now) in changes.items()},
    )  # fmt: skip
    await db.flush()
    await bus.emit(db, events.ContactChanged(contact.id, tuple(changes)))
    live.nudge(db, f"contact-{contact.id}", "contacts")
    return contact


async def _apply(db: AsyncSession, contact: Contact, wanted: dict[str, Any]) -> None:
    meant = await _understood(db, contact, wanted)
    for field in FIELDS:
        if field in meant:
            setattr(contact, field, _clean(field, meant[field], contact))
    if "status" in meant:
        contact.status = meant["status"]
    if "tags" in meant:
        await set_tags(db, contact, meant["tags"])
    if "addresses" in meant:
        await give_addresses(db, contact, meant["addresses"])


async def _understood(db: AsyncSession, contact: Contact, wanted: dict[str, Any]) -> dict[str, Any]:
    """What was typed made exact. Raises what is wrong with all of it at once."""
    region = await region_of(db, wanted.get("country", contact.country))
    readers: dict[str, Callable[[Any], Awaitable[Any]]] = belonging.readers(contact) | {
        "addresses": partial(all_exact, region=region),
        "custom": partial(checked_custom, db, stored=contact.custom),
        "status": partial(status_by_code, db),
    }
    asked = [field for field in readers if field in wanted]
    meant = await each_awaited(
        *(readers[field](wanted[field]) for field in asked), *belonging.checks(db, wanted, contact)
    )
    return wanted | dict(zip(asked, meant, strict=False))


async def give_addresses(db: AsyncSession, contact: Contact, addresses: list[Exact]) -> None:
    """Give a stored contact exactly these addresses; what it forbade stays with those that leave. Raises Conflict."""
    await hold_numbers(db)
    await refuse_taken(db, addresses, contact.id)
    before = {a.match for a in contact.addresses}
    put_addresses(contact, addresses)
    await keep_on_addresses(db, [contact.id], sorted(before - {a.match for a in addresses}))
    await settle_marks(db, [contact.id])


def _clean(field: str, value: Any, contact: Contact) -> Any:
    if field == "name" and not value:
        if not contact.addresses:
            raise Refused(_("Escriba un nombre, un teléfono o un correo."), "name")
        return contact.addresses[0].external_id
    return value
