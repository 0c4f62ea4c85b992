"""Facts about contacts."""

from typing import Any

import msgspec


class ContactCreated(msgspec.Struct, frozen=True):
    contact_id: int
    provenance: str


class ContactChanged(msgspec.Struct, frozen=True):
    contact_id: int
    fields: tuple[str, ...]


class ContactDeleted(msgspec.Struct, frozen=True):
    contact_id: int


class ContactRestored(msgspec.Struct, frozen=True):
    contact_id: int


class ContactsMerged(msgspec.Struct, frozen=True):
    kept_id: int
    gone_id: int


class ContactsParted(msgspec.Struct, frozen=True):
    kept_id: int
    gone_id: int


class PersonAsked(msgspec.Struct, frozen=True):
    """A person asked for their data: every module adds what it holds, `sections[title] = rows`."""

    contact_ids: tuple[int, ...]
    sections: dict[str, list[dict[str, Any]]]


class ContactErased(msgspec.Struct, frozen=True):
    """Every module that holds something about this person erases it now."""

    contact_id: int
