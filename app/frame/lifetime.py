"""From the first breath to the last: what starts with the process and what must end with it."""

import asyncio
import contextlib
import signal
import threading
from collections.abc import AsyncIterator
from typing import Any

from litestar import Litestar

from app.frame.i18n import N_
from app.frame.office import Office


@contextlib.asynccontextmanager
async def lifetime(app: Litestar) -> AsyncIterator[None]:
    """Lifespan of the web process."""
    async with running(app.state.office, live=True):
        yield


@contextlib.asynccontextmanager
async def running(office: Office, *, live: bool = False) -> AsyncIterator[None]:
    """The office with its background tasks; also what `centralita worker` runs. However it ends, all is closed."""
    async with contextlib.AsyncExitStack() as ending:
        for part in (office.database, office.child, office.queue):  # the last is closed first
            ending.push_async_callback(part.close)
        await office.reload()
        await office.queue.open(office)
        async with _at_work(office, live=live):
            yield


@contextlib.asynccontextmanager
async def _at_work(office: Office, *, live: bool) -> AsyncIterator[None]:
    async with office.live.on_air(), office.supervisor:
        office.supervisor.keep("cola", office.queue.work, title=N_("Cola de trabajos"))
        if live:
            office.supervisor.keep("avisos", office.live.keep, title=N_("Avisos en vivo"))
            office.supervisor.keep("latido", office.lag.keep, title=N_("Medidor de demora"))
        for module in office.modules.values():
            if module.start:
                await module.start(office)
        with _ending_streams(office):
            yield
        office.live.end_all()


@contextlib.contextmanager
def _ending_streams(office: Office) -> Any:
    """Open streams hang the server's shutdown (its hook runs only after they close): chain its signal handler."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    loop = asyncio.get_running_loop()
    before = {sign: signal.getsignal(sign) for sign in (signal.SIGTERM, signal.SIGINT)}

    def end(sign: int, frame: Any) -> None:
        loop.call_soon_threadsafe(office.live.end_all)
        earlier = before[signal.Signals(sign)]
        if callable(earlier):
            earlier(sign, frame)

    for sign in before:
        signal.signal(sign, end)
    try:
        yield
    finally:
        for sign, handler in before.items():
            signal.signal(sign, handler)
