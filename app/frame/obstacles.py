"""What can stand in the way of opening, said in one sentence with its remedy instead of a traceback."""

import contextlib
import socket
from collections.abc import Iterator

import click
from sqlalchemy.exc import DBAPIError

from app.frame.settings import Settings


def check_port(settings: Settings) -> None:
    """Raises ClickException when nobody can listen there. Asked first, before anything is opened or migrated."""
    try:
        found = socket.getaddrinfo(settings.host, settings.port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE)
        family, kind, protocol, _name, address = found[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
    except OSError as error:
        raise click.ClickException(
            f"No se puede atender en {settings.host}:{settings.port} ({error.strerror}). Cierre el otro programa "
            "o elija otro lugar con CENTRALITA_PORT y CENTRALITA_HOST."
        ) from error


@contextlib.contextmanager
def opening_the_database(settings: Settings) -> Iterator[None]:
    """Raises ClickException when the database cannot be reached, read or written."""
    try:
        yield
    except (DBAPIError, OSError) as error:
        why = str(getattr(error, "orig", None) or error).strip().splitlines()[0]
        raise click.ClickException(f"La base de datos no se pudo abrir ({why}). {_remedy(settings)}") from error


def _remedy(settings: Settings) -> str:
    if settings.is_sqlite:
        return (
            f"Revise el espacio libre y los permisos de {settings.database_file}; si el archivo está dañado, "
            "recupere un respaldo con «centralita restore»."
        )
    return "Revise CENTRALITA_DATABASE_URL y que el servidor de PostgreSQL responda."
