"""What was taken from people since a backup was made stays taken when that backup is restored."""

from collections.abc import Sequence
from typing import Any

import msgspec
from sqlalchemy import Connection, delete, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import matrix
from app.accounts.cache import forget_actors
from app.accounts.models import AccessToken, ApiKey, Invitation, RecoveryCode, Session, User
from app.frame.counting import touched
from app.frame.db import now_utc
from app.frame.refused import Refused


class Withdrawn(msgspec.Struct, frozen=True):
    """Of the present, before it is replaced: revoked keys and used recovery codes (hex of their hashes), and the
    e-mails of people who were disabled."""

    keys: list[str] = []
    codes: list[str] = []
    people: list[str] = []


class Ended(msgspec.Struct, frozen=True):
    """What a restore closed. `verified` is false where the present could not be read, and so every key was revoked."""

    sessions: int = 0
    keys: int = 0
    people: list[str] = []
    verified: bool = True


def withdrawn(connection: Connection) -> Withdrawn:
    """Read it from an office that is closed."""
    keys = connection.scalars(select(ApiKey.key_hash).where(ApiKey.revoked_at.is_not(None)))
    codes = connection.scalars(select(RecoveryCode.code_hash).where(RecoveryCode.used_at.is_not(None)))
    people = connection.scalars(select(User.email).where(User.disabled_at.is_not(None)))
    return Withdrawn([k.hex() for k in keys], [c.hex() for c in codes], list(people))


async def withdraw(db: AsyncSession, known: Withdrawn | None) -> Ended:
    """Close every way in that was open when the backup was made, but for passwords and the keys that still stood.

    Without `known` no key can be vouched for: all are revoked.
    """
    ended = Ended(
        sessions=await touched(db, delete(Session)),
        keys=await _revoke_keys(db, known),
        people=await _disable(db, known.people if known else []),
        verified=known is not None,
    )
    now = now_utc()
    await db.execute(update(AccessToken).where(AccessToken.revoked_at.is_(None)).values(revoked_at=now))
    await db.execute(update(Invitation).where(Invitation.used_at.is_(None)).values(used_at=now))
    await _use_up(db, _bytes(known.codes if known else []))
    forget_actors(db)
    return ended


def _bytes(hashes: list[str]) -> list[bytes]:
    return [bytes.fromhex(h) for h in hashes]


async def _revoke_keys(db: AsyncSession, known: Withdrawn | None) -> int:
    gone = true() if known is None else ApiKey.key_hash.in_(_bytes(known.keys))
    return await touched(db, update(ApiKey).where(ApiKey.revoked_at.is_(None), gone).values(revoked_at=now_utc()))


async def _use_up(db: AsyncSession, codes: Sequence[bytes]) -> None:
    used = (RecoveryCode.used_at.is_(None), RecoveryCode.code_hash.in_(codes))
    await db.execute(update(RecoveryCode).where(*used).values(used_at=now_utc()))


async def _disable(db: AsyncSession, emails: list[str]) -> list[str]:
    """Their names; nobody when the office would be left without who administers it."""
    again: Any = (User.disabled_at.is_(None), func.lower(User.email).in_(emails))
    names = list(await db.scalars(select(User.name).where(*again).order_by(User.name)))
    if not names:
        return []
    try:
        async with db.begin_nested():
            await db.execute(update(User).where(*again).values(disabled_at=now_utc()))
            await matrix.keep_somebody(db)
    except Refused:
        return []
    return names
