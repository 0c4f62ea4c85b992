"""One person's data: handed over whole, or erased, each with a certificate (CR law 8968, MX LFPDPPP)."""

import hashlib
import secrets
from typing import Any

import msgspec
from sqlalchemy import delete, select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts import traces
from app.contacts.blocks import block_list, blocks_of
from app.contacts.consents import consents_of
from app.contacts.events import PersonAsked
from app.contacts.models import Contact
from app.contacts.models_consent import Block
from app.contacts.models_history import Change, Erasure, Event
from app.contacts.standing import matches_of
from app.contacts.wiping import merged_into, wipe
from app.contacts.writing import snapshot
from app.frame import audit, bus
from app.frame.actor import actor_of
from app.frame.audit import plain
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Forbidden, NotFound, Refused


async def _whose(db: AsyncSession, contact_id: int) -> Contact:
    if not actor_of(db).may("contacts.erase"):
        raise Forbidden(_("Pida a la persona administradora que atienda esta solicitud."), permission="contacts.erase")
    contact = await db.get(Contact, contact_id)
    if contact is None or contact.merged_into:
        raise NotFound(_("Este contacto ya no existe."))
    return contact


async def person_data(db: AsyncSession, contact_id: int) -> dict[str, Any]:
    """Everything held about a person, ready for JSON. Raises Forbidden, NotFound."""
    contact = await _whose(db, contact_id)
    ids = await merged_into(db, contact_id)
    sections: dict[str, list[dict[str, Any]]] = {}
    await bus.emit(db, PersonAsked(tuple(ids), sections))
    about = {"id": contact.id, "created_at": contact.created_at, "provenance": contact.provenance}
    refused = await traces.refused_rows(db, await matches_of(db, ids))
    return {
        "contact": plain(snapshot(contact) | about),
        "changes": await _rows(db, select(Change).where(Change.contact_id.in_(ids)).order_by(Change.id)),
        "events": await _rows(db, select(Event).where(Event.contact_id.in_(ids)).order_by(Event.id)),
        "do_not_contact": [_columns(b) for b in await blocks_of(db, contact_id)],
        "consents": [_columns(c) for c in await consents_of(db, contact_id)],
        "refused_rows": [_columns(row) for row in refused],
    } | sections


async def _rows(db: AsyncSession, found: Any) -> list[dict[str, Any]]:
    return [_columns(row) for row in await db.scalars(found)]


def _columns(row: Any) -> dict[str, Any]:
    return plain({c.name: getattr(row, c.key) for c in row.__table__.columns})


async def hand_over(db: AsyncSession, contact_id: int, basis: str) -> tuple[dict[str, Any], Erasure]:
    """The person's data and the certificate that it was handed over."""
    data = await person_data(db, contact_id)
    counts = {name: len(rows) for name, rows in data.items() if isinstance(rows, list)}
    return data, await _certify(db, "export", basis, counts, data)


async def erase_person(db: AsyncSession, contact_id: int, basis: str, *, keep_block: bool = True) -> Erasure:
    """Erase a person for good. Their addresses stay only in the list of do-not-contact, with no name beside them:
    all of them with `keep_block`, else those that were blocked before."""
    _refuse_blank(basis)
    data = await person_data(db, contact_id)
    ids = await merged_into(db, contact_id)
    matches = await matches_of(db, ids)
    counts = await traces.forget(db, ids, matches) | await wipe(db, contact_id)
    if keep_block:
        await block_list(db, matches, reason="", source="erasure")
    await _forget_words(db, matches)
    return await _certify(db, "erasure", basis, counts, data)


async def _forget_words(db: AsyncSession, matches: list[str]) -> None:
    """A standing block keeps the address alone; a lifted one is of no use any more."""
    await db.execute(delete(Block).where(Block.match.in_(matches), Block.lifted_at.is_not(None)))
    bare = update(Block).where(Block.match.in_(matches)).values(reason="", source="erasure", contact_id=None)
    await db.execute(bare.execution_options(synchronize_session="fetch"))
    for block_id in list(await db.scalars(select(Block.id).where(Block.match.in_(matches)))):
        await audit.erase_details(db, "block", block_id)


def _refuse_blank(basis: str) -> None:
    if not basis.strip():
        raise Refused(_("Escriba en qué solicitud se apoya."), "basis")


async def _certify(db: AsyncSession, kind: str, basis: str, counts: dict[str, int], data: dict[str, Any]) -> Erasure:
    _refuse_blank(basis)
    actor = actor_of(db)
    code = f"{now_utc():%Y%m%d}-{secrets.token_hex(4)}"
    certificate = Erasure(
        code=code, kind=kind, at=now_utc(), user_id=actor.user_id, who=actor.name, basis=basis.strip()[:2000],
        counts=counts, digest=hashlib.sha256(msgspec.json.encode(plain(data), order="sorted")).hexdigest(),
    )  # fmt: skip
    db.add(certificate)
    await db.flush()
    audit.record(db, f"contacts.{kind}", "certificate", code, after={"counts": counts})
    return certificate


async def certificate_of(db: AsyncSession, code: str) -> Erasure:
    found = await db.scalar(select(Erasure).where(Erasure.code == code))
    if found is None:
        raise NotFound(_("Ese certificado no existe."))
    return found
