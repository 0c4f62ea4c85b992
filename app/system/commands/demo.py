"""`centralita demo`."""

import asyncio
import shlex

import click

from app.frame.commands import migrate_carefully
from app.frame.office import Office
from app.frame.refused import Conflict
from app.frame.settings import read_settings
from app.system.demo import Login, new_password, plant

ROLES = {"agent": "agente", "lead": "supervisión", "manager": "gerencia", "it": "sistemas"}


@click.command("demo")
@click.option("--once", is_flag=True, help="Si ya hay una oficina, no hace nada y termina bien.")
def demo(once: bool) -> None:
    """Crea una oficina de demostración, con personas, contactos e historia, en una carpeta de datos vacía."""
    from app.main import make_office

    settings = read_settings()
    migrate_carefully(settings)
    office, password = make_office(settings), new_password()
    office.database.after_commit.clear()  # no pages are open here, and the open office finds jobs by itself
    try:
        logins = asyncio.run(_whole(office, password))
    except Conflict as there:
        if not once:
            raise click.ClickException(there.sentence) from there
        click.echo(f"La oficina de {settings.data} ya está; sigue como la dejó.")
        click.echo("Si olvidó la contraseña: centralita admin reset-password")
        return
    _say(logins, password)
    click.echo(f"Para abrirla: CENTRALITA_DATA={shlex.quote(str(settings.data))} centralita run")


async def _whole(office: Office, password: str) -> list[Login]:
    try:
        return await plant(office, password)
    finally:
        await office.database.close()


def _say(logins: list[Login], password: str) -> None:
    click.echo("Oficina de demostración lista. Puede entrar como:")
    for login in logins:
        click.echo(f"  {login.email:<38} {ROLES.get(login.role, login.role):<12} {login.name}")
    click.echo(f"Contraseña de todas (sólo se muestra ahora): {password}")
