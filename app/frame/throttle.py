"""A sliding window per key, in memory: enough for one box, exact, and it forgets by itself."""

import math
import time
from collections import OrderedDict, deque
from collections.abc import Callable

KEYS = 20_000


class Throttle:
    """At most `limit` hits per `per_s` seconds and key."""

    def __init__(self, limit: int, per_s: float, clock: Callable[[], float] = time.monotonic) -> None:
        self.limit = limit
        self.per_s = per_s
        self.clock = clock
        self._hits: OrderedDict[str, deque[float]] = OrderedDict()

    def hit(self, key: str) -> int:
        """Count a hit. Returns 0 when it is within the limit, else the whole seconds to wait."""
        now = self.clock()
        hits = self._hits.setdefault(key, deque())
        self._hits.move_to_end(key)
        while hits and hits[0] <= now - self.per_s:
            hits.popleft()
        if len(hits) >= self.limit:
            return max(1, math.ceil(hits[0] + self.per_s - now))
        hits.append(now)
        if len(self._hits) > KEYS:
            self._hits.popitem(last=False)
        return 0

    def forgive(self, key: str) -> None:
        """Take the latest hit back: it turned out to be a good one."""
        if hits := self._hits.get(key):
            hits.pop()

    def clear(self, key: str) -> None:
        self._hits.pop(key, None)
