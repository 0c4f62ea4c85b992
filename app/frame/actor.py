"""Who is acting, and what that person may do."""

from datetime import UTC, datetime
from math import ceil
from typing import Literal

import msgspec
from sqlalchemy.ext.asyncio import AsyncSession

Scope = Literal["own", "team", "all"]
ROLES = ("agent", "lead", "manager", "it")
WIDTH: dict[str, int] = {"own": 1, "team": 2, "all": 3}


class Actor(msgspec.Struct, frozen=True, kw_only=True):
    """A person (or the house itself) with the rights in force for this request or job."""

    user_id: int | None = None
    name: str = "Centralita"
    role: str = ""
    team_ids: tuple[int, ...] = ()
    grants: dict[str, str] = {}
    via: str = "system"
    ip: str = ""
    request_id: str = ""
    locale: str = ""
    theme: str = ""
    session_id: int | None = None
    ends_at: datetime | None = None  # the session, for who came in by one
    key_id: int | None = None
    must: str = ""  # what has to be done before anything else: "password" or "2fa"
    single_keys: bool = True
    everything: bool = False

    def scope(self, permission: str) -> str | None:
        """Width of a permission: own, team, all; None when it is not held."""
        return "all" if self.everything else self.grants.get(permission)

    def may(self, permission: str) -> bool:
        return self.scope(permission) is not None

    @property
    def left_s(self) -> int | None:
        """How long the session still lasts, in whole seconds: a page must not call it over while we still know it."""
        return None if self.ends_at is None else max(0, ceil((self.ends_at - datetime.now(UTC)).total_seconds()))

    @property
    def initials(self) -> str:
        words = [w for w in self.name.split() if w[:1].isalnum()]
        return "".join(w[0] for w in words[:2]).upper() or "?"


SYSTEM = Actor(everything=True)
NOBODY = Actor(name="", via="nobody")


def actor_of(db: AsyncSession) -> Actor:
    """The actor of a unit of work; the house itself where nobody was set (jobs, commands)."""
    return db.info.get("actor", SYSTEM)


def act_as(db: AsyncSession, actor: Actor) -> None:
    db.info["actor"] = actor
