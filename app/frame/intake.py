"""What devices brought, stored before it is understood. A row outlives a crash, and a bug in who reads it."""

import hashlib
from collections.abc import Awaitable, Callable, Sequence
from datetime import datetime
from typing import Any, Literal

import msgspec
from sqlalchemy import Index, Integer, LargeBinary, String, Text, UniqueConstraint, delete, func, select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import CursorResult
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.frame import bus
from app.frame.db import Base, BigInt, Database, Id, Instant, now_utc
from drivers.contract import HookRequest, Inbound, Status

Kind = Literal["inbound", "status", "hook"]
Value = Inbound | Status | HookRequest
KINDS: dict[type, Kind] = {Inbound: "inbound", Status: "status", HookRequest: "hook"}
TYPES: dict[str, type[Value]] = {"inbound": Inbound, "status": Status, "hook": HookRequest}
ID_MAX = 200
ERROR_MAX = 500


class Intake(Base):
    """One thing that came in. `state`: new, done, broken."""

    __tablename__ = "intake"
    __table_args__ = (
        UniqueConstraint("device_id", "external_id"),
        Index("ix_intake_todo", "state", "device_id", "id"),
    )

    id: Mapped[Id]
    device_id: Mapped[int] = mapped_column(BigInt)
    external_id: Mapped[str] = mapped_column(String(ID_MAX))
    kind: Mapped[str] = mapped_column(String(10))
    payload: Mapped[bytes] = mapped_column(LargeBinary)
    received_at: Mapped[Instant] = mapped_column(index=True)
    state: Mapped[str] = mapped_column(String(10), default="new")
    tries: Mapped[int] = mapped_column(Integer, default=0)
    error: Mapped[str] = mapped_column(Text, default="")


class Arrived(msgspec.Struct, frozen=True):
    """Fact: a new row is in the intake, in this same transaction. `state` is `new` or `broken`."""

    device_id: int
    kind: Kind
    state: str


class Item(msgspec.Struct, frozen=True, kw_only=True):
    """A row as its reader gets it."""

    id: int
    device_id: int
    external_id: str
    received_at: datetime
    value: Value


Reader = Callable[[AsyncSession, Item], Awaitable[None]]


def identity(value: Value) -> str:
    """What makes a replay the same thing: unique per device, at most 200 characters."""
    match value:
        case Inbound():
            name = f"m:{value.external_id}"
        case Status():
            name = "s:" + _mark(value.external_id, value.key, value.address, value.state, value.code, value.until)
        case HookRequest():
            name = "h:" + _mark(value.method, value.path, value.query, value.body)
    return name if len(name) <= ID_MAX else f"{name[:2]}{_mark(name)}"


def _mark(*parts: object) -> str:
    return hashlib.sha256(msgspec.json.encode(parts, enc_hook=str)).hexdigest()


def pack(value: Value) -> bytes:
    """JSON. Half characters (lone surrogates), which some decoders make of emoji, become U+FFFD instead of an error."""
    try:
        return msgspec.json.encode(value, enc_hook=str)
    except UnicodeEncodeError:
        return msgspec.json.encode(_whole(msgspec.to_builtins(value, enc_hook=str)))


def _whole(value: Any) -> Any:
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode()
    if isinstance(value, dict):
        return {_whole(k): _whole(v) for k, v in value.items()}
    return [_whole(v) for v in value] if isinstance(value, list | tuple) else value


async def store(
    db: AsyncSession, device_id: int, value: Value, *, state: Literal["new", "broken"] = "new", error: str = ""
) -> bool:
    """Keep what came in; False when it was here already. Use a durable unit: who brought it acknowledges next."""
    kind = KINDS[type(value)]
    row = {
        "device_id": device_id, "external_id": identity(value), "kind": kind, "payload": pack(value),
        "received_at": now_utc(), "state": state, "tries": 0, "error": error[:ERROR_MAX],
    }  # fmt: skip
    dialect = postgresql if db.info["database"].dialect == "postgresql" else sqlite
    statement = dialect.insert(Intake).values(row).on_conflict_do_nothing()
    new = _touched(await db.execute(statement)) == 1
    if new:
        await bus.emit(db, Arrived(device_id, kind, state))
    return new


