"""A new contact's rows in one go: a flush of the ORM costs several times what its statements cost.

What comes back is the same as after a flush: a contact that the session knows and whose next change it writes.
"""

from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Connection, Select, bindparam, insert, literal, select, true
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Session, make_transient_to_detached

from app.contacts.models import Address, Contact, ContactTag, Status, Tag
from app.contacts.models_consent import Block
from app.contacts.standing import standing_on
from app.frame.profile import OfficeValue
from app.frame.unfit import refuse_row

ID = "id"
CONTACT, ADDRESS = Contact.__table__, Address.__table__
CONTACT_COLUMNS = tuple(c.key for c in CONTACT.columns if c.key != ID)
ADDRESS_COLUMNS = tuple(c.key for c in ADDRESS.columns if c.key != ID)


async def ground_for(db: AsyncSession, code: str) -> tuple[Status | None, str | None]:
    """The status of a code and the office's country, which every new contact needs, asked at once."""
    found = (await db.execute(_ground(), {"code": code})).first()
    return (found[0], found[1]) if found else (None, None)


@cache
def _ground() -> Select[tuple[Status, Any]]:
    country = select(OfficeValue.value).where(OfficeValue.name == "country").scalar_subquery()
    return select(Status, country).where(Status.code == bindparam("code"))


@cache
def claims_on() -> Select[Any]:
    """One row: whether a block in force touches some addresses (`matches`), and who has one of them, if anybody."""
    matches: BindParameter[list[str]] = bindparam("matches", expanding=True)
    taken = select(Address.contact_id, Address.match, Contact.name, Contact.owner_id, Contact.team_id)
    taken = taken.join(Contact, Contact.id == Address.contact_id).where(Address.match.in_(matches), Address.live)
    holder, one = taken.limit(1).subquery(), select(literal(1)).subquery()
    blocked = select(Block.id).where(standing_on(matches)).exists()
    return select(blocked.label("blocked"), *holder.c).select_from(one.outerjoin(holder, true()))


async def insert_contact(db: AsyncSession, contact: Contact, tags: list[Tag]) -> None:
    """Store a contact that is whole, with its addresses and tags; the session has nothing else to write."""
    await db.run_sync(_insert, contact, [tag.id for tag in tags])


def _insert(session: Session, contact: Contact, tag_ids: list[int]) -> None:
    for row in (contact, *contact.addresses):
        refuse_row(row)
    connection = session.connection()
    contact.status_id = contact.status.id
    contact.id = _add(connection, contact, CONTACT_COLUMNS)
    for address in contact.addresses:
        address.contact_id = contact.id
        address.id = _add(connection, address, ADDRESS_COLUMNS)
    if tag_ids:
        connection.execute(insert(ContactTag), [{"contact_id": contact.id, "tag_id": one} for one in tag_ids])
    for row in (contact, *contact.addresses):
        make_transient_to_detached(row)
    session.add(contact)


def _add(connection: Connection, row: Contact | Address, columns: tuple[str, ...]) -> int:
    """Insert a row as it stands and give back its id; what nobody set gets its column's default, here as in the row."""
    for name in columns:
        if name not in row.__dict__:
            setattr(row, name, _default(row, name))
    values = {name: row.__dict__[name] for name in columns}
    done = connection.execute(_insert_into(type(row)), values)
    return int(done.inserted_primary_key[0])  # type: ignore[index]


@cache
def _insert_into(kind: type[Contact] | type[Address]) -> Any:
    return insert(kind.__table__)  # type: ignore[arg-type]


def _default(row: Contact | Address, name: str) -> Any:
    default = row.__table__.columns[name].default
    if default is None:
        return None
    return default.arg(None) if callable(default.arg) else default.arg
