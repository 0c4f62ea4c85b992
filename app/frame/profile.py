"""The office itself: its name, country, zone, language; and other values that managers set. Data, not settings."""

from typing import Any

import msgspec
from sqlalchemy import JSON, String, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.frame import audit
from app.frame.db import Base, Instant, now_utc


class OfficeValue(Base):
    """One value of the office."""

    __tablename__ = "office_value"

    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[Any] = mapped_column(JSON)
    changed_at: Mapped[Instant]


class Profile(msgspec.Struct, frozen=True, kw_only=True):
    """The office as everyone sees it. `ready` turns true when the first-run wizard is done."""

    ready: bool = False
    name: str = "Centralita"
    country: str = "CR"
    timezone: str = "America/Costa_Rica"
    language: str = "es"
    require_2fa: bool = False


async def load_profile(db: AsyncSession) -> Profile:
    rows = (await db.execute(select(OfficeValue.name, OfficeValue.value))).all()
    known = {name: value for name, value in rows if name in Profile.__struct_fields__}
    return msgspec.convert(known, Profile)


async def read_value(db: AsyncSession, name: str, default: Any = None) -> Any:
    row = await db.get(OfficeValue, name)
    return default if row is None else row.value


async def save_values(db: AsyncSession, **values: Any) -> None:
    """Store values of the office; each change is audited. Call `office.reload()` after the commit."""
    for name, value in values.items():
        row = await db.get(OfficeValue, name)
        before = None if row is None else row.value
        if row is None:
            db.add(OfficeValue(name=name, value=value, changed_at=now_utc()))
        elif before != value:
            row.value, row.changed_at = value, now_utc()
        if before != value:
            audit.record(db, "office.changed", "office", name, {"value": before}, {"value": value})
