"""The table of notices."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant


class Notice(Base):
    """One thing that one person should know. Kind: ok, warn, danger.

    `title` is a msgid and `places` fills its places, so that it is read in the language of whoever reads it; `text` is
    a name or a sentence as it is. `about` names the thing ("export-7"): a newer notice replaces an older one about it.
    """

    __tablename__ = "notice"
    __table_args__ = (Index("ix_notice_user", "user_id", "id"),)

    id: Mapped[Id]
    user_id: Mapped[int] = mapped_column(BigInt)
    kind: Mapped[str] = mapped_column(String(10))
    title: Mapped[str] = mapped_column(String(200))
    places: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    text: Mapped[str] = mapped_column(Text, default="")
    url: Mapped[str] = mapped_column(String(300), default="")
    about: Mapped[str] = mapped_column(String(80), index=True)
    at: Mapped[Instant] = mapped_column(index=True)
    seen_at: Mapped[datetime | None]
