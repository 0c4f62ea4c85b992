"""`centralita doctor`: looks at everything and says what to do; exit code 1 when something is broken."""

import json
import socket
import sqlite3
import urllib.error
import urllib.request
from collections.abc import Iterator

import click
from sqlalchemy.exc import SQLAlchemyError

from app.frame.settings import Settings, read_settings
from app.system.commands.checks import CHECKS, Check
from app.system.findings import Finding

MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "bad": ("✗", "red")}
ANYWHERE = ("0.0.0.0", "::", "")
ANSWER_S = 4


@click.command("doctor")
@click.option("--health", is_flag=True, help="Sólo pregunta a la oficina abierta si está bien.")
def doctor(health: bool) -> None:
    """Revisa todo y dice qué hacer; termina con 1 si algo está mal."""
    settings = read_settings()
    found = [_open(settings)] if health else list(_all(settings))
    for one in found:
        _say(one)
    if any(one.state == "bad" for one in found):
        raise SystemExit(1)


def _all(settings: Settings) -> Iterator[Finding]:
    for check in CHECKS:
        yield from _safely(check, settings)
    yield port(settings)


def _safely(check: Check, settings: Settings) -> Iterator[Finding]:
    """A check that breaks is itself a finding; the others still run."""
    try:
        yield from check(settings)
    except (OSError, sqlite3.Error, SQLAlchemyError) as error:
        said = f"La revisión «{check.__name__}» no pudo terminar: {error}"
        yield Finding("bad", said, "Revise permisos y disco, y repita: centralita doctor")


def _say(one: Finding) -> None:
    mark, colour = MARKS[one.state]
    click.echo(click.style(mark, fg=colour) + " " + one.said)
    if one.todo and one.state != "ok":
        click.echo(f"    {one.todo}")


def port(settings: Settings) -> Finding:
    """The open office and how it feels; or whether it could be opened on this port."""
    host = "127.0.0.1" if settings.host in ANYWHERE else settings.host
    said = _health(f"http://{host}:{settings.port}/health")
    if said is not None:
        return _as_finding(said)
    if _is_taken(host, settings.port):
        todo = f"Cierre el otro programa o elija otro: CENTRALITA_PORT={settings.port + 1}"
        return Finding("bad", f"Otro programa usa el puerto {settings.port}.", todo)
    return Finding("warn", f"La oficina está cerrada; el puerto {settings.port} está libre.", "Para abrirla: make run")


def _open(settings: Settings) -> Finding:
    """For who asks whether the office is open: closed is an error too."""
    found = port(settings)
    return Finding("bad", found.said, found.todo) if found.state == "warn" else found


def _as_finding(said: dict[str, object]) -> Finding:
    if said["status"] == "ok":
        return Finding("ok", "La oficina está abierta y bien.")
    checks = said.get("checks")
    ill = ", ".join(f"{n}: {w}" for n, w in checks.items() if w != "ok") if isinstance(checks, dict) else "?"
    return Finding("bad", f"La oficina está abierta y no está bien ({ill}).", "Mire la página /sistema.")


def _health(url: str) -> dict[str, object] | None:
    """What /health says; None when nobody answers, or somebody who is no office."""
    try:
        with urllib.request.urlopen(url, timeout=ANSWER_S) as answer:
            body = answer.read()
    except urllib.error.HTTPError as refused:
        body = refused.read()
    except OSError:
        return None
    return _office(body)


def _office(body: bytes) -> dict[str, object] | None:
    try:
        said = json.loads(body)
    except ValueError:
        return None
    return said if isinstance(said, dict) and "status" in said and "checks" in said else None


def _is_taken(host: str, number: int) -> bool:
    with socket.socket() as probe:
        probe.settimeout(1)
        return probe.connect_ex((host, number)) == 0
