"""Who may be the same person: cheap guesses for the merge dialog, within the reader's reach."""

from sqlalchemy import ColumnElement, or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import Address, Contact
from app.contacts.scope import visible
from app.frame.actor import actor_of

MOST = 6
TAIL_DIGITS = 7


async def likely_same(db: AsyncSession, contact: Contact) -> list[Contact]:
    """Contacts of the same name, of the same company with that first name, or with the same mailbox name."""
    within = (visible(actor_of(db), "contacts.edit"), Contact.deleted_at.is_(None), Contact.id != contact.id)
    by_name = Contact.name_key == contact.name_key
    alike = [by_name, *_by_mailbox(contact)]
    found = select(Contact).where(or_(*alike), *within).order_by(by_name.desc(), Contact.id.desc())
    return list(await db.scalars(found.limit(MOST)))


def _by_mailbox(contact: Contact) -> list[ColumnElement[bool]]:
    """`marvin.quesada@gmail...` and `marvin.quesada@hotmail...`: the index serves the beginning of a match."""
    names = {a.external_id.partition("@")[0] for a in contact.addresses if a.channel == "email"}
    wanted = [f"mail:{name}@" for name in sorted(names) if len(name) > TAIL_DIGITS]
    starts = [Address.match.between(start, f"{start}\U0010ffff") for start in wanted[:3]]
    return [Contact.id.in_(select(Address.contact_id).where(or_(*starts), Address.live))] if starts else []
