"""Access tokens: JWT signed with a key derived from the office's secret, revocable by `jti`."""

import hashlib
import hmac
import secrets
from datetime import timedelta
from functools import lru_cache
from typing import Any

import jwt
from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.cache import forget_actors
from app.accounts.models import AccessToken
from app.frame import audit
from app.frame.db import now_utc

ALGORITHM = "HS256"
ACCESS = "access"


@lru_cache(maxsize=64)
def derived_key(secret: str, purpose: str) -> bytes:
    """A key of its own per purpose, so that one kind of token is never taken for another."""
    return hmac.new(secret.encode(), f"centralita {purpose}".encode(), hashlib.sha256).digest()


def sign(secret: str, purpose: str, life: timedelta, **claims: Any) -> str:
    """A signed token that says `claims` until `life` is over."""
    now = now_utc()
    return jwt.encode({**claims, "iat": now, "exp": now + life}, derived_key(secret, purpose), algorithm=ALGORITHM)


def claims_of(secret: str, purpose: str, token: str | bytes) -> dict[str, Any] | None:
    """The claims of a token that is ours and still good."""
    try:
        return jwt.decode(
            token, derived_key(secret, purpose), algorithms=[ALGORITHM], options={"require": ["exp", "iat"]}
        )
    except jwt.InvalidTokenError:
        return None


def read(secret: str, token: str | bytes) -> str | None:
    """The jti of an access token whose signature and date are good; whether it was revoked the table says."""
    claims = claims_of(secret, ACCESS, token)
    return str(claims["jti"]) if claims and "jti" in claims else None


async def give(db: AsyncSession, secret: str, user_id: int, life_h: int, ip: str) -> str:
    """A new access token for a person."""
    now, jti, life = now_utc(), secrets.token_hex(16), timedelta(hours=life_h)
    await db.execute(delete(AccessToken).where(AccessToken.expires_at < now))
    db.add(AccessToken(jti=jti, user_id=user_id, created_at=now, expires_at=now + life, ip=ip))
    audit.record(db, "token.created", "person", user_id, after={"jti": jti})
    return sign(secret, ACCESS, life, sub=str(user_id), jti=jti)


async def revoke(db: AsyncSession, jti: str) -> None:
    await db.execute(update(AccessToken).where(AccessToken.jti == jti).values(revoked_at=now_utc()))
    audit.record(db, "token.revoked", "token", jti)
    forget_actors(db)


async def revoke_all(db: AsyncSession, user_id: int) -> None:
    """Every token of a person: the password changed or the person left."""
    await db.execute(
        update(AccessToken)
        .where(AccessToken.user_id == user_id, AccessToken.revoked_at.is_(None))
        .values(revoked_at=now_utc())
    )
    forget_actors(db)
