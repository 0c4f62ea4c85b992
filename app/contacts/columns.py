"""Which columns a person sees in the list: their own choice, kept with the account."""

from collections.abc import Iterable

from sqlalchemy import JSON, select
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import Mapped, mapped_column

from app.contacts.fields import all_fields
from app.frame.actor import actor_of
from app.frame.db import Base, BigInt
from app.frame.i18n import N_
from app.frame.refused import Refused

COLUMNS = {
    "phone": N_("Teléfono"),
    "email": N_("Correo"),
    "company": N_("Empresa"),
    "status": N_("Estado"),
    "owner": N_("Persona"),
    "team": N_("Equipo"),
    "tags": N_("Etiquetas"),
    "country": N_("País"),
    "provenance": N_("Origen"),
    "contacted": N_("Último contacto"),
    "updated": N_("Último cambio"),
    "created": N_("Creado"),
}
OWN = "own."
USUAL = ("phone", "status", "owner", "tags", "contacted")
SORTED_BY = {"name": "name", "status": "status", "contacted": "contacted", "updated": "updated", "created": "created"}


class ColumnChoice(Base):
    """The columns of one person's list."""

    __tablename__ = "contact_columns"

    user_id: Mapped[int] = mapped_column(BigInt, primary_key=True, autoincrement=False)
    columns: Mapped[list[str]] = mapped_column(JSON)


def clean_columns(names: Iterable[str], fields: Iterable[str] = ()) -> tuple[str, ...]:
    """Those that exist, in the order of the table; `fields` are keys of the office's own, as `own.key`."""
    wanted = set(names)
    return tuple(c for c in (*COLUMNS, *(OWN + key for key in fields)) if c in wanted)


async def columns_of(db: AsyncSession, user_id: int | None) -> tuple[str, ...]:
    chosen = await db.scalar(select(ColumnChoice.columns).where(ColumnChoice.user_id == (user_id or 0)))
    return USUAL if chosen is None else tuple(chosen)


async def choose_columns(db: AsyncSession, names: list[str]) -> tuple[str, ...]:
    """Keep the person's choice. The name is always shown. Raises Refused for nobody."""
    fields = [f.key for f in await all_fields(db)]
    user_id, columns = actor_of(db).user_id, clean_columns(names, fields)
    if user_id is None:
        raise Refused("only a person has columns")
    await db.merge(ColumnChoice(user_id=user_id, columns=list(columns)))
    return columns
