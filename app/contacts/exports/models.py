"""The table of exports: who took what out of the office, and where the file waits."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant


class Export(Base):
    """One export. State: queued, running, done, failed, cancelled, gone (its file was deleted).

    `query` is the filter as the list writes it, `said` the same in words; `asker` holds the reach that the person had.
    """

    __tablename__ = "contact_export"
    __table_args__ = (Index("ix_contact_export_user", "user_id", "id"),)

    id: Mapped[Id]
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200), default="")
    asker: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    format: Mapped[str] = mapped_column(String(10))
    query: Mapped[str] = mapped_column(Text, default="")
    said: Mapped[str] = mapped_column(Text, default="")
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)
    state: Mapped[str] = mapped_column(String(10), default="queued", index=True)
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    path: Mapped[str] = mapped_column(String(400), default="")
    filename: Mapped[str] = mapped_column(String(200), default="")
    size_bytes: Mapped[int] = mapped_column(BigInt, default=0)
    error: Mapped[str] = mapped_column(Text, default="")
    created_at: Mapped[Instant]
    finished_at: Mapped[datetime | None]
    expires_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]

    @property
    def is_busy(self) -> bool:
        return self.state in ("queued", "running")
