"""Permission to write: given for an address, with the words that were shown, and taken back."""

from datetime import datetime

from sqlalchemy import or_, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.contacts.models import CHANNELS, Contact
from app.contacts.models_consent import Consent
from app.contacts.scope import sees
from app.contacts.service import get_contact
from app.contacts.standing import matches_of
from app.frame import audit, live
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Forbidden, NotFound, Refused

PURPOSES = ("marketing",)


async def give_consent(
    db: AsyncSession, contact_id: int, match: str, *, channel: str = "*", purpose: str = "marketing",
    words: str = "", source: str = "", at: datetime | None = None,
) -> Consent:  # fmt: skip
    """This address of this contact said yes. Raises Refused without saying where it was said."""
    contact = await _whose(db, contact_id)
    _check(contact, match, channel, purpose)
    if not source.strip():
        raise Refused(_("Escriba dónde o cómo lo aceptó."), "source")
    given = Consent(
        contact_id=contact_id, match=match, channel=channel, purpose=purpose,
        words=words.strip()[:2000], source=source.strip()[:80], at=at or now_utc(),
    )  # fmt: skip
    db.add(given)
    await db.flush()
    after = {"consent": given.id, "channel": channel, "purpose": purpose, "source": given.source}
    audit.record(db, "contacts.consent_given", "contact", contact_id, after=after)
    live.nudge(db, f"contact-{contact_id}")
    return given


def _check(contact: Contact, match: str, channel: str, purpose: str) -> None:
    if match not in {a.match for a in contact.addresses}:
        raise Refused(_("Ese medio ya no es de este contacto."), "match")
    if channel not in ("*", *CHANNELS):
        raise Refused(_("El canal «%(channel)s» no existe.", channel=channel[:20]), "channel")
    if purpose not in PURPOSES:
        raise Refused(_("Elija para qué lo acepta."), "purpose")


async def _whose(db: AsyncSession, contact_id: int) -> Contact:
    """Who may write down a refusal may write down a permission."""
    contact = await get_contact(db, contact_id)
    if not sees(actor_of(db), contact, "contacts.block"):
        raise Forbidden(_("No tiene permiso para anotarlo en este contacto."), permission="contacts.block")
    return contact


async def withdraw_consent(db: AsyncSession, contact_id: int, consent_id: int) -> Consent:
    """The yes is taken back, from now on. Raises NotFound."""
    await _whose(db, contact_id)
    given = await db.get(Consent, consent_id)
    if given is None or given.withdrawn_at or given.id not in {c.id for c in await consents_of(db, contact_id)}:
        raise NotFound(_("Ese permiso ya no está vigente."))
    given.withdrawn_at = now_utc()
    await db.flush()
    audit.record(db, "contacts.consent_withdrawn", "contact", contact_id, {"consent": consent_id})
    live.nudge(db, f"contact-{contact_id}")
    return given


async def consents_of(db: AsyncSession, contact_id: int) -> list[Consent]:
    """What a contact and its addresses allowed, newest first; taken back ones too."""
    matches = await matches_of(db, [contact_id])
    found = select(Consent).where(or_(Consent.contact_id == contact_id, Consent.match.in_(matches)))
    return list(await db.scalars(found.order_by(Consent.id.desc())))
