"""Contacts that are there already, as an import compares them."""

import json
from typing import Any

import msgspec

from app.contacts.imports.store import Store

SELECT = (
    "SELECT id, name, company, notes, country, status_id, owner_id, tags, custom, version, is_company "
    "FROM contact WHERE"
)


class Present(msgspec.Struct):
    """A stored contact; `addresses` are its (channel, external id) pairs, `before_ageing` its status before it aged."""

    id: int
    name: str
    company: str
    notes: str
    country: str
    status_id: int
    owner_id: int | None
    tags: list[str]
    custom: dict[str, Any]
    version: int
    is_company: bool
    addresses: set[tuple[str, str]] = set()
    before_ageing: str = ""


def _loaded(value: Any) -> Any:
    return json.loads(value)


def present_contacts(store: Store, ids: set[int], aged: set[int]) -> dict[int, Present]:
    """The contacts of these ids. `aged` are the statuses that ageing gives."""
    found: dict[int, Present] = {}
    for row in store.among(SELECT, "id", ids):
        values = list(row)
        values[7], values[8], values[10] = _loaded(row[7]), _loaded(row[8]), bool(row[10])
        found[row[0]] = Present(*values)
    for contact_id, channel, external_id in store.among(
        "SELECT contact_id, channel, external_id FROM contact_address WHERE live AND", "contact_id", found
    ):
        found[contact_id].addresses.add((channel, external_id))
    _before_ageing(store, [p for p in found.values() if p.status_id in aged])
    return found


def _before_ageing(store: Store, aged: list[Present]) -> None:
    """A contact that comes in again was not gone: what ageing made of it is taken back."""
    for present in aged:
        last = store.one(
            "SELECT c.before, b.kind FROM contact_change c LEFT JOIN contact_batch b ON b.id = c.batch_id "
            "WHERE c.contact_id = ? AND c.field = 'status' ORDER BY c.id DESC LIMIT 1",
            (present.id,),
        )
        if last and last[1] == "ageing":
            present.before_ageing = _loaded(last[0])
