"""To whom and where a contact belongs (a person who works here, a team that there is, a country of the world), and how
long its texts may be: what does not fit is refused, never cut."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts.countries import is_country
from app.accounts.service import is_team, works_here
from app.contacts.models import Contact
from app.contacts.tagging import typed_tags
from app.frame.i18n import _
from app.frame.refused import Refused, each

BELONGS = ("owner_id", "team_id", "country")
NAME_MAX, NOTES_MAX = 200, 20_000


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


def fitting(notes: str) -> str:
    """As many lines as one likes, up to what the form on the screen takes. Raises Refused."""
    if len(notes) > NOTES_MAX:
        raise Refused(_("Escriba %(n)s caracteres como máximo.", n=NOTES_MAX), "notes")
    return notes


async def texts(name: str, company: str, tags: list[str], notes: str) -> list[Any]:
    """Those of a new contact as they are kept. Raises all that does not fit."""
    return each(
        partial(whole, name, "name"), partial(whole, company, "company"), partial(typed_tags, tags),
        partial(fitting, notes),
    )  # fmt: skip


def readers(contact: Contact) -> dict[str, Callable[[Any], Awaitable[Any]]]:
    """How the texts of a change are read; what a merge or an import made longer may stay as long as it is."""

    async def name(typed: str | None) -> str:
        return whole(typed or "", "name")

    async def company(typed: str | None) -> str:
        return whole(typed or "", "company")

    async def tags(typed: list[str]) -> list[str]:
        return typed_tags(typed, len(contact.tags))

    async def notes(typed: str | None) -> str:
        return typed or "" if len(typed or "") <= len(contact.notes) else fitting(typed or "")

    return {"name": name, "company": company, "tags": tags, "notes": notes}
