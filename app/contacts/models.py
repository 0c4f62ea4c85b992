"""Tables of the people and companies of the office."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Boolean, ForeignKey, Index, Integer, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column, relationship

from app.frame.db import Base, BigInt, Id, Instant

CHANNELS = ("phone", "whatsapp", "email", "telegram", "messenger", "instagram", "sms", "other")
PROVENANCES = ("manual", "import", "generated", "inbound", "api")
# SQLite uses a partial index only where the query says the same words: SQLAlchemy writes a flag as `live = 1`.
LIVE: dict[str, Any] = {"sqlite_where": text("live = 1"), "postgresql_where": text("live")}
BINNED: dict[str, Any] = {"sqlite_where": text("live = 0"), "postgresql_where": text("NOT live")}


def _partial(name: str, *columns: str, where: str) -> Index:
    """A partial index on both databases."""
    return Index(name, *columns, sqlite_where=text(where), postgresql_where=text(where))


class Status(Base):
    """A contact's state as data: order in the call list, colour, protection, and how it ages."""

    __tablename__ = "contact_status"

    id: Mapped[Id]
    code: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    priority: Mapped[int] = mapped_column(Integer, default=999)
    kind: Mapped[str] = mapped_column(String(10), default="")
    protected: Mapped[bool] = mapped_column(Boolean, default=False)
    automatic: Mapped[bool] = mapped_column(Boolean, default=False)
    after_months: Mapped[int | None]
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class Contact(Base):
    """A person or company. `phone`, `email` and `tags` repeat addresses and tags, so that a list is one query;
    `bulk` rows had their search index written by who brought them."""

    __tablename__ = "contact"
    __table_args__ = (
        Index("ix_contact_list_updated", "deleted_at", "updated_at", "id"),
        Index("ix_contact_list_name", "deleted_at", "name_key", "id"),
        Index("ix_contact_list_contacted", "deleted_at", "last_contacted_at", "id"),
        Index("ix_contact_list_status", "deleted_at", "status_id", "updated_at", "id"),
        _partial("ix_contact_list_owner", "owner_id", "updated_at", "id", where="owner_id IS NOT NULL"),
        _partial("ix_contact_list_team", "team_id", "updated_at", "id", where="team_id IS NOT NULL"),
        Index("ix_contact_provenance", "provenance", "provenance_id", "id"),
        {"sqlite_autoincrement": True},  # who comes after a contact that was erased must not pass for it
    )

    id: Mapped[Id]
    is_company: Mapped[bool] = mapped_column(Boolean, default=False)
    name: Mapped[str] = mapped_column(String(200))
    company: Mapped[str] = mapped_column(String(200), default="")
    status_id: Mapped[int] = mapped_column(ForeignKey("contact_status.id"))
    notes: Mapped[str] = mapped_column(Text, default="")
    tags: Mapped[list[str]] = mapped_column(JSON, default=list)
    owner_id: Mapped[int | None] = mapped_column(BigInt)
    team_id: Mapped[int | None] = mapped_column(BigInt)
    country: Mapped[str] = mapped_column(String(2), default="")
    custom: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    provenance: Mapped[str] = mapped_column(String(10), default="manual")
    provenance_id: Mapped[int | None] = mapped_column(BigInt)
    phone: Mapped[str] = mapped_column(String(20), default="")
    email: Mapped[str] = mapped_column(String(254), default="")
    blocked: Mapped[bool] = mapped_column(Boolean, default=False)
    bulk: Mapped[bool] = mapped_column(Boolean, default=False)
    name_key: Mapped[str] = mapped_column(String(200), default="")
    search: Mapped[str] = mapped_column(Text, default="")
    version: Mapped[int] = mapped_column(Integer, default=1)
    created_at: Mapped[Instant]
    updated_at: Mapped[Instant]
    seen_at: Mapped[Instant]
    last_contacted_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    merged_into: Mapped[int | None] = mapped_column(BigInt)

    addresses: Mapped[list["Address"]] = relationship(
        order_by="Address.position, Address.id", cascade="all, delete-orphan", lazy="selectin"
    )
    status: Mapped[Status] = relationship(lazy="joined", innerjoin=True)


class Address(Base):
    """A way to reach a contact: (channel, external id). `match` is the same for all channels that share a number
    or mailbox; `live` is false while its contact is in the bin."""

    __tablename__ = "contact_address"
    __table_args__ = (
        Index("uq_contact_address_live", "match", "channel", unique=True, **LIVE),
        Index("ix_contact_address_binned", "match", **BINNED),
        Index("ix_contact_address_contact_id", "contact_id"),
    )

    id: Mapped[Id]
    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"))
    channel: Mapped[str] = mapped_column(String(12))
    external_id: Mapped[str] = mapped_column(String(254))
    match: Mapped[str] = mapped_column(String(270))
    label: Mapped[str] = mapped_column(String(40), default="")
    operator: Mapped[str] = mapped_column(String(60), default="")
    position: Mapped[int] = mapped_column(Integer, default=0)
    live: Mapped[bool] = mapped_column(Boolean, default=True)
    created_at: Mapped[Instant]


class Tag(Base):
    """A label that contacts carry."""

    __tablename__ = "tag"

    id: Mapped[Id]
    name: Mapped[str] = mapped_column(String(60))
    key: Mapped[str] = mapped_column(String(60), unique=True)


class ContactTag(Base):
    """Which contact carries which tag; for filtering."""

    __tablename__ = "contact_tag"
    __table_args__ = (Index("ix_contact_tag_tag_id", "tag_id", "contact_id"),)

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    tag_id: Mapped[int] = mapped_column(ForeignKey("tag.id", ondelete="CASCADE"), primary_key=True)


class CustomField(Base):
    """A typed field that managers define: text, number, date, yes/no or one of a list."""

    __tablename__ = "contact_custom_field"

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(40), unique=True)
    title: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(10))
    choices: Mapped[list[str]] = mapped_column(JSON, default=list)
    position: Mapped[int] = mapped_column(Integer, default=0)
    active: Mapped[bool] = mapped_column(Boolean, default=True)


class SavedView(Base):
    """A filter, an order and columns under a name; own or shared."""

    __tablename__ = "contact_view"
    __table_args__ = (UniqueConstraint("owner_id", "name"),)

    id: Mapped[Id]
    owner_id: Mapped[int] = mapped_column(BigInt)
    name: Mapped[str] = mapped_column(String(80))
    shared: Mapped[bool] = mapped_column(Boolean, default=False)
    query: Mapped[str] = mapped_column(Text, default="")
    columns: Mapped[list[str]] = mapped_column(JSON, default=list)


class Lock(Base):
    """Who has a contact's editor open, and until when."""

    __tablename__ = "contact_lock"

    contact_id: Mapped[int] = mapped_column(ForeignKey("contact.id", ondelete="CASCADE"), primary_key=True)
    user_id: Mapped[int] = mapped_column(BigInt)
    who: Mapped[str] = mapped_column(String(200))
    since: Mapped[Instant]
    until: Mapped[Instant]