def _touched(result: Any) -> int:
    assert isinstance(result, CursorResult)
    return result.rowcount


async def keep(database: Database, device_id: int, *values: Value, error: str = "") -> int:
    """Store in one durable unit; returns how many were new. Only after this may the source be acknowledged."""
    async with database.unit(durable=True) as db:
        state: Literal["new", "broken"] = "broken" if error else "new"
        return sum([await store(db, device_id, v, state=state, error=error) for v in values])


async def take(
    database: Database, reader: Reader, kinds: Sequence[Kind] = ("inbound", "status"), limit: int = 100
) -> int:
    """Hand up to `limit` new rows to `reader`, oldest first, each in a unit of its own. Returns how many were touched.

    A row that its reader cannot digest becomes `broken`, with the reason, and is left for `again`.
    """
    async with database.unit(write=False) as db:
        wanted = select(Intake.id).where(Intake.state == "new", Intake.kind.in_(kinds)).order_by(Intake.id).limit(limit)
        ids = list(await db.scalars(wanted))
    for row_id in ids:
        await _take_one(database, reader, row_id)
    return len(ids)


async def _take_one(database: Database, reader: Reader, row_id: int) -> None:
    try:
        async with database.unit() as db:
            row = await _claim(db, row_id)
            if row is not None:
                await reader(db, _item(row))
                row.state, row.error, row.tries = "done", "", row.tries + 1
    except Exception as error:
        await _spoil(database, row_id, f"{type(error).__name__}: {error}")


async def _claim(db: AsyncSession, row_id: int) -> Intake | None:
    """The row, unless somebody else is at it or it is done."""
    wanted = select(Intake).where(Intake.id == row_id, Intake.state == "new").with_for_update(skip_locked=True)
    return (await db.scalars(wanted)).one_or_none()


def _item(row: Intake) -> Item:
    value = msgspec.json.decode(row.payload, type=TYPES[row.kind])
    return Item(
        id=row.id, device_id=row.device_id, external_id=row.external_id, received_at=row.received_at, value=value
    )


async def _spoil(database: Database, row_id: int, why: str) -> None:
    values = {"state": "broken", "error": why[:ERROR_MAX], "tries": Intake.tries + 1}
    async with database.unit() as db:
        await db.execute(update(Intake).where(Intake.id == row_id, Intake.state == "new").values(values))


async def again(db: AsyncSession, device_id: int | None = None) -> int:
    """Broken rows become new again (after a bug was mended); how many."""
    wanted = update(Intake).where(Intake.state == "broken")
    if device_id is not None:
        wanted = wanted.where(Intake.device_id == device_id)
    return _touched(await db.execute(wanted.values(state="new")))


async def counts(db: AsyncSession, device_id: int | None = None) -> dict[str, int]:
    """{"new", "broken"}: rows that wait. Done ones are not counted: there are many."""
    wanted = select(Intake.state, func.count()).where(Intake.state.in_(("new", "broken"))).group_by(Intake.state)
    if device_id is not None:
        wanted = wanted.where(Intake.device_id == device_id)
    return {"new": 0, "broken": 0} | {row[0]: row[1] for row in await db.execute(wanted)}


async def tidy(db: AsyncSession, blank_before: datetime, drop_before: datetime) -> None:
    """Forget contents of what was read before `blank_before`; forget even that it came before `drop_before`."""
    done = Intake.state == "done"
    await db.execute(update(Intake).where(done, Intake.received_at < blank_before).values(payload=b""))
    await db.execute(delete(Intake).where(done, Intake.received_at < drop_before))
