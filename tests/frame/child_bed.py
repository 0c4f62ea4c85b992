"""What the tests of the kept child share."""

import asyncio
import os

ERRANDS = "tests.frame.child_errands:"


class Heard:
    """A progress callback that remembers, and lets a test wait for the first word."""

    def __init__(self) -> None:
        self.data: list[dict] = []
        self.first = asyncio.Event()

    async def __call__(self, data: dict) -> None:
        self.data.append(data)
        self.first.set()


def is_running(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


async def until_gone(pid: int) -> None:
    async with asyncio.timeout(5):
        while is_running(pid):  # noqa: ASYNC110 - another process has no event of ours
            await asyncio.sleep(0.01)
