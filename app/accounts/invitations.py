"""One-time links: to come in for the first time, or to choose a new password. Seven days, used once."""

from datetime import timedelta

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import people
from app.accounts.hashing import new_token, token_hash
from app.accounts.models import Invitation, User
from app.frame import audit
from app.frame.actor import actor_of
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import NotFound, Refused

LIFE = timedelta(days=7)


async def make_link(db: AsyncSession, user: User, base_url: str) -> str:
    """A fresh link for somebody; the earlier ones stop working. Shown once."""
    await people.touch(db, user)
    if user.disabled_at is not None:
        raise Refused(_("Esta persona está desactivada. Actívela antes."), status=409)
    purpose, token, now = ("reset" if user.password_hash else "invite"), new_token(), now_utc()
    await db.execute(
        update(Invitation).where(Invitation.user_id == user.id, Invitation.used_at.is_(None)).values(used_at=now)
    )
    db.add(
        Invitation(
            token_hash=token_hash(token),
            user_id=user.id,
            purpose=purpose,
            created_at=now,
            created_by=actor_of(db).user_id,
            expires_at=now + LIFE,
        )
    )
    audit.record(db, "link.created", "person", user.id, after={"purpose": purpose})
    return f"{base_url}/invitacion/{token}"


async def find_link(db: AsyncSession, token: str) -> tuple[Invitation, User]:
    """The link and its person. Raises NotFound when it was used, is old, or never was."""
    query = select(Invitation).where(Invitation.token_hash == token_hash(token), Invitation.used_at.is_(None))
    link = await db.scalar(query)
    user = await db.get(User, link.user_id) if link else None
    if link is None or user is None or user.disabled_at is not None or link.expires_at <= now_utc():
        raise NotFound(_("Este enlace ya se usó o venció. Pida otro a quien administra la oficina."))
    return link, user


async def use_link(db: AsyncSession, token: str, password_hash: str) -> User:
    """Set the password and use the link up: of two at once, one wins."""
    link, user = await find_link(db, token)
    taken = await db.execute(
        update(Invitation)
        .where(Invitation.id == link.id, Invitation.used_at.is_(None))
        .values(used_at=now_utc())
        .returning(Invitation.id)
    )
    if taken.scalar_one_or_none() is None:
        raise NotFound(_("Este enlace ya se usó o venció. Pida otro a quien administra la oficina."))
    await people.set_password(db, user, password_hash)
    audit.record(db, "link.used", "person", user.id, after={"purpose": link.purpose})
    return user
