"""An office's database, new for every test: a copied file on SQLite, a copied template on PostgreSQL.

A test that asks for `world` gets a copy in which those people are already: they need not move in two thousand times.
"""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from litestar_queues.backends.advanced_alchemy.models import QueueTaskModel

from app.frame import host
from app.frame.db import Base, Database
from app.frame.migrate import head, migrate
from app.frame.settings import Settings
from app.main import make_office
from app.modules import BUILTIN
from tests.beds.cluster import Cluster, find_programs
from tests.world import make_world

TEMPLATE, INHABITED = "centralita_template", "centralita_inhabited"
SECRET = "a secret of the tests, long enough for every use"


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty database file. Copy it, never open it."""
    folder = tmp_path_factory.mktemp("template")
    settings = Settings(data=folder, secret="template")
    _furnish(settings)
    return settings.database_file


@pytest.fixture(scope="session")
def postgres() -> Iterator[Cluster]:
    """A PostgreSQL server of our own on a free port; nothing it writes outlives the tests."""
    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed here (sudo apt-get install postgresql)")
    with Cluster.start(programs) as cluster:
        yield cluster


@pytest.fixture(scope="session")
def postgres_template(postgres: Cluster) -> Cluster:
    """The server with a migrated, empty database to copy."""
    postgres.create(TEMPLATE)
    _furnish(Settings(database_url=postgres.url(TEMPLATE), secret="template"))
    return postgres


@pytest.fixture(scope="session")
def sqlite_inhabited(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same with tests.world in it."""
    url = _copied_file(sqlite_template, tmp_path_factory.mktemp("inhabited"))
    return _inhabit(Settings(database_url=url, secret=SECRET)).database_file


@pytest.fixture(scope="session")
def postgres_inhabited(postgres_template: Cluster) -> Cluster:
    postgres_template.run(f'CREATE DATABASE "{INHABITED}" TEMPLATE "{TEMPLATE}"')
    _inhabit(Settings(database_url=postgres_template.url(INHABITED), secret=SECRET))
    return postgres_template


@pytest.fixture
def database_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """The address of an office's database, empty or with the world in it; runs the test once for each dialect."""
    kind = "inhabited" if "world" in request.fixturenames else "template"
    if dialect == "sqlite":
        yield _copied_file(request.getfixturevalue(f"sqlite_{kind}"), tmp_path / "data")
        return
    cluster: Cluster = request.getfixturevalue(f"postgres_{kind}")
    name = cluster.copy(INHABITED if kind == "inhabited" else TEMPLATE)
    yield cluster.url(name)
    cluster.drop(name)


def _furnish(settings: Settings) -> None:
    """Every migration, then the tables that have none yet.

    The second half lets a module be written test first; tests/house/test_migrations.py fails until its migration
    is there too.
    """
    host.load(BUILTIN)
    if head():
        migrate(settings)
    asyncio.run(_create_missing(settings))


def _inhabit(settings: Settings) -> Settings:
    asyncio.run(_move_in(settings))
    return settings


async def _move_in(settings: Settings) -> None:
    office = make_office(settings)
    await make_world(office)
    for part in (office.child, office.database):
        await part.close()


async def _create_missing(settings: Settings) -> None:
    database = Database(settings.database)
    async with database.write_engine.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
        if database.dialect == "postgresql":  # on SQLite the queue has a file of its own
            await connection.run_sync(QueueTaskModel.metadata.create_all)
    await database.close()


def _copied_file(template: Path, data: Path) -> str:
    data.mkdir(exist_ok=True)
    file = data / "centralita.db"
    shutil.copyfile(template, file)
    return f"sqlite+aiosqlite:///{file}"
