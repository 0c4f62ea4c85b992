"""The composition root."""

from collections.abc import AsyncGenerator
from typing import Any

from litestar import Litestar, Request, Router
from litestar.channels import ChannelsPlugin
from litestar.channels.backends.base import ChannelsBackend
from litestar.channels.backends.memory import MemoryChannelsBackend
from litestar.di import Provide
from litestar.plugins.htmx import HTMXPlugin
from litestar.types import ASGIApp
from sqlalchemy.ext.asyncio import AsyncSession

from app import __version__
from app.frame import audit, bus, errors, host, lean, logs
from app.frame.child import Child
from app.frame.csrf import csrf_config
from app.frame.db import Database
from app.frame.door import Door
from app.frame.hooks import hook_routes
from app.frame.jobs import Queue
from app.frame.lifetime import lifetime
from app.frame.live import CHANNEL, Hub
from app.frame.office import Office
from app.frame.openapi import openapi_config, openapi_document, openapi_page
from app.frame.settings import Settings, read_settings
from app.frame.streams import live_stream
from app.frame.supervisor import Supervisor
from app.frame.templates import compiled_before, make_environment
from app.frame.vault import Vault
from app.frame.web import static_routes
from app.modules import BUILTIN

BODY_MAX = 10 * 1024 * 1024


async def provide_db(request: Request[Any, Any, Any]) -> AsyncGenerator[AsyncSession, None]:
    """The request's unit of work: reads for GET, writes otherwise; commits before the response starts."""
    office: Office = request.app.state.office
    async with office.database.unit(
        write=request.method not in ("GET", "HEAD", "OPTIONS"), actor=request.scope["user"]
    ) as db:
        yield db


async def provide_office(request: Request[Any, Any, Any]) -> Office:
    return request.app.state.office


def make_office(settings: Settings, builtin: tuple[str, ...] = BUILTIN) -> Office:
    """The office without HTTP: commands and workers use it as it is."""
    bus.forget_all()
    modules, skipped = host.load(builtin)
    for module in modules.values():
        for kind, handler in module.on.items():
            bus.listen(kind, handler)
    database = Database(settings.database)
    jobs = {name: job for m in modules.values() for name, job in m.jobs.items()}
    queue = Queue(settings, jobs, tuple(e for m in modules.values() for e in m.schedules))
    office = Office(
        settings=settings,
        database=database,
        modules=modules,
        skipped=skipped,
        templates=make_environment(modules.values()),
        vault=Vault(settings.secret),
        queue=queue,
        child=Child(gate=database.gate),
        supervisor=Supervisor(),
        version=__version__,
    )
    office.live = Hub(_channels(settings), office.look)
    office.supervisor.listen(lambda _told: office.live.publish("devices"))
    database.before_commit.append(audit.write_chain)
    database.after_commit += [office.live.publish_session, queue.put_session]
    return office


def _channels(settings: Settings) -> ChannelsPlugin:
    return ChannelsPlugin(
        backend=_backend(settings.channels_url),
        channels=[CHANNEL],
        subscriber_max_backlog=1000,
        subscriber_backlog_strategy="dropleft",
    )


def _backend(url: str) -> ChannelsBackend:
    if url.startswith("postgresql"):
        from litestar.channels.backends.asyncpg import AsyncPgChannelsBackend

        return AsyncPgChannelsBackend(url.replace("+asyncpg", ""))
    if url.startswith("redis"):
        from litestar.channels.backends.redis import RedisChannelsPubSubBackend
        from redis.asyncio import Redis

        return RedisChannelsPubSubBackend(redis=Redis.from_url(url))
    return MemoryChannelsBackend(history=0)


class OnlyRouter(Router):
    """The routes of the only application of a process. Litestar copies a router with all that hangs from it, so that
    another application may have them too."""

    def __deepcopy__(self, _memo: dict[int, Any]) -> "OnlyRouter":
        return self


def create_app(settings: Settings | None = None, builtin: tuple[str, ...] = BUILTIN, *, only: bool = False) -> Litestar:
    """The web application; `only` when this process makes no other. `app.state.office` is the running office."""
    settings = settings or read_settings()
    logs.configure(settings.log_level)
    office = make_office(settings, builtin)
    office.templates.bytecode_cache = compiled_before(settings.data)
    app = make_routes(office, kind=OnlyRouter if only else Router)
    move_in(app, app.asgi_handler, office)
    return app


def make_routes(office: Office, kind: type[Router] = Router) -> Litestar:
    """Every route there is, as yet without anybody inside: they find their office in `app.state`."""
    with lean.absent("pydantic", "attrs", "attr"):  # Litestar makes plugins for whatever it finds installed
        return Litestar(
            route_handlers=[
                # one router, so that two controllers may share a path
                kind("/", route_handlers=[r for m in office.modules.values() for r in m.routes]),
                live_stream,
                openapi_document,
                openapi_page,
                *hook_routes,
                *static_routes,
            ],
            plugins=[HTMXPlugin(), *(p for m in office.modules.values() for p in m.plugins)],
            dependencies={"db": Provide(provide_db), "office": Provide(provide_office)},
            exception_handlers=errors.HANDLERS,
            after_exception=[errors.audit_refusal],
            csrf_config=csrf_config(office.settings),
            lifespan=[lifetime],
            openapi_config=openapi_config(office.settings),
            request_max_body_size=BODY_MAX,
            debug=False,
            logging_config=None,
        )


def move_in(app: Litestar, routes: ASGIApp, office: Office) -> None:
    """Put the office behind these routes, and the door before them."""
    app.state.office = office
    app.asgi_handler = Door(routes, office)
