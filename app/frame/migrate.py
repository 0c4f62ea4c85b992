"""Brings the database to the newest shape. Alembic is loaded only where there is something to migrate."""

import asyncio
import re
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from app.frame.db import postgres_url
from app.frame.settings import Settings

if TYPE_CHECKING:
    from alembic.config import Config

FOLDER = Path(__file__).parents[2] / "migrations"


STEP = re.compile(r"^(revision|down_revision) = (?:None|['\"](\w+)['\"])$", re.M)


def alembic_config(connection: Connection | None = None) -> "Config":
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(FOLDER))
    config.attributes["connection"] = connection
    return config


@cache
def steps() -> dict[str, str]:
    """Each revision in the code and the one before it; empty for the first."""
    said = (dict(STEP.findall(path.read_text(encoding="utf-8"))) for path in sorted(FOLDER.glob("versions/*.py")))
    return {found["revision"]: found["down_revision"] for found in said}


def head() -> str | None:
    """The newest revision in the code: the one that none comes after."""
    last = steps().keys() - set(steps().values())
    return last.pop() if len(last) == 1 else None


def knows(revision: str) -> bool:
    """Whether this code can bring a database of that revision up to date; an empty one it can."""
    return not revision or revision in steps()


async def _on_connection(settings: Settings, work: Callable[[Connection], Any]) -> Any:
    url = settings.database if settings.is_sqlite else postgres_url(settings.database)
    engine = create_async_engine(url, poolclass=NullPool)
    try:
        async with engine.begin() as connection:
            return await connection.run_sync(work)
    finally:
        await engine.dispose()


def current(settings: Settings) -> str | None:
    """The revision the database is at; None when it is empty."""

    def look(connection: Connection) -> str | None:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()

    return asyncio.run(_on_connection(settings, look))


def migrate(settings: Settings, target: str = "head") -> None:
    """Upgrade the database; does nothing when it is up to date."""

    from alembic import command

    def upgrade(connection: Connection) -> None:
        command.upgrade(alembic_config(connection), target)

    asyncio.run(_on_connection(settings, upgrade))
