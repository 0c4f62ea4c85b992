"""Idempotency-Key on POST: the same key and body get the same stored answer, in the same transaction as the work."""

import functools
import hashlib
import re
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Annotated, Any

import msgspec
from litestar import Request, Response
from litestar.params import HeaderParameter
from sqlalchemy import JSON, Integer, LargeBinary, String, delete, select, update
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.actor import Actor
from app.frame.db import Base, Instant, now_utc
from app.frame.i18n import _
from app.frame.refused import Refused

KEPT = timedelta(hours=24)
KEY = re.compile(r"[\x21-\x7e]{1,200}")
UPLOADED = "idempotency.uploaded"
KEPT_HEADERS = ("etag", "location")
Handler = Callable[..., Awaitable[Any]]
IdempotencyKey = Annotated[
    str | None,
    HeaderParameter(
        name="Idempotency-Key",
        max_length=200,
        description="Any text of yours: sending the same key and body again within 24 hours repeats the first answer.",
    ),
]


class Idempotency(Base):
    """A POST that was answered; `status` 0 while its transaction runs."""

    __tablename__ = "idempotency"

    owner: Mapped[str] = mapped_column(String(40), primary_key=True)
    key: Mapped[str] = mapped_column(String(200), primary_key=True)
    request_hash: Mapped[str] = mapped_column(String(64))
    status: Mapped[int] = mapped_column(Integer, default=0)
    answer: Mapped[bytes] = mapped_column(LargeBinary, default=b"")
    headers: Mapped[dict[str, str]] = mapped_column(JSON, default=dict)
    created_at: Mapped[Instant] = mapped_column(index=True)


def idempotent(handler: Handler) -> Handler:
    """Put under @post. The handler takes `request`, `db`, and `idempotency_key: IdempotencyKey = None`."""

    @functools.wraps(handler)
    async def once(*args: Any, **given: Any) -> Any:
        request: Request[Any, Any, Any] = given["request"]
        key = given.get("idempotency_key")
        if not key:
            return await handler(*args, **given)
        db, owner, mark = given["db"], owner_of(request.scope["user"]), await request_hash(request)
        if (kept := await claim(db, owner, _clean(key), mark)) is not None:
            return _repeat(kept, mark)
        answer = await handler(*args, **given)
        await _keep(db, owner, key, answer, request.route_handler.status_code)
        return answer

    return once


def owner_of(actor: Actor) -> str:
    """Keys of different people, and of different API keys of one person, are strangers to each other."""
    return f"key-{actor.key_id}" if actor.key_id else f"person-{actor.user_id}"


async def request_hash(request: Request[Any, Any, Any]) -> str:
    """What was asked. An upload counts by its address and by what its handler says of it: as a stream it has a new
    boundary each time."""
    upload = request.headers.get("content-type", "").startswith("multipart/")
    body = request.scope["state"].get(UPLOADED, b"") if upload else await request.body()
    said = f"{request.method} {request.url.path}?{request.url.query}\n".encode()
    return hashlib.sha256(said + body).hexdigest()


def uploaded(request: Request[Any, Any, Any], *parts: bytes) -> None:
    """Say what an upload held, before its handler is called: another one under the same key is refused."""
    request.scope["state"][UPLOADED] = b"\0".join(parts)


async def claim(db: AsyncSession, owner: str, key: str, mark: str) -> Idempotency | None:
    """Take the key for this transaction (None), or the row of the one that took it before; waits for one that runs."""
    now = now_utc()
    await db.execute(delete(Idempotency).where(Idempotency.created_at < now - KEPT))
    insert: Any = postgresql_insert if db.info["database"].dialect == "postgresql" else sqlite_insert
    row = {"owner": owner, "key": key, "request_hash": mark, "status": 0, "answer": b"", "headers": {}}
    taken = await db.execute(
        insert(Idempotency).values(**row, created_at=now).on_conflict_do_nothing().returning(Idempotency.key)
    )
    if taken.scalar_one_or_none() is not None:
        return None
    return await db.scalar(select(Idempotency).where(Idempotency.owner == owner, Idempotency.key == key))


def _repeat(kept: Idempotency, mark: str) -> Response[bytes]:
    if kept.request_hash != mark:
        raise Refused(_("Esa Idempotency-Key ya se usó con otro contenido. Use una nueva."), "Idempotency-Key")
    headers = {**kept.headers, "Idempotent-Replayed": "true"}
    return Response(kept.answer, status_code=kept.status, headers=headers, media_type="application/json")


async def _keep(db: AsyncSession, owner: str, key: str, answer: Any, status: int) -> None:
    headers: dict[str, str] = {}
    content = answer
    if isinstance(answer, Response):
        content, status = answer.content, answer.status_code or status
        headers = {name: value for name, value in answer.headers.items() if name.lower() in KEPT_HEADERS}
    body = content if isinstance(content, bytes) else msgspec.json.encode(content, enc_hook=str)
    values = {"status": status, "answer": body, "headers": headers}
    await db.execute(update(Idempotency).where(Idempotency.owner == owner, Idempotency.key == key).values(**values))


def _clean(key: str) -> str:
    if not KEY.fullmatch(key):
        raise Refused(_("Use de 1 a 200 letras, cifras o signos sin espacios."), "Idempotency-Key")
    return key
