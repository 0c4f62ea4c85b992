"""API keys: many per person, named, narrowed, expiring; shown once, stored as a hash."""

import secrets
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.cache import forget_actors
from app.accounts.hashing import new_token, token_hash
from app.accounts.models import ApiKey, User
from app.frame import audit
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import NotFound, Refused

MARK = "ctl"
MOST = 100


async def create_key(
    db: AsyncSession, user: User, *, name: str, days: int | None = None, scopes: Iterable[str] | None = None
) -> str:
    """A new key for a person; the text is returned once. `scopes` names the permissions it keeps; None keeps all."""
    name = " ".join(name.split())
    if not 1 <= len(name) <= 80:
        raise Refused(_("Escriba para qué es la clave."), "name")
    if len(await keys_of(db, user.id)) >= MOST:
        raise Refused(_("Revoque antes claves que ya no use: hay %(n)s.", n=MOST), "name")
    now, prefix = now_utc(), f"{MARK}_{secrets.token_hex(4)}"
    text = f"{prefix}_{new_token().replace('_', '-')}"
    row = ApiKey(
        user_id=user.id, name=name, prefix=prefix, key_hash=token_hash(text), created_at=now,
        scopes=None if scopes is None else sorted(set(scopes)),
        expires_at=now + timedelta(days=days) if days else None,
    )  # fmt: skip
    db.add(row)
    await db.flush()
    audit.record(db, "key.created", "person", user.id, after={"name": name, "prefix": prefix, "scopes": row.scopes})
    return text


async def keys_of(db: AsyncSession, user_id: int) -> list[ApiKey]:
    """Keys that were not revoked, newest first."""
    query = select(ApiKey).where(ApiKey.user_id == user_id, ApiKey.revoked_at.is_(None))
    return list(await db.scalars(query.order_by(ApiKey.id.desc())))


async def revoke_key(db: AsyncSession, user_id: int, key_id: int) -> ApiKey:
    """From this commit on the key opens nothing."""
    row = await db.get(ApiKey, key_id)
    if row is None or row.user_id != user_id or row.revoked_at is not None:
        raise NotFound(_("Esa clave ya no existe."))
    row.revoked_at = now_utc()
    audit.record(db, "key.revoked", "person", user_id, before={"name": row.name, "prefix": row.prefix})
    forget_actors(db)
    return row
