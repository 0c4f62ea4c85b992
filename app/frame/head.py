"""HEAD: what GET would answer, headers alone. Here once, so that no route can forget it or guard it otherwise."""

import asyncio
from typing import Any

from litestar.types import Message, Receive, ReceiveMessage, Send


def asked_as_get(scope: Any, receive: Receive, send: Send) -> tuple[Any, Receive, Send]:
    """The same question as a GET whose body goes nowhere. The asker leaves with the headers, which ends streams."""
    answered = asyncio.Event()
    asked = False

    async def listen() -> ReceiveMessage:
        nonlocal asked
        if not asked:
            asked = True
            return await receive()
        await answered.wait()
        return {"type": "http.disconnect"}

    async def say(message: Message) -> None:
        if message["type"] == "http.response.start":
            await send(message)
            await send({"type": "http.response.body", "body": b"", "more_body": False})
            answered.set()

    return scope | {"method": "GET"}, listen, say
