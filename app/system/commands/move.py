"""`centralita move-database --to URL`."""

import click

from app.frame.settings import Settings, read_settings
from app.system import moving, pgdump, turns
from app.system.backups import backup_now
from app.system.commands.safety import carefully
from app.system.config import without_password


@click.command("move-database")
@click.option("--to", "url", required=True, metavar="URL", help="postgresql://… o sqlite:///ruta/centralita.db")
def move_database(url: str) -> None:
    """Lleva la oficina, cerrada, a otra base de datos (SQLite o PostgreSQL), que debe estar vacía."""
    settings = read_settings()
    rows = carefully(lambda: _move(settings, url))
    click.echo(f"Listo: {sum(rows.values())} filas en {len(rows)} tablas, contadas en los dos lados; auditoría entera.")
    click.echo(f"Para usarla: CENTRALITA_DATABASE_URL={without_password(url)}")
    click.echo("La base de datos de antes sigue como estaba; guárdela hasta estar segura de todo.")


def _move(settings: Settings, url: str) -> dict[str, int]:
    with turns.alone(settings.data):
        if settings.is_sqlite or not pgdump.missing():
            backup_now(settings, "move")
        return moving.move(settings, url, _tell)


def _tell(table: str, rows: int) -> None:
    if rows:
        click.echo(f"  {table}: {rows}")
