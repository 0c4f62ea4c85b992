"""A module for the tests of the shell: pages that use every macro, and levers to pull while a browser looks.

Whoever asks is signed in as Mariana; `/live`, CSRF, errors, headers and navigation are the office's own.
"""

from pathlib import Path
from typing import Any

import msgspec
from jinja2 import ChoiceLoader, FileSystemLoader, PrefixLoader
from litestar.connection import ASGIConnection

from app.frame.actor import NOBODY, Actor
from app.frame.module import Module, Nav, Topic
from app.frame.office import Office
from tests.web.stage import pages

MARIANA = Actor(user_id=1, name="Mariana Rojas", role="lead", via="session", everything=True)


async def _authenticate(office: Office, _connection: ASGIConnection[Any, Any, Any, Any]) -> Actor:
    if office.state.get("down"):
        raise RuntimeError("the stage is down")
    return NOBODY if office.state.get("closed") else MARIANA


async def _start(office: Office) -> None:
    office.profile = msgspec.structs.replace(office.profile, ready=True, name="Distribuidora Irazú")
    loader = office.templates.loader
    assert isinstance(loader, ChoiceLoader)
    loader.loaders = [*loader.loaders, PrefixLoader({"stage": FileSystemLoader(Path(__file__).parent / "templates")})]


module = Module(
    name="stage",
    title="Escenario",
    routes=pages.ROUTES,
    nav=(
        Nav("Lista", "/escena", icon="users", permission="stage.view", key="l"),
        Nav("Ficha", "/escena/ficha", icon="note", permission="stage.view", key="f"),
        Nav("Auditoría", "/escena/nada", icon="shield", permission="stage.view", group="system"),
    ),
    topics=(Topic("stage-", permission="stage.view"),),
    authenticate=_authenticate,
    start=_start,
)
