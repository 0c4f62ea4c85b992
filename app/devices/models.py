"""Tables of the lines to the world."""

from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Integer, LargeBinary, String
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant

NAME_MAX = 80


class Device(Base):
    """A line as the office set it up. `identity` is what the hardware said (IMEI, number id), never a port's name."""

    __tablename__ = "device"
    __table_args__ = {"sqlite_autoincrement": True}  # what a new line brings is not a removed one's

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(NAME_MAX), unique=True)
    settings: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    sealed: Mapped[bytes | None] = mapped_column(LargeBinary)
    enabled: Mapped[bool] = mapped_column(Boolean, default=True)
    identity: Mapped[str] = mapped_column(String(200), default="")
    hook: Mapped[str] = mapped_column(String(40), unique=True)
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]


class DeviceMemory(Base):
    """What a driver asked to remember between lives: marks, cookies. Sealed."""

    __tablename__ = "device_memory"

    device_id: Mapped[int] = mapped_column(BigInt, ForeignKey("device.id", ondelete="CASCADE"), primary_key=True)
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    sealed: Mapped[bytes] = mapped_column(LargeBinary)
