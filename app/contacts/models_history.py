"""Tables of what happened to contacts: changes, events, batches that can be undone, merges, erasures."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant


class Batch(Base):
    """Many changes made as one: a bulk edit, a night of ageing, an import. Undone as one, too."""

    __tablename__ = "contact_batch"

    id: Mapped[Id]
    kind: Mapped[str] = mapped_column(String(20))
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200))
    detail: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="done")
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    undone_at: Mapped[datetime | None]


class Change(Base):
    """One field of one contact: who, when, before, after."""

    __tablename__ = "contact_change"
    __table_args__ = (
        Index("ix_contact_change_contact", "contact_id", "id"),
        Index("ix_contact_change_batch", "batch_id", "id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200))
    field: Mapped[str] = mapped_column(String(60))
    before: Mapped[Any] = mapped_column(JSON)
    after: Mapped[Any] = mapped_column(JSON)
    batch_id: Mapped[int | None] = mapped_column(BigInt)


class Event(Base):
    """One line of a contact's timeline; any module adds its own."""

    __tablename__ = "contact_event"
    __table_args__ = (Index("ix_contact_event_contact", "contact_id", "at", "id"),)

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(BigInt)
    at: Mapped[Instant]
    kind: Mapped[str] = mapped_column(String(40))
    icon: Mapped[str] = mapped_column(String(30), default="note")
    title: Mapped[str] = mapped_column(String(200))
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(200), default="")
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200), default="")


class Merge(Base):
    """Two contacts that became one; `moved` is what it takes to part them again."""

    __tablename__ = "contact_merge"

    id: Mapped[Id]
    kept_id: Mapped[int] = mapped_column(BigInt, index=True)
    gone_id: Mapped[int] = mapped_column(BigInt, index=True)
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200))
    moved: Mapped[dict[str, Any]] = mapped_column(JSON)
    undone_at: Mapped[datetime | None]


class Erasure(Base):
    """The certificate of an erased or exported person; holds no personal data but the request's own words."""

    __tablename__ = "contact_erasure"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    kind: Mapped[str] = mapped_column(String(10))
    at: Mapped[Instant]
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200))
    basis: Mapped[str] = mapped_column(Text)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON)
    digest: Mapped[str] = mapped_column(String(64))
