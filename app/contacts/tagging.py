"""Tags: names as people write them, one tag per name whatever the accents and case."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.folding import fold
from app.contacts.models import Contact, ContactTag, Tag

LIMIT = 30


def tidy(names: Iterable[str]) -> list[str]:
    """Trimmed, without doubles, in the order given."""
    found: dict[str, str] = {}
    for name in names:
        short = " ".join(name.split())[:60]
        if short:
            found.setdefault(fold(short), short)
    return list(found.values())[:LIMIT]


async def ensure_tags(db: AsyncSession, names: list[str]) -> list[Tag]:
    """The tags of these names; missing ones are made."""
    keys = {fold(name): name for name in names}
    known = {t.key: t for t in await db.scalars(select(Tag).where(Tag.key.in_(keys)))} if keys else {}
    for key, name in keys.items():
        if key not in known:
            known[key] = Tag(name=name, key=key)
            db.add(known[key])
    await db.flush()
    return [known[key] for key in keys]


async def set_tags(db: AsyncSession, contact: Contact, names: list[str]) -> None:
    """Give a contact exactly these tags."""
    tags = await ensure_tags(db, tidy(names))
    contact.tags = [t.name for t in tags]
    await db.execute(delete(ContactTag).where(ContactTag.contact_id == contact.id))
    if tags:
        await db.execute(insert(ContactTag), [{"contact_id": contact.id, "tag_id": t.id} for t in tags])
