"""Who is asking: the cookie on pages, a key or a token on the API. Runs on every request, so it is short."""

import hashlib
import time
from collections.abc import Iterable
from datetime import datetime

import msgspec

from app.accounts import found, tokens
from app.accounts.cache import SEEN_EVERY_S, TTL_S, ActorCache, Entry, cache_of
from app.accounts.found import Found
from app.frame.actor import Actor
from app.frame.db import now_utc
from app.frame.office import AnyConnection, Office

COOKIE = b"centralita="
API = frozenset(("api", "contacts", "export", "import", "login", "health", "metrics", "config"))
replace = msgspec.structs.replace


def is_api_path(path: str) -> bool:
    """The API and the old tool's paths: a cookie never counts there, a key or a token counts nowhere else."""
    return path[1:].partition("/")[0] in API


async def authenticate(office: Office, connection: AnyConnection) -> Actor | None:
    """The actor of a request, or None."""
    scope = connection.scope
    via, secret = _secret(scope["headers"], is_api_path(scope["path"]))
    if not secret:
        return None
    cache, key = cache_of(office), hashlib.sha256(secret).digest()
    entry = cache.get(key) or await _resolve(office, cache, key, via, secret)
    if entry is None:
        return None
    ip = (scope.get("client") or ("",))[0]
    if time.monotonic() - entry.seen > SEEN_EVERY_S:
        _note_use(cache, entry, ip)
    return replace(entry.actor, ip=ip, request_id=scope["state"].get("request_id", ""))


def _secret(headers: Iterable[tuple[bytes, bytes]], api: bool) -> tuple[str, bytes]:
    """What the request carries: ("session" | "key" | "token", its bytes)."""
    for name, value in headers:
        if api and name == b"x-api-key":
            return "key", value.strip()
        if api and name == b"authorization" and value[:7].lower() == b"bearer ":
            return "token", value[7:].strip()
        if not api and name == b"cookie" and COOKIE in value and (token := cookie_token(value)):
            return "session", token
    return "", b""


def cookie_token(header: bytes) -> bytes:
    """The session's token in a Cookie header."""
    for part in header.split(b";"):
        part = part.strip()
        if part.startswith(COOKIE):
            return part[len(COOKIE) :]
    return b""


async def _resolve(office: Office, cache: ActorCache, key: bytes, via: str, secret: bytes) -> Entry | None:
    generation = cache.generation
    row = await _find(office, via, key, secret)
    if row is None:
        return None
    actor = await _actor(office, row, via)
    seen = time.monotonic() - (_age_s(row.seen_at) if row.seen_at else SEEN_EVERY_S * 2)
    entry = Entry(actor, time.monotonic() + min(TTL_S, _left_s(row)), row.row_id, seen)
    cache.put(key, entry, generation)
    return entry


async def _find(office: Office, via: str, key: bytes, secret: bytes) -> Found | None:
    if via == "session":
        return await found.find(office.database, found.SESSION, hash=key)
    if via == "key":
        return await found.find(office.database, found.KEY, hash=key)
    jti = tokens.read(office.settings.secret, secret)
    return await found.find(office.database, found.TOKEN, jti=jti) if jti else None


async def _actor(office: Office, row: Found, via: str) -> Actor:
    must = _must(office, row) if via == "session" else ""
    scopes = msgspec.json.decode(row.scopes) if isinstance(row.scopes, str) else row.scopes
    return Actor(
        user_id=row.user_id,
        name=row.name,
        role=row.role,
        team_ids=await found.teams_of(office.database, row.user_id),
        grants={} if must else await found.grants_of(office.database, row.role, scopes),
        via=via,
        locale=row.locale,
        theme=row.theme,
        single_keys=row.single_keys,
        session_id=row.row_id if via == "session" else None,
        ends_at=row.expires_at if via == "session" else None,
        key_id=row.row_id if via == "key" else None,
        must=must,
    )


def _must(office: Office, row: Found) -> str:
    """What this person has to do before anything else."""
    if row.must_change_password:
        return "password"
    return "2fa" if office.profile.require_2fa and not row.has_2fa else ""


def _left_s(row: Found) -> float:
    return max(0.0, (row.expires_at - now_utc()).total_seconds()) if row.expires_at else TTL_S


def _age_s(at: datetime) -> float:
    return (now_utc() - at).total_seconds()


def _note_use(cache: ActorCache, entry: Entry, ip: str) -> None:
    entry.seen = time.monotonic()
    if entry.actor.via in ("session", "key"):
        cache.used[entry.actor.via, entry.row_id] = (now_utc(), ip)
