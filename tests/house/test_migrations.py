"""What the migrations build is what the models say, on both databases."""

import logging
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, create_engine

from app.frame import host
from app.frame.db import Base
from app.frame.migrate import alembic_config, migrate
from app.frame.settings import Settings
from app.modules import BUILTIN


@pytest.fixture
def migrated(dialect, tmp_path, request) -> str:
    """A synchronous address of a database that only the migrations have touched."""
    if dialect == "sqlite":
        migrate(Settings(data=tmp_path, secret="x"))
        return f"sqlite:///{tmp_path / 'centralita.db'}"
    cluster = request.getfixturevalue("postgres")
    name = f"migrations_{tmp_path.name}".replace("-", "_")[:60]
    cluster.create(name)
    migrate(Settings(database_url=cluster.url(name), secret="x"))
    return cluster.url(name, "psycopg")


def differences(connection: Connection) -> list[Any]:
    host.load(BUILTIN)
    logging.getLogger("alembic").setLevel(logging.WARNING)  # else each difference is told twice
    options = {"compare_type": False, "include_object": is_ours}
    return compare_metadata(MigrationContext.configure(connection, opts=options), Base.metadata)


def is_ours(_thing: object, name: str | None, kind: str, reflected: bool, _compared: object) -> bool:
    """Search tables and expression indexes are written by hand in migrations: no model knows them."""
    return not (reflected and kind in ("table", "index") and name not in Base.metadata.tables)


def test_it_works(migrated):
    engine = create_engine(migrated)
    with engine.connect() as connection:
        assert differences(connection) == []
    engine.dispose()


def test_there_is_one_head():
    heads = ScriptDirectory.from_config(alembic_config()).get_heads()
    assert len(heads) == 1, f"exactly one migration must be the newest, not {heads}"
