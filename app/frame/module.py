"""The vocabulary of a module. A module is a value: lists that the host reads, never hooks that it calls at random."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from sqlalchemy.ext.asyncio import AsyncSession

from app.frame.actor import Actor
from app.frame.topics import Hears

if TYPE_CHECKING:
    from app.frame.db import Database
    from app.frame.jobs import Work
    from app.frame.office import Office
    from app.frame.settings import Settings

Handler = Callable[[AsyncSession, Any], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Permission:
    """A right with its starting scope per role: own, team, all, or None where the role lacks it."""

    name: str
    title: str
    agent: str | None = None
    lead: str | None = None
    manager: str | None = "all"
    it: str | None = "all"
    scoped: bool = True

    def start(self) -> dict[str, str]:
        given = {"agent": self.agent, "lead": self.lead, "manager": self.manager, "it": self.it}
        return {role: scope for role, scope in given.items() if scope}


@dataclass(frozen=True, slots=True)
class Nav:
    """An entry of the side navigation. `key` is the letter after `g`."""

    title: str
    url: str
    icon: str
    permission: str
    group: str = "operation"
    key: str = ""


@dataclass(frozen=True, slots=True)
class Panel:
    """A fragment that another module's page loads by URL into a slot; `{id}` is filled in."""

    slot: str
    title: str
    url: str
    permission: str


@dataclass(frozen=True, slots=True)
class Job:
    """Work for later. `pending` names the keys a crash may have left behind; the sweep enqueues them again."""

    run: "Callable[[Work, str], Awaitable[None]]"
    pending: Callable[[AsyncSession], Awaitable[list[str]]] | None = None
    retries: int = 0
    timeout_s: float | None = None


@dataclass(frozen=True, slots=True)
class Every:
    """A schedule for a job: an interval, or five cron fields in the office's zone."""

    job: str
    minutes: float | None = None
    cron: str | None = None
    key: str = "schedule"


@dataclass(frozen=True, slots=True)
class Topic:
    """Live topics that begin with `prefix` are heard by who holds the permission.

    `look` narrows that: it reads once, from committed rows, what one topic is about, and answers with a question that
    is then asked of each person who listens.
    """

    prefix: str
    permission: str
    look: "Callable[[Database, str], Awaitable[Hears]] | None" = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Module:
    """What a module is. Built-ins and third parties use the same door."""

    name: str
    title: str
    needs: tuple[str, ...] = ()
    routes: tuple[Any, ...] = ()
    nav: tuple[Nav, ...] = ()
    panels: tuple[Panel, ...] = ()
    permissions: tuple[Permission, ...] = ()
    on: Mapping[type, Handler] = field(default_factory=dict)
    jobs: Mapping[str, Job] = field(default_factory=dict)
    schedules: tuple[Every, ...] = ()
    topics: tuple[Topic, ...] = ()
    drivers: tuple[str, ...] = ()
    plugins: tuple[Any, ...] = ()
    authenticate: "Callable[[Office, Any], Awaitable[Actor | None]] | None" = None
    start: "Callable[[Office], Awaitable[None]] | None" = None
    demo: "Callable[[AsyncSession], Awaitable[None]] | None" = None
    before_open: "Callable[[Settings], None] | None" = None
    before_migration: "Callable[[Settings], None] | None" = None
    commands: tuple[Any, ...] = ()
    metrics: "Callable[[Office], Awaitable[dict[str, float]]] | None" = None
    version: str = ""
    words: Mapping[str, Any] = field(default_factory=dict)  # names that its templates use
    filters: Mapping[str, Callable[..., Any]] = field(default_factory=dict)  # and filters
    verbs: Mapping[str, str] = field(default_factory=dict)  # what the audit calls its deeds: {"leads.opened": N_(...)}
    nouns: Mapping[str, str] = field(default_factory=dict)  # and their objects
    traits: Mapping[str, str] = field(default_factory=dict)  # and what changed in them
