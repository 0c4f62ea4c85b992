"""Tables of what people allowed and forbade."""

from datetime import datetime

from sqlalchemy import Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant


class Block(Base):
    """Do not contact: one address (`match`) or one contact, on one channel or `*`. Kept when lifted."""

    __tablename__ = "contact_block"
    __table_args__ = (Index("ix_contact_block_match", "match"), Index("ix_contact_block_contact_id", "contact_id"))

    id: Mapped[Id]
    contact_id: Mapped[int | None] = mapped_column(BigInt)
    match: Mapped[str | None] = mapped_column(String(270))
    channel: Mapped[str] = mapped_column(String(12), default="*")
    purpose: Mapped[str] = mapped_column(String(20), default="*")
    reason: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(80), default="")
    since: Mapped[Instant]
    who: Mapped[str] = mapped_column(String(200), default="")
    lifted_at: Mapped[datetime | None]
    lifted_by: Mapped[str] = mapped_column(String(200), default="")


class Consent(Base):
    """A permission given: for which address, channel and purpose, with the words shown and where they came from."""

    __tablename__ = "contact_consent"
    __table_args__ = (Index("ix_contact_consent_match", "match"),)

    id: Mapped[Id]
    contact_id: Mapped[int | None] = mapped_column(BigInt)
    match: Mapped[str] = mapped_column(String(270))
    channel: Mapped[str] = mapped_column(String(12), default="*")
    purpose: Mapped[str] = mapped_column(String(20))
    words: Mapped[str] = mapped_column(Text, default="")
    source: Mapped[str] = mapped_column(String(80), default="")
    at: Mapped[Instant]
    withdrawn_at: Mapped[datetime | None]
