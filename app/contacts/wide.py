"""A contact with everything, in one query: what the API lists; exports pick from it. JSON parts pass through unread."""

from datetime import datetime
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Subquery, Text, case, cast, func, literal_column, null, select

from app.contacts.models import Address, Contact, Status

EMPTY = msgspec.Raw(b"[]")
PLAINLY = {"owner": "owner_id", "team": "team_id", "do_not_contact": "blocked"}  # what the API calls otherwise


class WideRow(msgspec.Struct):
    """A contact as the API shows it; field names are the API's."""

    id: int
    name: str
    company: str
    is_company: bool
    phone: str | None
    email: str | None
    addresses: msgspec.Raw
    status: str
    notes: str
    tags: msgspec.Raw
    owner: int | None
    team: int | None
    country: str
    custom: msgspec.Raw
    do_not_contact: bool
    provenance: str
    version: int
    created_at: datetime
    updated_at: datetime
    last_contacted_at: datetime | None


def _raw(value: Any) -> msgspec.Raw:
    return EMPTY if value is None else msgspec.Raw(value.encode())


def wide_row(*v: Any) -> WideRow:
    """From the columns below; flags are 0/1 on SQLite."""
    return WideRow(
        v[0], v[1], v[2], bool(v[3]), v[4] or None, v[5] or None, _raw(v[6]), v[7], v[8], _raw(v[9]), v[10], v[11],
        v[12], _raw(v[13]), bool(v[14]), *v[15:],
    )  # fmt: skip


def wide_columns(dialect: str) -> list[ColumnElement[Any]]:
    """The columns of a WideRow, in order."""
    return [column_of(name, dialect) for name in WideRow.__struct_fields__]


def column_of(name: str, dialect: str) -> ColumnElement[Any]:
    """One of a WideRow's columns; or `others`, the addresses beside the first phone and the first e-mail."""
    match name:
        case "addresses":
            return _addresses(dialect)
        case "others":
            return _others(dialect)
        case "status":
            return select(Status.code).where(Status.id == Contact.status_id).scalar_subquery()
        case "tags" | "custom":
            return _text(getattr(Contact, name), dialect)
    found: ColumnElement[Any] = getattr(Contact, PLAINLY.get(name, name))
    return found


def _text(column: Any, dialect: str) -> ColumnElement[str]:
    """The stored JSON as text, not parsed."""
    return cast(column, Text) if dialect == "postgresql" else literal_column(f"contact.{column.key}", Text)


def _addresses(dialect: str) -> ColumnElement[str]:
    a = Address
    own = select(a.channel, a.external_id, a.label, a.operator).where(a.contact_id == Contact.id).correlate(Contact)
    rows = own.order_by(a.position, a.id).subquery("mine")
    names = ("channel", rows.c.channel, "value", rows.c.external_id, "label", rows.c.label, "operator", rows.c.operator)
    return _listed(rows, names, dialect)


def _others(dialect: str) -> ColumnElement[str]:
    """NULL for who has none, which is told sooner than an empty list is made: most have none."""
    a = Address
    own = select(a.channel, a.external_id).where(a.contact_id == Contact.id).correlate(Contact)
    own = own.where(~((a.channel == "phone") & (a.external_id == Contact.phone)))
    own = own.where(~((a.channel == "email") & (a.external_id == Contact.email)))
    rows = own.order_by(a.position, a.id).subquery("mine")
    listed = _listed(rows, ("channel", rows.c.channel, "value", rows.c.external_id), dialect)
    return case((own.exists(), listed), else_=null())


def _listed(rows: Subquery, names: tuple[Any, ...], dialect: str) -> ColumnElement[str]:
    if dialect == "postgresql":
        return select(cast(func.json_agg(func.json_build_object(*names)), Text)).select_from(rows).scalar_subquery()
    return select(func.json_group_array(func.json_object(*names), type_=Text)).select_from(rows).scalar_subquery()
