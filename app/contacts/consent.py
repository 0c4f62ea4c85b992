"""Do-not-contact, consent and hours: the one place that every sender must ask."""

from datetime import datetime

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.addresses import match_of
from app.contacts.contact_hours import allowed_at, zones_of
from app.contacts.models import Contact
from app.contacts.models_consent import Block, Consent
from app.contacts.office_hours import packs_of
from app.contacts.standing import sharers, standing_on
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.profile import read_value

PURPOSES = ("service", "marketing")
SILENT = ("email",)  # a letter waits until it is opened; everything else rings or buzzes and keeps hours


class Verdict(msgspec.Struct, frozen=True):
    """Whether a message or call may go out now. `code` is for machines, `sentence` for people."""

    allowed: bool
    code: str = "allowed"
    sentence: str = ""
    next_at: datetime | None = None


async def may_contact(
    db: AsyncSession,
    address: str,
    channel: str,
    purpose: str = "service",
    at: datetime | None = None,
    *,
    bulk: bool = False,
) -> Verdict:
    """Ask before every send and every call; `address` is exact (E.164, lower-case e-mail, chat id).

    Order: opt-out of the address or of anybody who has it, in the bin too; generated numbers; consent for
    marketing; hours, which e-mail does not keep.
    `bulk` is a machine writing to many; a person calling one contact is not.
    """
    if purpose not in PURPOSES:
        raise ValueError(purpose)
    at = at or now_utc()
    match = match_of(channel, address)
    contact = await _contact_of(db, match)
    block = await _standing_block(db, match, channel, purpose)
    if block:
        return Verdict(False, "blocked", _blocked(block))
    if contact is not None and contact.provenance == "generated" and bulk:
        return Verdict(False, "generated", _("Es un número generado: sólo una persona puede llamarlo."))
    if purpose == "marketing" and bulk and not await _consented(db, match, channel):
        return Verdict(False, "no_consent", _("No consta que aceptara recibir publicidad por este medio."))
    if channel in SILENT:
        return Verdict(True)
    return await _by_the_clock(db, address, contact, purpose, at)


async def _contact_of(db: AsyncSession, match: str) -> Contact | None:
    """Whose address it is; of several, the one that is not in the bin."""
    found = select(Contact).where(Contact.id.in_(sharers([match])))
    return (await db.scalars(found.order_by(Contact.deleted_at.is_(None).desc(), Contact.id.desc()).limit(1))).first()


async def _standing_block(db: AsyncSession, match: str, channel: str, purpose: str) -> Block | None:
    about = (Block.channel.in_(("*", channel)), Block.purpose.in_(("*", purpose)))
    found = select(Block).where(standing_on([match]), *about)
    return (await db.scalars(found.order_by(Block.id).limit(1))).first()


def _blocked(block: Block) -> str:
    why = block.reason or block.source
    return _("Pidió que no se le contacte (%(why)s).", why=why) if why else _("Pidió que no se le contacte.")


async def _consented(db: AsyncSession, match: str, channel: str) -> bool:
    found = select(Consent.id).where(
        Consent.match == match,
        Consent.withdrawn_at.is_(None),
        Consent.channel.in_(("*", channel)),
        Consent.purpose == "marketing",
    )
    return await db.scalar(found.limit(1)) is not None


async def _by_the_clock(db: AsyncSession, address: str, contact: Contact | None, purpose: str, at: datetime) -> Verdict:
    office_country = await read_value(db, "country", "CR")
    fallback = await read_value(db, "timezone", "America/Costa_Rica")
    country = (contact.country if contact else "") or office_country
    packs = await packs_of(db)
    zones = zones_of(address, country, fallback, packs) if address.startswith("+") else (fallback,)
    verdict = allowed_at(country, zones, purpose, at, packs)
    if verdict.allowed:
        return Verdict(True)
    return Verdict(False, verdict.reason or "closed_hours", verdict.sentence, verdict.next_allowed_at)
