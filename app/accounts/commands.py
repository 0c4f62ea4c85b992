"""`centralita admin ...`: people from the command line, with or without the server running, no terminal needed."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from typing import TypeVar

import click
from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from app.accounts import hashing, keys, matrix, opening, people, totp
from app.accounts.models import User
from app.accounts.password_rules import check_password
from app.frame.actor import ROLES, SYSTEM
from app.frame.commands import migrate_carefully
from app.frame.office import Office
from app.frame.profile import load_profile
from app.frame.refused import Refused
from app.frame.settings import read_settings

T = TypeVar("T")
OFFICE = "Centralita"


@click.group("admin")
def admin() -> None:
    """Personas de la oficina desde la línea de órdenes."""


def run(work: Callable[[Office], Awaitable[T]]) -> T:
    """Do it on the office's data, migrated first. A refusal is one sentence and exit code 1."""
    from app.main import make_office

    settings = read_settings()
    migrate_carefully(settings)
    office = make_office(settings)
    office.database.after_commit.clear()  # no pages are open here and the server's own sweep finds new jobs

    async def whole() -> T:
        try:
            return await work(office)
        finally:
            await office.database.close()

    try:
        return asyncio.run(whole())
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused


def typed_password() -> str:
    """The first line of the standard input."""
    return sys.stdin.readline().rstrip("\r\n")


async def _person(db: AsyncSession, email: str) -> User:
    user = await people.by_login(db, email)
    if user is None:
        raise Refused(f"No hay nadie con el correo o usuario {email}.")
    return user


@admin.command("create")
@click.option("--email", required=True, help="Correo de la persona.")
@click.option("--name", required=True, help="Nombre y apellidos.")
@click.option("--role", type=click.Choice(ROLES), default="manager", show_default=True)
@click.option("--password-stdin", is_flag=True, required=True, help="Lee la contraseña de la entrada estándar.")
def create(email: str, name: str, role: str, password_stdin: bool) -> None:
    """Crea una persona; en una oficina nueva completa también la instalación."""
    password = typed_password()

    async def work(office: Office) -> User:
        async with office.database.unit(write=False) as db:
            profile = await load_profile(db)
        check_password(password, (name, email, profile.name))
        hashed = await hashing.hash_password(password)
        async with office.database.unit(actor=SYSTEM) as db:
            if await opening.is_open(db):
                return await people.create_person(db, email=email, name=name, role=role, password_hash=hashed)
            said = opening.Opening(name=OFFICE, country=office.settings.country)
            first = opening.Admin(email=email, name=name, role=role, password_hash=hashed)
            return await opening.complete_setup(db, said, first, matrix.declared(office.modules.values()))

    user = run(work)
    click.echo(f"{user.name} <{user.email}> ({user.role}), usuario {user.username}")


@admin.command("api-key")
@click.option("--email", required=True, help="De quién será la clave.")
@click.option("--name", required=True, help="Para qué es: así aparece en la lista.")
@click.option("--days", type=click.IntRange(1, 3650), help="Días que sirve; sin límite si se omite.")
def api_key(email: str, name: str, days: int | None) -> None:
    """Crea una clave de API y la imprime sola en la última línea."""

    async def work(office: Office) -> str:
        async with office.database.unit(actor=SYSTEM) as db:
            return await keys.create_key(db, await _person(db, email), name=name, days=days)

    click.echo(run(work))


@admin.command("reset-password")
@click.option("--email", required=True)
@click.option("--password-stdin", is_flag=True, required=True, help="Lee la contraseña de la entrada estándar.")
@click.option("--without-2fa", is_flag=True, help="Desactiva también su verificación en dos pasos.")
def reset_password(email: str, password_stdin: bool, without_2fa: bool) -> None:
    """Pone una contraseña nueva, cierra las sesiones de la persona y la activa si estaba desactivada."""
    password = typed_password()

    async def work(office: Office) -> str:
        async with office.database.unit(write=False) as db:
            user = await _person(db, email)
        check_password(password, (user.name, user.email))
        hashed = await hashing.hash_password(password)
        async with office.database.unit(actor=SYSTEM) as db:
            fresh = await people.get_person(db, user.id)
            await people.set_password(db, fresh, hashed)
            if fresh.disabled_at is not None:
                await people.enable_person(db, fresh)
            if without_2fa and fresh.has_2fa:
                await totp.disable(db, fresh)
        return user.email

    click.echo(f"Contraseña nueva para {run(work)}.")


@admin.command("list")
def list_people() -> None:
    """Una línea por persona: correo, usuario, rol, estado, nombre."""

    async def work(office: Office) -> list[User]:
        async with office.database.unit(write=False) as db:
            return list(await db.scalars(select(User).order_by(User.id)))

    for user in run(work):
        state = "activa" if user.disabled_at is None else "desactivada"
        click.echo(f"{user.email}\t{user.username}\t{user.role}\t{state}\t{user.name}")
