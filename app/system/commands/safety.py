"""`centralita backup` and `centralita restore`."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from app.frame import show
from app.frame.refused import Refused
from app.frame.settings import Settings, read_settings
from app.system import restoring, shelf, turns
from app.system.backups import WHYS, backup_now
from app.system.restoring import Request, Result
from app.system.shelf import Backup

WAIT_S = 300
PATIENCE_S = 15
T = TypeVar("T")


@click.command("backup")
def backup() -> None:
    """Hace un respaldo ahora y lo comprueba; también con la oficina abierta."""
    made = carefully(lambda: backup_now(read_settings(), "manual"))
    click.echo(_line(made))
    if not made.good:
        raise click.ClickException(f"El respaldo salió dañado: {made.problem}")


def carefully(work: Callable[[], T]) -> T:
    """Refusals are sentences for people, not tracebacks."""
    try:
        return work()
    except Refused as refused:
        raise click.ClickException(refused.sentence) from refused


def _line(one: Backup) -> str:
    state = "comprobado" if one.good else f"dañado: {one.problem}"
    facts = (one.name, show.exact(one.at), show.size(one.bytes), f"{one.total_rows} filas", WHYS[one.why], state)
    return "  ".join(facts).replace("\u00a0", " ")


@click.command("restore")
@click.argument("backup_name", metavar="[NOMBRE|ARCHIVO]", default="")
def restore(backup_name: str) -> None:
    """Pone un respaldo en lugar de lo presente (que antes se respalda). Sin nombre, muestra los que hay."""
    settings = read_settings()
    if not backup_name:
        _list(settings)
        return
    path = carefully(lambda: _path(settings, backup_name))
    carefully(lambda: restoring.check(settings, path))
    restoring.ask(settings, path, by="centralita restore")
    _say(_now_or_wait(settings))


def _list(settings: Settings) -> None:
    found = shelf.listed(settings)
    for one in found:
        click.echo(_line(one))
    if not found:
        click.echo("Todavía no hay respaldos. Haga uno con: centralita backup")


def _path(settings: Settings, given: str) -> Path:
    """A name on the shelf, or any file."""
    path = Path(given)
    return path if path.is_file() else shelf.path_of(settings, shelf.find(settings, given))


def _now_or_wait(settings: Settings) -> Result | None:
    """Apply the request here when the office is closed; else the office, which looks every second, does it."""
    request = restoring.asked(settings)
    assert request is not None
    if not turns.is_taken(settings.data / turns.FILE):
        return restoring.finish(settings)
    click.echo("La oficina está abierta: se reinicia con el respaldo...")
    return _wait(settings, request)


def _wait(settings: Settings, request: Request) -> Result | None:
    deadline = time.monotonic() + WAIT_S
    while time.monotonic() < deadline:
        result = restoring.last_result(settings)
        if result and result.at >= request.at and restoring.asked(settings) is None:
            return result
        time.sleep(0.2)
    return None


def _say(result: Result | None) -> None:
    if result is None:
        raise click.ClickException("La oficina no respondió. El respaldo se restaurará cuando se abra de nuevo.")
    if result.problem:
        raise click.ClickException(f"No se restauró: {result.problem} Todo sigue como estaba.")
    click.echo(f"Restaurado: {result.name}. Lo que había quedó en: {result.safety or 'nada'}")


def before_open(settings: Settings) -> None:
    """A restore that was asked for, or that a crash cut, is done before anybody opens the database."""
    result = carefully(lambda: _patiently(settings))
    if result is not None:
        click.echo(f"No se restauró: {result.problem}" if result.problem else f"Restaurado: {result.name}")


def _patiently(settings: Settings) -> Result | None:
    """Workers let go of the folder within a second or two of a request."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            return restoring.finish(settings)
        except turns.Taken:
            if time.monotonic() > deadline:
                raise
        time.sleep(0.2)
