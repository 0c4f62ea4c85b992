"""Who did what: every change and every refused access, hash-chained so that tampering shows."""

import hashlib
from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import JSON, Boolean, String, Text, insert, null, select, text, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.frame.actor import actor_of
from app.frame.counting import touched
from app.frame.db import Base, BigInt, Id, Instant, now_utc
from app.frame.instant import to_micros

START = "0" * 64
CHAIN_LOCK = 7_205_401
CHAINED = ("user_id", "who", "via", "ip", "request_id", "verb", "noun", "noun_id", "detail_hash")
encoder = msgspec.json.Encoder(order="sorted")


class AuditEntry(Base):
    """One line of the audit. `hash` covers the line and the hash before it, and before/after only by `detail_hash`,
    so that what the law wants erased can go (`erased`) without breaking the chain."""

    __tablename__ = "audit"

    id: Mapped[Id]
    at: Mapped[Instant] = mapped_column(index=True)
    user_id: Mapped[int | None] = mapped_column(BigInt, index=True)
    who: Mapped[str] = mapped_column(String(200))
    via: Mapped[str] = mapped_column(String(20))
    ip: Mapped[str] = mapped_column(String(64))
    request_id: Mapped[str] = mapped_column(String(40))
    verb: Mapped[str] = mapped_column(String(80), index=True)
    noun: Mapped[str] = mapped_column(String(40))
    noun_id: Mapped[str] = mapped_column(String(80))
    before: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    after: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    detail_hash: Mapped[str] = mapped_column(String(64))
    erased: Mapped[bool] = mapped_column(Boolean, default=False)
    previous: Mapped[str] = mapped_column(String(64))
    hash: Mapped[str] = mapped_column(Text)


LINES = AuditEntry.__table__
END_OF_CHAIN = select(LINES.c.hash).order_by(LINES.c.id.desc()).limit(1)


def plain(value: Any) -> Any:
    """JSON-ready form of anything a row may hold."""
    return msgspec.to_builtins(value, enc_hook=str)


def record(
    db: AsyncSession,
    verb: str,
    noun: str,
    noun_id: object = "",
    before: dict[str, Any] | None = None,
    after: dict[str, Any] | None = None,
) -> None:
    """Note a change; written with the commit of this unit of work."""
    actor = actor_of(db)
    entry = {
        "at": now_utc(),
        "user_id": actor.user_id,
        "who": actor.name,
        "via": actor.via,
        "ip": actor.ip,
        "request_id": actor.request_id,
        "verb": verb,
        "noun": noun,
        "noun_id": str(noun_id),
        "before": plain(before),
        "after": plain(after),
    }
    db.info.setdefault("audit", []).append(entry)


def detail_digest(before: Any, after: Any) -> str:
    return hashlib.sha256(encoder.encode([before, after])).hexdigest()


def digest(entry: dict[str, Any], previous: str) -> str:
    """SHA-256 over the previous hash and the line's canonical JSON; before and after count by their own digest."""
    at: datetime = entry["at"]
    body = {k: entry[k] for k in CHAINED} | {"at": to_micros(at)}
    return hashlib.sha256(previous.encode() + encoder.encode(body)).hexdigest()


async def write_chain(db: AsyncSession) -> None:
    """Before the commit: append what this unit noted to the chain."""
    entries = db.info.pop("audit", None)
    if not entries:
        return
    await db.flush()
    if db.info["database"].dialect == "postgresql":
        await db.execute(text(f"SELECT pg_advisory_xact_lock({CHAIN_LOCK})"))
    await db.run_sync(_append, entries)


def _append(session: Session, entries: list[dict[str, Any]]) -> None:
    """Without the ORM, which takes longer to write a line than the database does."""
    connection = session.connection()
    previous = connection.scalar(END_OF_CHAIN) or START
    for entry in entries:
        entry["detail_hash"], entry["erased"] = detail_digest(entry["before"], entry["after"]), False
        entry["previous"], entry["hash"] = previous, digest(entry, previous)
        previous = entry["hash"]
    connection.execute(insert(LINES), entries)  # type: ignore[arg-type]


async def verify(db: AsyncSession) -> int | None:
    """Walk the chain. Returns the id of the first line that does not fit, None when all is well."""
    previous = START
    columns = list(AuditEntry.__table__.columns)
    async for row in await db.stream(select(*columns).order_by(AuditEntry.id)):
        entry = dict(row._mapping)
        if not fits(entry, previous):
            return int(entry["id"])
        previous = entry["hash"]
    return None


def fits(entry: dict[str, Any], previous: str) -> bool:
    """Whether a line is as it was written, and follows the line whose hash is `previous`."""
    return entry["previous"] == previous and entry["hash"] == digest(entry, previous) and _detail_fits(entry)


def _detail_fits(entry: dict[str, Any]) -> bool:
    if entry["erased"]:
        return entry["before"] is None and entry["after"] is None
    return entry["detail_hash"] == detail_digest(entry["before"], entry["after"])


async def erase_details(db: AsyncSession, noun: str, noun_id: object) -> int:
    """Forget what was before and after for one thing; who did what and when stays. Returns how many lines."""
    where = (AuditEntry.noun == noun, AuditEntry.noun_id == str(noun_id))
    gone = update(AuditEntry).where(*where).values(before=null(), after=null(), erased=True)
    return await touched(db, gone.execution_options(synchronize_session=False))
