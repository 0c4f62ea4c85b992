"""Reading ahead: while one chunk is written, the next is read and understood.

SQLite leaves Python alone for most of the time in which it writes, so a thread can use it.
"""

import contextvars
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from queue import SimpleQueue
from typing import Generic, TypeVar

T = TypeVar("T")
AHEAD = 2  # finished chunks that may wait
TURN_S = 0.0002  # who writes comes back from SQLite every millisecond, and must not wait five for Python's lock


class _End(Generic[T]):
    """How the reading ended: well, or with an error for who reads ahead."""

    def __init__(self, error: BaseException | None = None) -> None:
        self.error = error


class _Reader(Generic[T]):
    def __init__(self, items: Iterator[T], most: int) -> None:
        self.items = items
        self.made: SimpleQueue[T | _End[T]] = SimpleQueue()
        self.room = threading.Semaphore(most)
        self.stopped = False

    def read(self) -> None:
        try:
            for item in self.items:
                self.room.acquire()
                if self.stopped:
                    break
                self.made.put(item)
        except BaseException as error:  # it belongs to who waits for the next item
            self.made.put(_End(error))
        else:
            self.made.put(_End())

    def stop(self) -> None:
        self.stopped = True
        self.room.release()

    def taken(self) -> Iterator[T]:
        while not isinstance(item := self.made.get(), _End):
            yield item
            self.room.release()
        if item.error:
            raise item.error


@contextmanager
def ahead(items: Iterator[T], most: int = AHEAD) -> Iterator[Iterator[T]]:
    """The same items in the same order, made in a thread of their own, which ends with the block."""
    reader = _Reader(items, most)
    context = contextvars.copy_context()  # sentences are in the language of who asked
    thread = threading.Thread(target=context.run, args=(reader.read,), daemon=True)
    usual_s = sys.getswitchinterval()
    sys.setswitchinterval(TURN_S)
    thread.start()
    try:
        yield reader.taken()
    finally:
        reader.stop()
        thread.join()
        sys.setswitchinterval(usual_s)
