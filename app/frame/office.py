"""The running office: everything that lives as long as the process."""

from typing import Any

from jinja2 import Environment
from litestar.connection import ASGIConnection

from app.frame.actor import NOBODY, Actor
from app.frame.child import Child
from app.frame.db import Database
from app.frame.jobs import Queue
from app.frame.lag import LagMeter
from app.frame.lines import Lines
from app.frame.live import Hub
from app.frame.module import Module, Topic
from app.frame.profile import Profile, load_profile
from app.frame.settings import Settings
from app.frame.supervisor import Supervisor
from app.frame.topics import Hears, nobody
from app.frame.vault import Vault

AnyConnection = ASGIConnection[Any, Any, Any, Any]


class Office:
    """Handlers, jobs and commands get this; tests build one per test.

    A plain class: Litestar would take a dataclass for something to be built from the request.
    """

    live: Hub

    def __init__(
        self, *, settings: Settings, database: Database, modules: dict[str, Module], templates: Environment,
        vault: Vault, queue: Queue, child: Child, supervisor: Supervisor,
        skipped: dict[str, str] | None = None, version: str = "",
    ) -> None:  # fmt: skip
        self.settings = settings
        self.database = database
        self.modules = modules
        self.templates = templates
        self.vault = vault
        self.queue = queue
        self.child = child
        self.supervisor = supervisor
        self.skipped = skipped or {}
        self.version = version
        self.lines = Lines()
        self.lag = LagMeter()
        self.profile = Profile()
        self.state: dict[str, Any] = {}

    async def reload(self) -> None:
        """Read the office's own values again; after they changed."""
        async with self.database.unit(write=False) as db:
            self.profile = await load_profile(db)

    async def authenticate(self, connection: AnyConnection) -> Actor:
        """Ask the modules who this is; nobody when none knows."""
        for module in self.modules.values():
            if module.authenticate and (actor := await module.authenticate(self, connection)):
                return actor
        return NOBODY

    def topic(self, name: str) -> Topic | None:
        found = [t for m in self.modules.values() for t in m.topics if name.startswith(t.prefix)]
        return max(found, key=lambda t: len(t.prefix), default=None)

    async def look(self, name: str) -> Hears:
        """Who may be told that this changed, to be asked of each person: even the timing of activity is information."""
        topic = self.topic(name)
        if topic is None:
            return nobody
        permission = topic.permission
        if topic.look is None:
            return lambda actor: actor.may(permission)
        passes = await topic.look(self.database, name)
        return lambda actor: actor.may(permission) and passes(actor)

    async def may_hear(self, actor: Actor, name: str) -> bool:
        """Whether a person may be told that this changed."""
        return (await self.look(name))(actor)
