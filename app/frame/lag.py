"""How late the event loop wakes up: the figure that says whether pages are stalled by something."""

import asyncio
import time
from collections import deque

from app.frame.figures import LATE

STEP_S = 0.05
KEEP = 1200  # one minute


class LagMeter:
    """The last minute of wake-up delays in milliseconds."""

    def __init__(self) -> None:
        self.samples: deque[float] = deque(maxlen=KEEP)

    async def keep(self) -> None:
        while True:
            before = time.perf_counter()
            await asyncio.sleep(STEP_S)
            late_s = max(0.0, time.perf_counter() - before - STEP_S)
            LATE.observe(late_s)
            self.samples.append(late_s * 1000)

    def figures(self) -> dict[str, float]:
        """{"p50_ms", "p99_ms", "max_ms"} of the last minute; empty before the first sample."""
        if not self.samples:
            return {}
        ordered = sorted(self.samples)
        at = lambda share: ordered[min(len(ordered) - 1, int(share * len(ordered)))]  # noqa: E731
        return {"p50_ms": at(0.5), "p99_ms": at(0.99), "max_ms": ordered[-1]}
