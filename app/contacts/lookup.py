"""Finding one contact by what others call it: its id, a number, an e-mail, a chat id."""

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.addresses import exact
from app.contacts.models import Address, Contact
from app.contacts.service import get_contact, region_of
from app.frame.i18n import _
from app.frame.refused import NotFound, Refused

ID_DIGITS = 7  # a number has at least eight


async def contact_by_match(db: AsyncSession, match: str) -> Contact | None:
    """The live contact that has an address."""
    found = select(Address.contact_id).where(Address.match == match, Address.live)
    contact_id = await db.scalar(found.limit(1))
    return None if contact_id is None else await db.get(Contact, contact_id)


async def find_contact(db: AsyncSession, reference: str) -> Contact:
    """By id or by number in any spelling. Raises NotFound."""
    if reference.isdecimal() and len(reference) <= ID_DIGITS:
        contact = await get_contact(db, int(reference))
        if contact.deleted_at is None:
            return contact
    elif numbered := await _by_number(db, reference):
        return await get_contact(db, numbered.id)
    elif reference.isdecimal() and len(reference) < 19:
        return await get_contact(db, int(reference))
    raise NotFound(_("Este contacto ya no existe o no está a su alcance."))


async def _by_number(db: AsyncSession, reference: str) -> Contact | None:
    try:
        address = exact("phone", reference, await region_of(db))
    except Refused:
        return None
    return await contact_by_match(db, address.match)
