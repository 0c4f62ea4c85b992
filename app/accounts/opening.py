"""The office opens for the first time: once, with its first administrator, in one transaction."""

import msgspec
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import matrix, people
from app.accounts.countries import guess_zone, is_country, is_zone
from app.accounts.events import OfficeOpened
from app.accounts.models import User
from app.frame import bus
from app.frame.actor import act_as, actor_of
from app.frame.i18n import LANGUAGES, _
from app.frame.module import Permission
from app.frame.profile import read_value, save_values
from app.frame.refused import Conflict, Refused


class Opening(msgspec.Struct, frozen=True, kw_only=True):
    """What an office starts with. An empty time zone is guessed from the country."""

    name: str
    country: str
    timezone: str = ""
    language: str = "es"


class Admin(msgspec.Struct, frozen=True, kw_only=True):
    """The first person."""

    email: str
    name: str
    role: str
    password_hash: str


async def is_open(db: AsyncSession) -> bool:
    return bool(await read_value(db, "ready", False))


def check_opening(opening: Opening) -> Opening:
    """With the gaps filled. Raises Refused for a country, zone or language that is none."""
    name = " ".join(opening.name.split())
    if not 2 <= len(name) <= 80:
        raise Refused(_("Escriba el nombre de la oficina."), "office")
    if not is_country(opening.country):
        raise Refused(_("Elija un país de la lista."), "country")
    if opening.language not in LANGUAGES:
        raise Refused(_("Elija uno de los idiomas."), "language")
    zone = opening.timezone or guess_zone(opening.country)
    if not is_zone(zone):
        raise Refused(_("Elija una zona horaria de la lista."), "timezone")
    return msgspec.structs.replace(opening, name=name, timezone=zone)


async def complete_setup(db: AsyncSession, opening: Opening, admin: Admin, permissions: list[Permission]) -> User:
    """Open the office. Raises Conflict when it is open, also when two try at once."""
    opening = check_opening(opening)
    house = msgspec.structs.replace(actor_of(db), name=admin.name, via="setup", everything=True)
    act_as(db, house)
    await _claim(db)
    await matrix.seed(db, permissions)
    user = await people.create_person(
        db, email=admin.email, name=admin.name, role=admin.role, password_hash=admin.password_hash
    )
    act_as(db, msgspec.structs.replace(house, user_id=user.id, role=user.role))
    await save_values(
        db, name=opening.name, country=opening.country, timezone=opening.timezone, language=opening.language
    )
    await bus.emit(db, OfficeOpened(opening.country, opening.timezone, opening.language, user.id))
    return user


async def _claim(db: AsyncSession) -> None:
    """Write the `ready` row first: of two at once, the second waits here and meets it."""
    already = Conflict(_("La oficina ya está abierta. Entre con su correo y contraseña."))
    if await is_open(db):
        raise already
    await save_values(db, ready=True)
    try:
        await db.flush()
    except IntegrityError as error:
        raise already from error
