"""What every change of a contact keeps right: repeated columns, search text, version, times, history."""

from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.folding import fold, sort_key
from app.contacts.history import note_changes
from app.contacts.models import Contact
from app.contacts.models_history import Batch
from app.contacts.searched import searched
from app.contacts.tagging import tidy
from app.frame.db import now_utc

FIELDS = ("name", "company", "is_company", "notes", "owner_id", "team_id", "country", "custom")


def refresh(contact: Contact, tags: list[str] | None = None) -> None:
    """Bring the repeated columns up to date: first phone and e-mail, order key, search text."""
    numbers = [a.external_id for a in contact.addresses if a.match.startswith("tel:")]
    mails = [a.external_id for a in contact.addresses if a.channel == "email"]
    contact.phone, contact.email = (numbers or [""])[0], (mails or [""])[0]
    contact.name_key = sort_key(contact.name)
    contact.search = search_text(
        contact.name, contact.company, [a.external_id for a in contact.addresses], contact.notes,
        contact.tags if tags is None else tidy(tags), contact.custom,
    )  # fmt: skip


def search_text(
    name: str, company: str, addresses: list[str], notes: str, tags: list[str], custom: dict[str, Any] | None = None
) -> str:
    """Everything a search looks at, folded."""
    return fold(searched(name, company, addresses, tags, custom or {}, notes))


def snapshot(contact: Contact) -> dict[str, Any]:
    """The contact as history and audit keep it."""
    return {f: getattr(contact, f) for f in FIELDS} | {
        "status": contact.status.code,
        "tags": list(contact.tags),
        "addresses": [{"channel": a.channel, "value": a.external_id, "label": a.label} for a in contact.addresses],
    }


def write_change(
    db: AsyncSession, contact: Contact, before: dict[str, Any], batch: Batch | None = None
) -> dict[str, tuple[Any, Any]]:
    """Compare with the snapshot from before and note what differs. Returns {field: (before, after)}."""
    after = snapshot(contact)
    changes = {f: (before[f], after[f]) for f in before if before[f] != after[f]}
    if changes:
        contact.version += 1
        contact.updated_at = contact.seen_at = now_utc()
        refresh(contact)
        note_changes(db, contact.id, changes, batch)
    return changes
