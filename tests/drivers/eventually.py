"""What happens on the other side of a socket has no event of ours: looked at until it is so."""

import asyncio
import gc
import os
import threading
from collections.abc import Callable

Held = tuple[int, int, int]


async def eventually(so: Callable[[], object], seconds: float = 5.0) -> None:
    """Fails when it is not so in time."""
    for _look in range(int(seconds / 0.005)):
        if so():
            return
        await asyncio.sleep(0.005)
    raise AssertionError("it never became so")


def held() -> Held:
    """Open files, threads, tasks."""
    gc.collect()
    return len(os.listdir("/proc/self/fd")), threading.active_count(), len(asyncio.all_tasks())


async def settles(before: Held) -> None:
    """All that was taken since is given back, once the peer's side of each connection has ended too."""
    for _look in range(100):
        if all(now <= then for now, then in zip(held(), before, strict=True)):
            return
        await asyncio.sleep(0.02)
    raise AssertionError(f"files, threads, tasks: {before} before, {held()} after")
