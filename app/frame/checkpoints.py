"""The write-ahead log goes into the database a moment after a commit, not inside it, where all writers would wait.

SQLite's own checkpoint comes with every thousandth page, within a commit, and waits for the disk. This one runs in a
thread with a connection of its own and makes nobody wait. The writer's own stays as a belt, further away.
"""

import asyncio
import logging
import sqlite3
import threading
from contextlib import closing

AFTER_S = 1.0
BELT_PAGES = 16_000  # 64 MB of log
log = logging.getLogger("centralita.checkpoints")


class Checkpoints:
    """At most one in AFTER_S, and none while nothing is written."""

    def __init__(self, path: str) -> None:
        self._path = path
        self._next: asyncio.TimerHandle | None = None
        self._closed = False

    def wrote(self) -> None:
        """After a commit."""
        if self._next is None and not self._closed:
            self._next = asyncio.get_running_loop().call_later(AFTER_S, self._go)

    def _go(self) -> None:
        self._next = None
        threading.Thread(target=self.run, name="checkpoint", daemon=True).start()

    def run(self) -> None:
        """What readers or the writer still need stays in the log until the next time."""
        try:
            with closing(sqlite3.connect(f"file:{self._path}?mode=rw", uri=True)) as connection:
                connection.execute("PRAGMA wal_checkpoint(PASSIVE)").fetchone()
        except sqlite3.Error:  # the belt remains, and the next commit asks again
            log.warning("a checkpoint failed", exc_info=True)

    def close(self) -> None:
        self._closed = True
        if self._next is not None:
            self._next.cancel()
