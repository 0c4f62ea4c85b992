"""What the filters of the list offer beside statuses and people: tags, countries, imports. Kept for half a minute."""

import time
from typing import TYPE_CHECKING

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.imports.models import Import
from app.contacts.models import Contact, ContactTag, Tag

if TYPE_CHECKING:
    from app.frame.office import Office

TTL_S = 30.0
NAME = "contacts.choices"
TAGS_MAX = 200
IMPORTS_MAX = 20


class Choices(msgspec.Struct, frozen=True):
    """Tag names in use, country codes in use, the latest imports by id."""

    tags: tuple[str, ...] = ()
    countries: tuple[str, ...] = ()
    imports: dict[int, str] = {}
    until: float = 0.0


async def choices_of(office: "Office") -> Choices:
    """Choices at most TTL_S old."""
    kept: Choices | None = office.state.get(NAME)
    if kept is None or kept.until < time.monotonic():
        async with office.database.unit(write=False) as db:
            kept = office.state[NAME] = await _read(db)
    return kept


def forget_choices(office: "Office") -> None:
    """Tags or imports changed: read them anew at the next list."""
    office.state.pop(NAME, None)


async def _read(db: AsyncSession) -> Choices:
    used = select(ContactTag.tag_id).where(ContactTag.tag_id == Tag.id).exists()
    tags = await db.scalars(select(Tag.name).where(used).order_by(Tag.key).limit(TAGS_MAX))
    countries = await db.scalars(select(Contact.country).where(Contact.country != "").distinct())
    imports = select(Import.id, Import.filename).where(Import.state.in_(("done", "running", "cancelled")))
    latest = await db.execute(imports.order_by(Import.id.desc()).limit(IMPORTS_MAX))
    found = dict(latest.tuples().all())
    return Choices(tuple(tags), tuple(sorted(countries)), found, time.monotonic() + TTL_S)
