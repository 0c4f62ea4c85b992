"""An office in this process: settings, the application, and a client that speaks to it without a socket."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager
from pathlib import Path
from typing import Any

import httpx
import pytest
from jinja2 import BytecodeCache
from jinja2.bccache import Bucket
from litestar import Litestar
from litestar.types import ASGIApp

from app.frame import logs
from app.frame.db import Database
from app.frame.office import Office
from app.frame.settings import Settings
from app.main import make_office, make_routes, move_in
from tests.beds.children import HandedOn
from tests.beds.databases import SECRET

ADDRESS = "http://office.test"


class Compiled(BytecodeCache):
    """Templates that an office of this run compiled already: the next one need not."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        if bucket.key in self.kept:
            bucket.bytecode_from_string(self.kept[bucket.key])

    def dump_bytecode(self, bucket: Bucket) -> None:
        self.kept[bucket.key] = bucket.bytecode_to_string()


COMPILED = Compiled()


@pytest.fixture
def settings(tmp_path: Path, database_url: str) -> Settings:
    """Settings of an empty office in a folder of the test's own, on either database."""
    data = tmp_path / "data"
    data.mkdir(exist_ok=True)
    return Settings(data=data, database_url=database_url, secret=SECRET, base_url=ADDRESS, log_level="WARNING")


@pytest.fixture
async def database(settings: Settings) -> AsyncIterator[Database]:
    """The migrated database alone, for what needs no application."""
    database = Database(settings.database)
    yield database
    await database.close()


@pytest.fixture(scope="session")
def furnish() -> Callable[[Settings], Litestar]:
    """An application for these settings. Routes are the same for every office: they are registered once a run."""
    apps: dict[str, tuple[Litestar, ASGIApp]] = {}

    def make(settings: Settings) -> Litestar:
        office = make_office(settings)
        office.templates.bytecode_cache = COMPILED
        office.child = HandedOn(gate=office.database.gate)
        if settings.base_url not in apps:
            app = make_routes(office)
            apps[settings.base_url] = app, app.asgi_handler
        app, routes = apps[settings.base_url]
        move_in(app, routes, office)
        return app

    return make


@pytest.fixture
def app(settings: Settings, furnish: Callable[[Settings], Litestar]) -> Litestar:
    """The application, not started."""
    logs.configure(settings.log_level)
    return furnish(settings)


@pytest.fixture
async def office(app: Litestar) -> AsyncIterator[Office]:
    """The running office: queue, supervisor and live channel included."""
    async with in_own_task(app.lifespan()):
        yield app.state.office


@pytest.fixture
async def client(app: Litestar, office: Office) -> AsyncIterator["Client"]:
    """A person's browser without a browser: keeps cookies, sends the CSRF token, follows no redirect."""
    async with Client(app) as client:
        yield client


class Client(httpx.AsyncClient):
    """An httpx client inside the process. Streams (`/live`) need a `live_server` instead: here answers are whole."""

    def __init__(self, app: Litestar, **options: Any) -> None:
        transport = httpx.ASGITransport(app=app)  # type: ignore[arg-type]
        super().__init__(transport=transport, base_url=ADDRESS, event_hooks={"request": [self._csrf]}, **options)

    async def _csrf(self, request: httpx.Request) -> None:
        if request.method in ("GET", "HEAD", "OPTIONS") or "x-csrftoken" in request.headers:
            return
        token = self.cookies.get("centralita_csrf")
        if token:
            request.headers["x-csrftoken"] = token

    async def partial(self, url: str, **options: Any) -> httpx.Response:
        """GET as htmx does for a fragment."""
        return await self.get(url, headers={"HX-Request": "true", "HX-Request-Type": "partial"}, **options)


@contextlib.asynccontextmanager
async def in_own_task(context: AbstractAsyncContextManager[Any]) -> AsyncIterator[Any]:
    """Enter and leave `context` in one task of its own: task groups insist on it, and fixtures cannot promise it."""
    entered: asyncio.Future[Any] = asyncio.get_running_loop().create_future()
    leave = asyncio.Event()
    task = asyncio.create_task(_hold(context, entered, leave))
    try:
        yield await entered
    finally:
        leave.set()
        await task


async def _hold(context: AbstractAsyncContextManager[Any], entered: asyncio.Future[Any], leave: asyncio.Event) -> None:
    try:
        async with context as value:
            entered.set_result(value)
            await leave.wait()
    except BaseException as error:
        if entered.done():
            raise
        entered.set_exception(error)
