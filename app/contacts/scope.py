"""Which contacts a person may see or touch."""

from typing import Any

import msgspec
from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.sql.expression import bindparam

from app.contacts.models import Contact
from app.frame.actor import Actor
from app.frame.db import Database
from app.frame.reader import Prepared
from app.frame.topics import Hears, id_in, nobody


class Whose(msgspec.Struct, frozen=True):
    """As much of a contact as says who sees it."""

    owner_id: int | None
    team_id: int | None


WHOSE = Prepared(lambda: select(Contact.owner_id, Contact.team_id).where(Contact.id == bindparam("contact_id")), Whose)


def visible(actor: Actor, permission: str = "contacts.view") -> ColumnElement[bool]:
    """own: mine. team: mine, my teams', nobody's. all: all."""
    scope = actor.scope(permission)
    if scope == "all":
        return true()
    if scope is None:
        return false()
    mine = Contact.owner_id == actor.user_id
    if scope == "own":
        return mine
    nobodys = and_(Contact.owner_id.is_(None), Contact.team_id.is_(None))
    return or_(mine, Contact.team_id.in_(actor.team_ids or (-1,)), nobodys)


def sees(actor: Actor, contact: Contact | Whose | Any, permission: str = "contacts.view") -> bool:
    """The same rule on one row."""
    scope = actor.scope(permission)
    if scope in (None, "all"):
        return scope == "all"
    if contact.owner_id == actor.user_id:
        return True
    if scope == "own":
        return False
    return contact.team_id in actor.team_ids or (contact.owner_id is None and contact.team_id is None)


async def hears_contact(database: Database, topic: str) -> Hears:
    """`contact-42` is heard by who may see contact 42."""
    contact_id = id_in(topic, "contact-")
    whose = None if contact_id is None else await database.reader.one(WHOSE, Whose, contact_id=contact_id)
    return nobody if whose is None else lambda actor: sees(actor, whose)
