"""Contacts as JSON."""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import UNSET, UnsetType

from app.contacts.models import Contact
from app.contacts.service import AddressIn, ContactIn
from app.contacts.statuses import START


class AddressOut(msgspec.Struct):
    """One way to reach a contact."""

    channel: str
    value: str
    label: str = ""
    operator: str = ""


class ContactOut(msgspec.Struct, kw_only=True):
    """A contact. `phone` and `email` are its first ones; `owner` and `team` are ids."""

    id: int
    name: str
    company: str
    is_company: bool
    phone: str | None
    email: str | None
    addresses: list[AddressOut]
    status: str
    notes: str
    tags: list[str]
    owner: int | None
    team: int | None
    country: str
    custom: dict[str, Any]
    do_not_contact: bool
    provenance: str
    version: int
    created_at: datetime
    updated_at: datetime
    last_contacted_at: datetime | None


class ContactPage(msgspec.Struct):
    """A page of contacts; `next` goes back as `after`, null at the end."""

    items: list[ContactOut]
    next: str | None


class AddressNew(msgspec.Struct, forbid_unknown_fields=True):
    """A way to reach a contact, as typed; phones in any spelling."""

    channel: str
    value: str
    label: str = ""


class ContactNew(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """A new contact: at least a name, a phone, an e-mail or an address."""

    name: str = ""
    company: str = ""
    is_company: bool = False
    phone: str = ""
    email: str = ""
    addresses: list[AddressNew] = []
    status: str = START
    notes: str = ""
    tags: list[str] = []
    owner: int | None = None
    team: int | None = None
    country: str = ""
    custom: dict[str, Any] = {}


class ContactPatch(msgspec.Struct, kw_only=True, forbid_unknown_fields=True):
    """What to change; what is left out stays, in `custom` too, where null clears a field. `addresses` and `tags` are
    whole lists, `phone` the first phone."""

    name: str | UnsetType = UNSET
    company: str | UnsetType = UNSET
    is_company: bool | UnsetType = UNSET
    phone: str | UnsetType = UNSET
    email: str | UnsetType = UNSET
    addresses: list[AddressNew] | UnsetType = UNSET
    status: str | UnsetType = UNSET
    notes: str | UnsetType = UNSET
    tags: list[str] | UnsetType = UNSET
    owner: int | UnsetType | None = UNSET
    team: int | UnsetType | None = UNSET
    country: str | UnsetType = UNSET
    custom: dict[str, Any] | UnsetType = UNSET


class LockOut(msgspec.Struct):
    """Who holds a contact, until when."""

    contact_id: int
    locked_by: str
    locked_until: datetime


def contact_out(contact: Contact) -> ContactOut:
    return ContactOut(
        id=contact.id,
        name=contact.name,
        company=contact.company,
        is_company=contact.is_company,
        phone=contact.phone or None,
        email=contact.email or None,
        addresses=[AddressOut(a.channel, a.external_id, a.label, a.operator) for a in contact.addresses],
        status=contact.status.code,
        notes=contact.notes,
        tags=contact.tags,
        owner=contact.owner_id,
        team=contact.team_id,
        country=contact.country,
        custom=contact.custom,
        do_not_contact=contact.blocked,
        provenance=contact.provenance,
        version=contact.version,
        created_at=contact.created_at,
        updated_at=contact.updated_at,
        last_contacted_at=contact.last_contacted_at,
    )


def contact_in(new: ContactNew) -> ContactIn:
    """`phone` and `email` are shorthands for the first addresses."""
    shorthand = [("phone", new.phone), ("email", new.email)]
    first = [AddressIn(channel, value) for channel, value in shorthand if value.strip()]
    return ContactIn(
        name=new.name,
        company=new.company,
        is_company=new.is_company,
        status=new.status,
        notes=new.notes,
        tags=new.tags,
        owner_id=new.owner,
        team_id=new.team,
        country=new.country.upper(),
        custom=new.custom,
        addresses=first + [AddressIn(a.channel, a.value, a.label) for a in new.addresses],
    )


def changes_in(patch: ContactPatch, contact: Contact) -> dict[str, Any]:
    """The fields that were given, under the service's names."""
    given = {f: v for f in patch.__struct_fields__ if (v := getattr(patch, f)) is not UNSET}
    names = {"owner": "owner_id", "team": "team_id"}
    wanted = {names.get(f, f): v for f, v in given.items() if f not in ("phone", "email", "addresses")}
    if "country" in wanted:
        wanted["country"] = wanted["country"].upper()
    if "custom" in wanted:
        wanted["custom"] = contact.custom | wanted["custom"]
    if not given.keys() & {"phone", "email", "addresses"}:
        return wanted
    addresses = given.get("addresses")
    kept = addresses if addresses is not None else _present(contact)
    wanted["addresses"] = _with_first(kept, given.get("phone"), given.get("email"))
    return wanted


def _present(contact: Contact) -> list[AddressNew]:
    return [AddressNew(a.channel, a.external_id, a.label) for a in contact.addresses]


def _with_first(kept: list[AddressNew], phone: str | None, email: str | None) -> list[AddressIn]:
    made = [AddressIn(a.channel, a.value, a.label) for a in kept]
    for channel, value in (("email", email), ("phone", phone)):
        if value is None:
            continue
        old = next((a for a in made if a.channel == channel), None)
        made = [AddressIn(channel, value)] * bool(value.strip()) + [a for a in made if a is not old]
    return made
