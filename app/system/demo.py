"""An office to click through: opened, and filled by what every module brings for it."""

import secrets

import msgspec
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import hashing, matrix, opening, people
from app.accounts.models import User
from app.frame.actor import SYSTEM, act_as
from app.frame.i18n import _
from app.frame.office import Office
from app.frame.refused import Conflict

OFFICE = "Distribuidora Irazú"
FIRST = ("Silvia Monge", "silvia.monge@demo.example", "it")
WORDS = (
    "aguacero", "barranco", "cafetal", "ceiba", "guayaba", "hamaca", "lapa", "marimba", "naranja", "pochote",
    "quetzal", "tamarindo", "trapiche", "tepezcuintle", "venado", "zacate",
)  # fmt: skip


class Login(msgspec.Struct, frozen=True):
    """Somebody one may be in the demo."""

    email: str
    name: str
    role: str


def new_password() -> str:
    """Four words and two figures: easy to type, and made anew for each demo."""
    return " ".join(secrets.choice(WORDS) for _word in range(4)) + f" {secrets.randbelow(90) + 10}"


async def plant(office: Office, password: str) -> list[Login]:
    """Open the office and fill it, in one transaction: a demo that is cut leaves an empty office.

    Raises Conflict when the database already holds an office.
    """
    hashed = await hashing.hash_password(password)
    async with office.database.unit(actor=SYSTEM) as db:
        if await opening.is_open(db):
            raise Conflict(_("Aquí ya hay una oficina. Elija otra carpeta con CENTRALITA_DATA."))
        await _open(office, db, hashed)
        for module in office.modules.values():
            if module.demo:
                act_as(db, SYSTEM)
                await module.demo(db)
        return await _let_in(db, hashed)


async def _open(office: Office, db: AsyncSession, hashed: str) -> None:
    name, email, role = FIRST
    first = opening.Admin(email=email, name=name, role=role, password_hash=hashed)
    said = opening.Opening(name=OFFICE, country=office.settings.country)
    await opening.complete_setup(db, said, first, matrix.declared(office.modules.values()))


async def _let_in(db: AsyncSession, hashed: str) -> list[Login]:
    """Everybody gets the demo's password; the one who opened the office has it."""
    act_as(db, SYSTEM)
    everybody = list(await db.scalars(select(User).where(User.disabled_at.is_(None)).order_by(User.role, User.id)))
    for user in everybody:
        if not user.password_hash:
            await people.set_password(db, user, hashed)
    return [Login(user.email, user.name, user.role) for user in everybody]
