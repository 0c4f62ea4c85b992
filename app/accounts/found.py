"""Reads who a credential belongs to: session, key or token, with the rights in force. Committed rows only."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import bindparam, func, literal, select

from app.accounts.models import AccessToken, ApiKey, Membership, RoleGrant, Session, User
from app.frame.db import Database, now_utc
from app.frame.reader import Prepared


class Found(msgspec.Struct):
    """A live credential and its person. `scopes` is JSON text or None."""

    row_id: int
    expires_at: datetime | None
    seen_at: datetime | None
    scopes: Any
    user_id: int
    name: str
    role: str
    locale: str
    theme: str
    single_keys: bool
    must_change_password: bool
    has_2fa: bool


PERSON = (
    User.id, User.name, User.role, User.locale, User.theme, User.single_keys, User.must_change_password,
    User.totp_secret.is_not(None),
)  # fmt: skip


def _by_session() -> Any:
    return (
        select(Session.id, Session.expires_at, Session.seen_at, literal(None), *PERSON)
        .join(User, User.id == Session.user_id)
        .where(Session.token_hash == bindparam("hash"), User.disabled_at.is_(None))
    )


def _by_key() -> Any:
    return (
        select(ApiKey.id, ApiKey.expires_at, ApiKey.used_at, ApiKey.scopes, *PERSON)
        .join(User, User.id == ApiKey.user_id)
        .where(ApiKey.key_hash == bindparam("hash"), ApiKey.revoked_at.is_(None), User.disabled_at.is_(None))
    )


def _by_token() -> Any:
    return (
        select(literal(0), AccessToken.expires_at, literal(None), literal(None), *PERSON)
        .join(User, User.id == AccessToken.user_id)
        .where(AccessToken.jti == bindparam("jti"), AccessToken.revoked_at.is_(None), User.disabled_at.is_(None))
    )


def _one(value: Any) -> Any:
    return value


SESSION, KEY, TOKEN = Prepared(_by_session, Found), Prepared(_by_key, Found), Prepared(_by_token, Found)
TEAMS = Prepared(lambda: select(Membership.team_id).where(Membership.user_id == bindparam("user_id")), _one)
GRANTS = Prepared(
    lambda: select(RoleGrant.permission, RoleGrant.scope).where(
        RoleGrant.role == bindparam("role"), func.length(RoleGrant.scope) > 0
    ),
    lambda permission, scope: (permission, scope),
)


async def find(database: Database, statement: Prepared, **given: Any) -> Found | None:
    """The credential's row while it lives."""
    found = await database.reader.one(statement, **given)
    if found is None or (found.expires_at and found.expires_at <= now_utc()):
        return None
    return found


async def teams_of(database: Database, user_id: int) -> tuple[int, ...]:
    return tuple(await database.reader.fetch(TEAMS, user_id=user_id))


async def grants_of(database: Database, role: str, scopes: list[str] | None = None) -> dict[str, str]:
    """Permission -> scope of a role; a key's `scopes` keep only some of them."""
    grants: dict[str, str] = dict(await database.reader.fetch(GRANTS, role=role))
    return grants if scopes is None else {name: grants[name] for name in scopes if name in grants}
