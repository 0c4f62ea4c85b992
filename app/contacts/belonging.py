"""To whom and where a contact belongs: a person who works here, a team that there is, a country of the world."""

from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.countries import is_country
from app.accounts.service import is_team, works_here
from app.contacts.models import Contact
from app.frame.i18n import _
from app.frame.refused import Refused

BELONGS = ("owner_id", "team_id", "country")
NAME_MAX = 200


async def refuse_nowhere(db: AsyncSession, field: str, value: Any, stored: Contact | None = None) -> None:
    """Raises Refused for a new owner, team or country that does not exist; what is stored already may stay."""
    if not value or (stored is not None and getattr(stored, field) == value):
        return
    if field == "owner_id" and not await works_here(db, value):
        raise Refused(_("Esa persona no trabaja en la oficina. Elija otra."), "owner")
    if field == "team_id" and not await is_team(db, value):
        raise Refused(_("Ese equipo ya no existe. Elija otro."), "team")
    if field == "country" and not is_country(value):
        raise Refused(_("«%(code)s» no es un país. Use su código de dos letras, como CR o MX.", code=value), "country")


def checks(db: AsyncSession, given: dict[str, Any], stored: Contact | None = None) -> list[Any]:
    """One to await for each of the three that was given."""
    return [partial(refuse_nowhere, db, field, given[field], stored)() for field in BELONGS if given.get(field)]


def whole(text: str, field: str) -> str:
    """A name on one line. Raises Refused rather than cut it."""
    text = " ".join(text.split())
    if len(text) > NAME_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=NAME_MAX), field)
    return text
