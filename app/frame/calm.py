"""After a start somebody waits for the first page: what nobody asked for yet lets it pass."""

import asyncio
import contextlib

CALM_S = 1.0


async def calm(asked: asyncio.Event) -> None:
    """Wait until somebody asks for the work, or for a second."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(CALM_S):  # not wait_for: on 3.11 it can swallow a cancellation
            await asked.wait()
