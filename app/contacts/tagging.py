"""Tags: names as people write them, one tag per name whatever the accents and case."""

from collections.abc import Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.folding import fold
from app.contacts.models import Contact, ContactTag, Tag
from app.frame.i18n import _
from app.frame.refused import Refused

LIMIT = 30
LONGEST = 60


def tidy(names: Iterable[str]) -> list[str]:
    """Trimmed, without doubles, in the order given."""
    found: dict[str, str] = {}
    for name in names:
        short = " ".join(name.split())[:LONGEST]
        if short:
            found.setdefault(fold(short), short)
    return list(found.values())


def typed_tags(names: Iterable[str], stored: int = 0) -> list[str]:
    """As people or programs gave them. Raises Refused rather than cut one or leave one out.

    A merge may have left more than one may give: so many (`stored`) may stay.
    """
    names = [" ".join(name.split()) for name in names]
    if long := next((name for name in names if len(name) > LONGEST), ""):
        sentence = _("La etiqueta «%(name)s…» es demasiado larga. Use %(n)s caracteres como máximo.",
                     name=long[:20], n=LONGEST)  # fmt: skip
        raise Refused(sentence, "tags")
    if len({fold(name) for name in names if name}) > max(LIMIT, stored):
        raise Refused(_("Un contacto lleva %(n)s etiquetas como máximo. Quite algunas.", n=LIMIT), "tags")
    return tidy(names)


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
