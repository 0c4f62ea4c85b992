"""Open browsers: opened at log-in, listed in the preferences, closed one by one or all but this."""

from datetime import datetime, timedelta

from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.cache import forget_actors
from app.accounts.devices import device_name
from app.accounts.hashing import new_token, token_hash
from app.accounts.models import Session, User
from app.frame import audit
from app.frame.db import now_utc
from app.frame.i18n import _
from app.frame.refused import Conflict, NotFound

MOST = 10


async def open_session(db: AsyncSession, user: User, *, life_h: int, ip: str, agent: str) -> str:
    """A new session; returns its token, which exists nowhere else."""
    now, token = now_utc(), new_token()
    await db.execute(delete(Session).where(Session.expires_at < now))
    session = Session(
        token_hash=token_hash(token),
        user_id=user.id,
        created_at=now,
        seen_at=now,
        expires_at=now + timedelta(hours=life_h),
        ip=ip,
        device=device_name(agent),
    )
    db.add(session)
    user.last_login_at = now
    audit.record(db, "session.opened", "person", user.id, after={"device": session.device})
    return token


async def extend_session(db: AsyncSession, session_id: int, life_h: int) -> datetime:
    """One more life from now on, MOST of them in all; the new end. Raises Conflict when there is no more to give."""
    session = await db.get(Session, session_id)
    if session is None:
        raise NotFound(_("Esa sesión ya está cerrada."))
    life, was = timedelta(hours=life_h), session.expires_at
    ends = min(now_utc() + life, session.created_at + MOST * life)
    if ends <= was:
        raise Conflict(_("Esta sesión ya no se puede alargar. Entre de nuevo cuando termine."))
    session.expires_at = ends
    audit.record(db, "session.extended", "person", session.user_id, {"ends_at": was}, {"ends_at": ends})
    forget_actors(db)
    return ends


async def sessions_of(db: AsyncSession, user_id: int) -> list[Session]:
    """Open sessions, the last used first."""
    query = select(Session).where(Session.user_id == user_id, Session.expires_at > now_utc())
    return list(await db.scalars(query.order_by(Session.seen_at.desc())))


async def close_session(db: AsyncSession, user_id: int, session_id: int) -> None:
    session = await db.get(Session, session_id)
    if session is None or session.user_id != user_id:
        raise NotFound(_("Esa sesión ya está cerrada."))
    await db.delete(session)
    audit.record(db, "session.closed", "person", user_id, before={"device": session.device})
    forget_actors(db)


async def close_sessions(db: AsyncSession, user_id: int, *, keep: int | None = None) -> int:
    """Close every session of a person but `keep`. Returns how many were closed."""
    found = [s for s in await sessions_of(db, user_id) if s.id != keep]
    for session in found:
        await db.delete(session)
    if found:
        audit.record(db, "session.closed", "person", user_id, before={"devices": [s.device for s in found]})
    forget_actors(db)
    return len(found)
