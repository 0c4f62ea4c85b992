"""Commands of the frame: run, worker, migrate."""

import asyncio
import contextlib
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path

import click
import uvicorn

from app.frame import host, lean, obstacles, skeletons
from app.frame.migrate import migrate
from app.frame.settings import Settings, read_settings
from app.modules import BUILTIN

GRACE_S = 3
SETTLES_AFTER_S = 1.5


class Server(uvicorn.Server):
    """Says where the office is once it really listens. Can stop in order to begin again in the same process."""

    again = False

    def restart(self) -> None:
        """End politely, then start anew: a restore swaps the database while nobody has it open."""
        self.again = self.should_exit = True

    async def startup(self, sockets: list[object] | None = None) -> None:  # type: ignore[override]
        await super().startup(sockets)  # type: ignore[arg-type]
        if not self.started:
            return
        app = self.config.loaded_app
        office = getattr(getattr(app, "state", None), "office", None) or self.config.app.state.office  # type: ignore[union-attr]
        click.echo(f"Centralita: {office.settings.url}")
        if not office.profile.ready:
            click.echo("El asistente de la primera vez espera en esa dirección. Ctrl-C para terminar.")
        asyncio.get_running_loop().call_later(SETTLES_AFTER_S, lean.settle)  # the first page goes first


@click.command("run")
def run() -> None:
    """Migra y sirve la oficina hasta Ctrl-C."""
    settings = read_settings()
    obstacles.check_port(settings)
    with obstacles.opening_the_database(settings):
        _before("open", settings)
        migrate_carefully(settings)
    from app.main import create_app

    app = create_app(settings, only=True)
    config = uvicorn.Config(
        app,
        host=settings.host,
        port=settings.port,
        loop="uvloop",
        http="httptools",
        log_config=None,
        access_log=False,
        timeout_graceful_shutdown=GRACE_S,
        server_header=False,
        proxy_headers=bool(settings.trusted_proxies),
        forwarded_allow_ips=settings.trusted_proxies or None,
        lifespan="on",
    )
    server = Server(config)
    app.state.office.state["restart"] = server.restart
    server.run()
    if server.again:
        os.execv(sys.executable, [sys.executable, *sys.orig_argv[1:]])


def _before(moment: str, settings: Settings) -> None:
    """What modules do while nothing has the database open yet: `before_open`, `before_migration`."""
    modules, _skipped = host.load(BUILTIN)
    for module in modules.values():
        if prepare := getattr(module, f"before_{moment}"):
            prepare(settings)


def migrate_carefully(settings: Settings) -> None:
    """A backup first when there is something to lose, then the migration."""
    from app.frame.migrate import current, head

    now = current(settings)
    if now == head():
        return
    if now is not None:
        _before("migration", settings)
    migrate(settings)


@click.command("worker")
def worker() -> None:
    """Un proceso más que hace trabajos de la cola (sólo con PostgreSQL)."""
    settings = read_settings()
    if settings.is_sqlite:
        raise click.ClickException(
            "Con SQLite la oficina hace sus propios trabajos. Un proceso aparte necesita PostgreSQL."
        )
    asyncio.run(_work(settings))


async def _work(settings: Settings) -> None:
    from app.frame.lifetime import running
    from app.main import make_office

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for sign in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(sign, stop.set)
    async with running(make_office(settings)):
        click.echo("Centralita: trabajador en marcha.")
        await stop.wait()


@click.command("migrate")
def migrate_command() -> None:
    """Lleva la base de datos a la forma más nueva."""
    settings = read_settings()
    migrate_carefully(settings)
    click.echo("La base de datos está al día.")


@click.command("new-module")
@click.argument("name")
def new_module(name: str) -> None:
    """Escribe app/NAME con página, migración y pruebas que pasan."""
    _write(skeletons.new_module, name, f"python -m pytest tests/{name}")


@click.command("new-driver")
@click.argument("name")
def new_driver(name: str) -> None:
    """Escribe drivers/NAME con pruebas que pasan."""
    _write(skeletons.new_driver, name, f"python -m pytest tests/drivers/{name}")


def _write(skeleton: Callable[[str, Path], list[Path]], name: str, then: str) -> None:
    root = Path.cwd()
    if not (root / "app" / "modules.py").is_file():
        raise click.ClickException("Ejecute esta orden en la carpeta del código, donde está app/modules.py.")
    try:
        for path in skeleton(name, root):
            click.echo(path.relative_to(root))
    except skeletons.BadName as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"Ahora: {then}")


COMMANDS: tuple[click.Command, ...] = (run, worker, migrate_command, new_module, new_driver)
