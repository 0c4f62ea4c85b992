"""GET /live: the one stream of a browser.

Spoken straight to the server, without the response classes, and by a task of its own, as waking one costs as much as
it is deep: a thousand open pages are a thousand of these.
"""

import asyncio
from typing import Any

from litestar import asgi
from litestar.connection import ASGIConnection
from litestar.exceptions import MethodNotAllowedException
from litestar.types import HTTPScope, Receive, Send

from app.frame.actor import Actor
from app.frame.auth import signed_in
from app.frame.figures import SSE_CLIENTS
from app.frame.listener import Listener
from app.frame.office import Office

HEADERS = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    (b"cache-control", b"no-store"),
    (b"x-accel-buffering", b"no"),
]


@asgi("/live", guards=[signed_in], copy_scope=False)
async def live_stream(scope: HTTPScope, receive: Receive, send: Send) -> None:
    """Nudges for what this person may see, as server-sent events."""
    if scope["method"] != "GET":
        raise MethodNotAllowedException
    listener = Listener(scope["user"])
    parting = asyncio.create_task(_parting(receive, listener))
    try:
        with SSE_CLIENTS.track_inprogress():
            await asyncio.create_task(_speak(scope, send, listener))
    finally:
        parting.cancel()


async def _speak(scope: HTTPScope, send: Send, listener: Listener) -> None:
    office: Office = scope["litestar_app"].state.office

    async def again() -> Actor | None:
        actor = await office.authenticate(ASGIConnection(scope))
        return None if actor.via == "nobody" else actor

    # a list of its own: who passes it on adds this browser's cookies to it
    await send({"type": "http.response.start", "status": 200, "headers": [*HEADERS]})
    async for chunk in office.live.stream(listener, _seen(scope), again):
        await send({"type": "http.response.body", "body": chunk, "more_body": True})
    await send({"type": "http.response.body", "body": b"", "more_body": False})


def _seen(scope: HTTPScope) -> str:
    """The last name that this browser heard: of this stream before it broke, or of the page that opens it."""
    connection: ASGIConnection[Any, Any, Any, Any] = ASGIConnection(scope)
    return connection.headers.get("last-event-id") or str(connection.query_params.get("after", ""))


async def _parting(receive: Receive, listener: Listener) -> None:
    """Wait for the browser to go."""
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.leave()
