"""Tables of imports: the file's fate, every refused row, and mappings remembered by shape."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from app.frame.db import Base, BigInt, Id, Instant


class Import(Base):
    """One import. State: draft, queued, running, done, failed, cancelled, undone. `done` rows survive a crash."""

    __tablename__ = "contact_import"
    __table_args__ = {"sqlite_autoincrement": True}  # the audit remembers a discarded one: no second of its number

    id: Mapped[Id]
    filename: Mapped[str] = mapped_column(String(255))
    path: Mapped[str] = mapped_column(String(255))
    size_bytes: Mapped[int] = mapped_column(BigInt)
    sheet: Mapped[str] = mapped_column(String(120), default="")
    header_row: Mapped[int | None]
    shape: Mapped[str] = mapped_column(String(64), default="")
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    mode: Mapped[str] = mapped_column(String(10), default="fill")
    options: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    state: Mapped[str] = mapped_column(String(10), default="draft", index=True)
    total: Mapped[int] = mapped_column(Integer, default=0)
    done: Mapped[int] = mapped_column(Integer, default=0)
    counts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    error: Mapped[str] = mapped_column(Text, default="")
    batch_id: Mapped[int | None] = mapped_column(BigInt)
    user_id: Mapped[int | None] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200), default="")
    created_at: Mapped[Instant]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    undone_at: Mapped[datetime | None]

    @property
    def rehearsal(self) -> dict[str, int] | None:
        """What a dry run counted, as long as nobody went on with it."""
        return self.options.get("rehearsal") if self.state == "draft" else None


class ImportReject(Base):
    """A row that did not come in, with its cells and the reason."""

    __tablename__ = "contact_import_reject"
    __table_args__ = (Index("ix_contact_import_reject_import", "import_id", "row"),)

    id: Mapped[Id]
    import_id: Mapped[int] = mapped_column(ForeignKey("contact_import.id", ondelete="CASCADE"))
    row: Mapped[int]
    field: Mapped[str] = mapped_column(String(60), default="")
    reason: Mapped[str] = mapped_column(Text)
    cells: Mapped[list[str]] = mapped_column(JSON)


class ImportMapping(Base):
    """The mapping that a person settled for files of one shape."""

    __tablename__ = "contact_import_mapping"

    shape: Mapped[str] = mapped_column(String(64), primary_key=True)
    mapping: Mapped[dict[str, Any]] = mapped_column(JSON)
    changed_at: Mapped[Instant]
